//! Odd files from real life (the folder `odd` of the test photos): each is stored or rejected with a reason, never
//! more, and training goes on with those that were stored.

use dto::{ErrorCode, ImageId, image::Outcome};
use image::RgbImage;
use pupil_tests::{
    Person, Server,
    client::check,
    data,
    pictures::{Motif, difference},
};

both_databases![odd_files_are_stored_or_rejected_with_a_reason];

/// Every file of the folder, and why it is rejected; `None` are stored.
const FILES: &[(&str, Option<ErrorCode>)] = &[
    ("cmyk.jpg", None),
    ("gray.jpg", None),
    ("bad_exif.jpg", None),
    ("junk_header.jpg", None),
    ("mpo.jpg", None),
    ("truncated_small.jpg", Some(ErrorCode::ImageDamaged)),
    ("truncated.png", Some(ErrorCode::ImageDamaged)),
    ("broken_stream.png", Some(ErrorCode::ImageDamaged)),
    ("animated.gif", None),
    ("single.webp", None),
    ("alpha.png", None),
    ("palette.gif", None),
    ("plain.bmp", None),
    ("plain.tif", None),
    ("photo.avif", Some(ErrorCode::UnsupportedFormat)),
    ("gif_bomb.gif", Some(ErrorCode::ImageDamaged)),
    ("png_text_bomb.png", None),
    ("png16_gray.png", None),
    ("png_palette.png", None),
    ("png_1bit.png", None),
    ("iphone_like.heic", Some(ErrorCode::UnsupportedFormat)),
    ("exif_landscape_1.jpg", None),
    ("exif_landscape_3.jpg", None),
    ("exif_landscape_6.jpg", None),
    ("exif_landscape_8.jpg", None),
    ("jpeg_12bit.jpg", Some(ErrorCode::UnsupportedFormat)),
    ("progressive.jpg", None),
    ("empty.jpg", Some(ErrorCode::FileEmpty)),
    ("text_renamed.jpg", Some(ErrorCode::NotAnImage)),
    ("html_renamed.jpg", Some(ErrorCode::NotAnImage)),
    ("script.svg", Some(ErrorCode::UnsupportedFormat)),
    ("jpeg_html_polyglot.jpg", None),
    ("zip_slip.zip", Some(ErrorCode::NotAnImage)),
    ("png_renamed.jpg", None),
    ("truncated_half.jpg", Some(ErrorCode::ImageDamaged)),
    ("bomb_30000x30000_1bit.png", Some(ErrorCode::TooManyPixels)),
    ("tiny_1x1.png", None),
    ("thin_4000x2.jpg", None),
    ("ünïcödé 名前 🐱.jpg", None),
    ("dup_a.jpg", None),
    ("dup_b.jpg", None),
];

async fn odd_files_are_stored_or_rejected_with_a_reason(server: &Server) {
    let Some(folder) = data::folder("odd") else { return };
    let ann = Person::new(server).await;
    let files: Vec<_> = data::files_in(&folder).iter().map(|path| data::read(path)).collect();
    let upload = ann.api.upload(ann.project, &files, Some("odd")).await.expect("each file is answered");
    for item in &upload.items {
        match &item.problem {
            Some(problem) => check(problem),
            None => assert_ne!(item.outcome, Outcome::Rejected, "{item:?}"),
        }
        let Some((_, expected)) = FILES.iter().find(|(name, _)| *name == item.file_name) else { continue };
        assert_eq!(item.problem.as_ref().map(|problem| problem.code), *expected, "{item:?}");
    }
    let named = |name: &str| upload.items.iter().find(|item| item.file_name == name);
    for (name, _) in FILES {
        assert!(named(name).is_some(), "{name}");
    }
    let reason = |name| named(name).and_then(|item| item.problem.as_ref()).map_or("", |problem| &problem.detail);
    assert!(reason("iphone_like.heic").contains("Most Compatible"), "{}", reason("iphone_like.heic"));
    assert!(reason("jpeg_12bit.jpg").contains("12-bit"), "{}", reason("jpeg_12bit.jpg"));

    for item in &upload.items {
        if let Some(image) = &item.image {
            assert!(!thumbnail(&ann, image.id).await.is_empty(), "{item:?}");
        }
    }
    let mut upright = Vec::new();
    for name in ["exif_landscape_1.jpg", "exif_landscape_3.jpg", "exif_landscape_6.jpg", "exif_landscape_8.jpg"] {
        let image = named(name).and_then(|item| item.image.as_ref()).expect("it was stored");
        upright.push(thumbnail(&ann, image.id).await);
    }
    for turned in &upright[1..] {
        assert_eq!(turned.dimensions(), upright[0].dimensions());
        let apart = difference(&in_outline(turned), &in_outline(&upright[0]));
        assert!(apart < 20.0, "they show the same, each with its number on it: {apart}");
        let flipped = difference(&in_outline(&image::imageops::rotate180(turned)), &in_outline(&upright[0]));
        assert!(flipped > 2.0 * apart, "such a picture turned would be noticed: {flipped}");
    }
    assert_eq!(upload.duplicates, 1, "dup_a.jpg and dup_b.jpg are the same bytes");

    ann.upload_motif(Motif::Stripes, 8).await;
    ann.train().await;
}

async fn thumbnail(person: &Person, id: ImageId) -> RgbImage {
    let bytes = person.api.thumbnail(id).await.bytes().await.expect("a thumbnail");
    image::load_from_memory(&bytes).expect("a thumbnail is a picture").into_rgb8()
}

/// Small enough that only what the picture shows is left.
fn in_outline(picture: &RgbImage) -> RgbImage {
    image::imageops::resize(picture, 16, 12, image::imageops::FilterType::Triangle)
}
