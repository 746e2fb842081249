//! `GET /api/images/{id}/file` and `/thumbnail`.

use dto::limits::THUMBNAIL_SIDE;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, imageops};
use pupil_tests::{
    File, Person, Server,
    client::send,
    pictures::{self, Motif, SIDE},
};
use reqwest::{Method, Response, StatusCode, header};

both_databases![
    a_file_comes_back_as_it_was_sent,
    a_file_is_served_as_what_it_is_and_nothing_else,
    a_thumbnail_is_small_and_keeps_its_proportions,
    a_small_picture_is_not_blown_up,
    a_thumbnail_says_nothing_about_the_camera,
    pictures_may_be_cached_but_by_their_owner_alone,
];

async fn a_file_comes_back_as_it_was_sent(server: &Server) {
    let ann = Person::new(server).await;
    let files = Motif::Circles.files(2);
    for (file, image) in files.iter().zip(ann.upload(&files, None).await) {
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
    }
}

async fn a_file_is_served_as_what_it_is_and_nothing_else(server: &Server) {
    let ann = Person::new(server).await;
    let picture = Motif::Circles.draw(1);
    let mut with_script = pictures::jpeg(&picture);
    with_script.extend(b"<html><script>alert(1)</script></html>");
    let files = [
        (File::new("misnamed.html", pictures::png(&picture)), "image/png"),
        (File::new("misnamed.png", pictures::jpeg(&picture)), "image/jpeg"),
        (File::new("picture.webp", pictures::webp(&picture)), "image/webp"),
        (File::new("with-script.jpg", with_script), "image/jpeg"),
        (File::new("picture.gif", pictures::written(&picture, ImageFormat::Gif)), "image/gif"),
        (File::new("picture.bmp", pictures::written(&picture, ImageFormat::Bmp)), "image/bmp"),
        (File::new("picture.tif", pictures::written(&picture, ImageFormat::Tiff)), "image/tiff"),
    ];
    for (file, content_type) in files {
        let image = ann.upload(&[file], None).await.remove(0);
        let response = ann.api.image_file(image.id).await;
        assert_eq!(header_of(&response, header::CONTENT_TYPE), content_type, "{}", image.file_name);
        assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        // Browsers can't show TIFF, so it is offered to keep instead.
        let disposition = if content_type == "image/tiff" { "attachment" } else { "inline" };
        assert!(header_of(&response, header::CONTENT_DISPOSITION).starts_with(disposition), "{}", image.file_name);
        let thumbnail = ann.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
        assert_eq!(image::load_from_memory(&thumbnail).expect("a picture").width(), SIDE);
    }
}

async fn a_thumbnail_is_small_and_keeps_its_proportions(server: &Server) {
    let ann = Person::new(server).await;
    for (width, height) in [(900, 600), (300, 900)] {
        let large = imageops::resize(&Motif::Stripes.draw(1), width, height, imageops::FilterType::Triangle);
        let thumbnail = thumbnail_of(&ann, File::new("large.jpg", pictures::jpeg(&large))).await;
        assert_eq!(thumbnail.width().max(thumbnail.height()), THUMBNAIL_SIDE);
        let ratio = f64::from(thumbnail.width()) / f64::from(thumbnail.height());
        assert!((ratio / (f64::from(width) / f64::from(height)) - 1.0).abs() < 0.02, "{ratio}");
    }
}

async fn a_small_picture_is_not_blown_up(server: &Server) {
    let ann = Person::new(server).await;
    let dot = RgbImage::from_pixel(1, 1, Rgb([200, 0, 0]));
    let line = RgbImage::from_pixel(4000, 2, Rgb([0, 200, 0]));
    for (picture, size) in [(Motif::Circles.draw(1), (SIDE, SIDE)), (dot, (1, 1)), (line, (THUMBNAIL_SIDE, 1))] {
        let thumbnail = thumbnail_of(&ann, File::new("small.png", pictures::png(&picture))).await;
        assert_eq!((thumbnail.width(), thumbnail.height()), size);
    }
}

async fn a_thumbnail_says_nothing_about_the_camera(server: &Server) {
    let ann = Person::new(server).await;
    let file = File::new("photo.jpg", pictures::jpeg_with_orientation(&Motif::Circles.draw(1), 3));
    assert!(contains(&file.bytes, b"Exif\0\0"));
    let image = ann.upload(&[file], None).await.remove(0);
    let thumbnail = ann.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
    assert!(!contains(&thumbnail, b"Exif") && !contains(&thumbnail, b"EXIF"));
}

async fn pictures_may_be_cached_but_by_their_owner_alone(server: &Server) {
    let ann = Person::new(server).await;
    let image = ann.upload(&Motif::Circles.files(1), None).await.remove(0);
    for kind in ["file", "thumbnail"] {
        let request = || ann.api.request(Method::GET, &format!("/images/{}/{kind}", image.id));
        let first = send(request()).await;
        assert!(header_of(&first, header::CACHE_CONTROL).contains("private"), "{kind}");
        let again = send(request().header(header::IF_NONE_MATCH, header_of(&first, header::ETAG))).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{kind}");
    }
}

async fn thumbnail_of(person: &Person, file: File) -> DynamicImage {
    let image = person.upload(&[file], None).await.remove(0);
    let bytes = person.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
    image::load_from_memory(&bytes).expect("a thumbnail is a picture")
}

fn header_of(response: &Response, name: header::HeaderName) -> &str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
