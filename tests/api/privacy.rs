//! What a picture's file says beside its pixels stays with its owner; and so does what the log could tell.

use dto::image::Outcome;
use image::RgbImage;
use pupil_tests::{
    Database, File, Home, Person, Server,
    client::send,
    pictures::{self, Motif, difference},
};
use reqwest::{Method, StatusCode};
use std::fs;

both_databases![metadata_comes_back_in_the_original_alone];

/// Where the picture was taken, by whom, and two more places where such things stand.
const SECRETS: [&str; 3] = ["GPS-52.5200N-13.4050E", "Xmp-By-Ann-Nymous", "Comment-From-The-Camera"];

async fn metadata_comes_back_in_the_original_alone(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let picture = Motif::Circles.draw(3);
    let files: Vec<File> = with_notes(&picture);
    let images = ann.upload(&files, Some("a")).await;
    ann.upload(&Motif::Stripes.files(3), Some("b")).await;
    let model = ann.train().await.id;
    for (file, image) in files.iter().zip(&images) {
        let original = ann.api.image_file(image.id).await.bytes().await.expect("a file");
        assert_eq!(original, file.bytes, "{}", file.name);
        assert!(!found(&original).is_empty(), "{}", file.name);
        let thumbnail = ann.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
        let heat_map = ann.api.heat_map(model, image.id, "").await.expect("a model");
        let heat_map_of_file = ann.api.heat_map_of(model, file.clone()).await.expect("a model");
        for bytes in [&thumbnail[..], &heat_map, &heat_map_of_file] {
            assert_eq!(found(bytes), [""; 0], "{}", file.name);
        }
        for kind in ["file", "thumbnail"] {
            let others = send(bob.api.request(Method::GET, &format!("/images/{}/{kind}", image.id))).await;
            assert_eq!(others.status(), StatusCode::NOT_FOUND, "{kind}");
        }
    }
    let paths = [
        format!("/projects/{}/images", ann.project),
        format!("/models/{model}"),
        format!("/models/{model}/card"),
        format!("/models/{model}/results"),
        format!("/models/{model}/evaluation"),
    ];
    for path in paths {
        let answer = send(ann.api.request(Method::GET, &path)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(found(&answer.bytes().await.expect("a body")), [""; 0], "{path}");
    }
    let predictions = ann.api.predict(model, &files).await.expect("a model");
    let predictions = serde_json::to_vec(&predictions).expect("it came as JSON");
    assert_eq!(found(&predictions), [""; 0]);
}

#[tokio::test]
async fn metadata_is_taken_out_where_the_operator_wants_it() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_STRIP_METADATA", "true");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    // Orientation 6: lying on its side.
    let picture = Motif::Stripes.draw(4);
    let picture = image::imageops::resize(&picture, 96, 48, image::imageops::FilterType::Nearest);
    for file in with_notes(&picture) {
        let image = ann.upload(std::slice::from_ref(&file), None).await.remove(0);
        let kept = ann.api.image_file(image.id).await.bytes().await.expect("a file");
        assert_eq!(found(&kept), [""; 0], "{}", file.name);
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect("a picture").into_rgb8();
        assert_eq!(difference(&pixels(&kept), &pixels(&file.bytes)), 0.0, "{}", file.name);
        assert_eq!((image.width, image.height), (48, 96), "{} lies on its side", file.name);
        let thumbnail = ann.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
        assert_eq!(pixels(&thumbnail).dimensions(), (48, 96), "{}", file.name);
        assert_eq!(image.bytes as usize, kept.len());
        // The same photo once more is the same picture.
        let again = ann.api.upload(ann.project, &[file], None).await.expect("in order");
        assert_eq!((again.items[0].outcome, again.items[0].metadata_kept), (Outcome::Duplicate, false));
    }
    // What can't be taken out is said.
    let formats = [("a.tif", image::ImageFormat::Tiff, true), ("a.bmp", image::ImageFormat::Bmp, false)];
    for (name, format, metadata_kept) in formats {
        let file = File::new(name, pictures::written(&picture, format));
        let upload = ann.api.upload(ann.project, &[file], None).await.expect("in order");
        assert_eq!(
            (upload.items[0].outcome, upload.items[0].metadata_kept),
            (Outcome::Stored, metadata_kept),
            "{name}"
        );
    }
    // Nowhere else either: not in a thumbnail, not under another key.
    for path in files_below(home.data_folder()) {
        assert_eq!(found(&fs::read(&path).expect("one's own folder")), [""; 0], "{}", path.display());
    }
}

/// A tour of everything that holds something private, at the level that a server has by default and at `info`.
#[tokio::test]
async fn the_log_holds_no_secrets_and_no_names() {
    for level in [None, Some("info")] {
        let home = Home::new(Database::Sqlite).await.with("PUPIL_SECRET", "the-signing-secret-of-this-very-server");
        let home = match level {
            Some(level) => home.with("PUPIL_LOG", level),
            None => home,
        };
        let server = Server::start(&home);
        let ann = Person::named(&server, "ann-of-the-log").await;
        let files: Vec<File> = (0..3)
            .map(|seed| File::new(format!("private-name-{seed}.jpg"), pictures::jpeg(&Motif::Circles.draw(seed))))
            .chain([File::new("private-name-broken.jpg", "no picture")])
            .collect();
        ann.api.upload(ann.project, &files, Some("private-label")).await.expect("in order");
        ann.upload_motif(Motif::Stripes, 3).await;
        let model = ann.train().await.id;
        ann.api.predict(model, &files).await.expect("a model");
        let page = server.client().with_cookies();
        page.log_in("ann-of-the-log", &ann.password).await.expect("her password");
        assert!(page.log_in("ann-of-the-log", "a-wrong-password").await.is_err());
        let forged = server.client().with_token("forged.token.of-nobody");
        assert!(forged.me().await.is_err());
        let search =
            send(ann.api.request(Method::GET, &format!("/projects/{}/images?q=private-name", ann.project))).await;
        assert_eq!(search.status(), StatusCode::OK);
        let refused = format!("/projects/{}/images?limit=0&q=private-name", ann.project);
        let refused = send(ann.api.request(Method::GET, &refused)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        ann.api.change_password(&ann.password, "another-long-passphrase").await.expect("her password");
        ann.api.log_out().await.expect("logged in");
        let log = server.log();
        assert!(log.contains("Pupil is listening"));
        let private = [
            ann.password.as_str(),
            ann.token.as_str(),
            ann.token.rsplit('.').next().expect("a JWT has parts"),
            "a-wrong-password",
            "another-long-passphrase",
            "the-signing-secret",
            "forged.token",
            "private-name",
            "private-label",
        ];
        for secret in private {
            assert!(!log.contains(secret), "{level:?}: the log holds {secret}");
        }
        drop(server);
    }
}

/// The same picture in three formats, lying on its side, with notes where each format has them.
fn with_notes(picture: &RgbImage) -> Vec<File> {
    let [gps, xmp, comment] = SECRETS;
    let mut jpeg = pictures::jpeg(picture);
    let segment = |marker: u8, contents: &[u8]| {
        let length = u16::try_from(contents.len() + 2).expect("short").to_be_bytes();
        [&[0xff, marker][..], &length, contents].concat()
    };
    let notes = [
        segment(0xe1, &[b"Exif\0\0", &exif(gps)[..]].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat()),
        segment(0xfe, comment.as_bytes()),
    ];
    jpeg.splice(2..2, notes.concat());
    // As phones append films.
    jpeg.extend(gps.as_bytes());

    let chunk = |kind: &[u8], contents: &[u8]| {
        let named = [kind, contents].concat();
        let length = u32::try_from(contents.len()).expect("short").to_be_bytes();
        [&length[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
    };
    let mut png = pictures::png(picture);
    let notes = [
        chunk(b"eXIf", &exif(gps)),
        chunk(b"tEXt", format!("Author\0{xmp}").as_bytes()),
        chunk(b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{xmp}").as_bytes()),
    ];
    // After the signature and the header.
    png.splice(33..33, notes.concat());

    let mut webp = pictures::webp(picture);
    let simple = webp.split_off(12);
    let chunk = |kind: &[u8], contents: &[u8]| {
        let length = u32::try_from(contents.len()).expect("short").to_le_bytes();
        let padding: &[u8] = if contents.len().is_multiple_of(2) { &[] } else { &[0] };
        [kind, &length, contents, padding].concat()
    };
    let side = |pixels: u32| (pixels - 1).to_le_bytes();
    // EXIF and XMP are there.
    let extended = [&[0b1100, 0, 0, 0][..], &side(picture.width())[..3], &side(picture.height())[..3]].concat();
    webp.extend(
        [chunk(b"VP8X", &extended), simple, chunk(b"EXIF", &exif(gps)), chunk(b"XMP ", xmp.as_bytes())].concat(),
    );
    let length = u32::try_from(webp.len() - 8).expect("short").to_le_bytes();
    webp[4..8].copy_from_slice(&length);
    vec![File::new("noted.jpg", jpeg), File::new("noted.png", png), File::new("noted.webp", webp)]
}

/// EXIF that says: turn it by a quarter; described as `text`; taken at a place.
fn exif(text: &str) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    // Two directories: at 8 with three entries, at 50 with one; the text behind them, at 68.
    let text = format!("{text}\0");
    let first = [entry(0x010e, 2, text.len() as u32, 68), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, 50)];
    let place = entry(0x0001, 2, 2, u32::from(b'N'));
    let end = [0; 4];
    [&b"II\x2a\0\x08\0\0\0\x03\0"[..], &first.concat(), &end, &[1, 0], &place, &end, text.as_bytes()].concat()
}

/// The secrets in some bytes.
fn found(bytes: &[u8]) -> Vec<&'static str> {
    let is_in = |secret: &&str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    SECRETS.into_iter().filter(is_in).collect()
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("one's own folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
