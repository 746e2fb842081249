//! `POST /api/projects/{id}/images`: what is stored, what is a duplicate, what is rejected and why.

use dto::{
    ErrorCode,
    image::{Outcome, Source, Upload},
    limits,
};
use futures::future::join_all;
use image::{DynamicImage, imageops};
use pupil_tests::{
    File, Person, Server,
    client::{check, problem_in, send},
    deadline::eventually,
    files::form,
    pictures::{self, Motif, SIDE, difference},
    refused,
};
use reqwest::{Method, RequestBuilder, header, multipart::Form};
use serde_json::json;

both_databases![
    pictures_are_stored_in_the_order_sent,
    an_upload_may_bring_its_label,
    the_label_may_stand_anywhere_in_the_request,
    the_request_says_where_its_pictures_come_from,
    a_picture_turned_by_its_camera_is_stored_upright,
    an_uploaded_picture_is_embedded_without_asking,
    broken_files_are_rejected_and_the_rest_is_stored,
    pictures_of_absurd_size_are_rejected_from_their_header,
    a_file_that_is_too_large_is_rejected_alone,
    a_request_with_too_many_files_is_refused,
    the_most_files_that_a_request_may_have_are_taken,
    the_same_bytes_twice_are_one_image,
    the_same_bytes_sent_at_once_are_one_image,
    a_duplicate_labels_an_unlabelled_image_and_leaves_another_label,
    the_same_bytes_in_two_projects_are_two_images,
    file_names_are_kept_but_never_trusted,
    a_request_without_a_file_is_refused,
    a_bad_label_or_source_refuses_the_request,
    a_body_that_is_not_multipart_is_refused,
    a_body_that_breaks_off_stores_nothing,
];

async fn pictures_are_stored_in_the_order_sent(server: &Server) {
    let ann = Person::new(server).await;
    let picture = Motif::Circles.draw(1);
    let files = [
        File::new("a.jpg", pictures::jpeg(&picture)),
        File::new("b.png", pictures::png(&picture)),
        File::new("c.webp", pictures::webp(&picture)),
    ];
    let upload = ann.api.upload(ann.project, &files, None).await.expect("good pictures");
    assert_eq!((upload.stored, upload.duplicates, upload.rejected), (3, 0, 0));
    for (file, item) in files.iter().zip(&upload.items) {
        assert_eq!((item.file_name.as_str(), item.outcome), (file.name.as_str(), Outcome::Stored));
        let image = item.image.as_ref().expect("a stored file has an image");
        assert_eq!((image.file_name.as_str(), image.bytes), (file.name.as_str(), file.bytes.len() as u64));
        assert_eq!((image.width, image.height, image.label_id, image.source), (SIDE, SIDE, None, Source::Upload));
        assert_eq!(ann.api.image(image.id).await.expect("just stored").created_at, image.created_at);
    }
}

async fn an_upload_may_bring_its_label(server: &Server) {
    let ann = Person::new(server).await;
    let first = ann.upload(&Motif::Circles.files(2), Some("round things")).await;
    let labels = ann.api.labels(ann.project).await.expect("one's own").items;
    let [label] = &labels[..] else { panic!("one label was made: {labels:?}") };
    assert_eq!((label.name.as_str(), label.image_count), ("round things", 2));
    let second = ann.upload(&Motif::Stripes.files(1), Some("round things")).await;
    assert!(first.iter().chain(&second).all(|image| image.label_id == Some(label.id)));
    assert_eq!(ann.api.labels(ann.project).await.expect("one's own").items.len(), 1);
}

async fn the_label_may_stand_anywhere_in_the_request(server: &Server) {
    let ann = Person::new(server).await;
    let [first, second]: [File; 2] = Motif::Circles.files(2).try_into().expect("two were drawn");
    let body = Form::new().part("file", first.part()).text("label", "circles").part("file", second.part());
    let upload = ann.api.upload_form(ann.project, body).await.expect("good pictures");
    let labels = upload.items.iter().map(|item| item.image.as_ref().and_then(|image| image.label_id));
    assert!(labels.clone().all(|label| label.is_some()), "{upload:?}");
}

async fn the_request_says_where_its_pictures_come_from(server: &Server) {
    let ann = Person::new(server).await;
    let body = form(&Motif::Circles.files(1)).text("source", "webcam");
    let upload = ann.api.upload_form(ann.project, body).await.expect("a known source");
    assert_eq!(upload.items[0].image.as_ref().expect("stored").source, Source::Webcam);
}

async fn a_picture_turned_by_its_camera_is_stored_upright(server: &Server) {
    let ann = Person::new(server).await;
    let lying = imageops::crop_imm(&Motif::Stripes.draw(3), 0, 0, SIDE, SIDE / 2).to_image();
    let file = File::new("portrait.jpg", pictures::jpeg_with_orientation(&lying, 6));
    let image = &ann.upload(&[file], None).await[0];
    assert_eq!((image.width, image.height), (SIDE / 2, SIDE));
    let thumbnail = ann.api.thumbnail(image.id).await.bytes().await.expect("a thumbnail");
    let thumbnail = image::load_from_memory(&thumbnail).expect("a picture");
    assert_eq!((thumbnail.width(), thumbnail.height()), (SIDE / 2, SIDE));
    let upright = DynamicImage::from(lying).rotate90();
    assert!(difference(&thumbnail.to_rgb8(), &upright.to_rgb8()) < 16.0, "the thumbnail is not turned the right way");
}

async fn an_uploaded_picture_is_embedded_without_asking(server: &Server) {
    let ann = Person::new(server).await;
    let image = ann.upload(&Motif::Circles.files(1), None).await.remove(0);
    eventually("the image is embedded", async || {
        ann.api.image(image.id).await.expect("just stored").embedded.then_some(())
    })
    .await;
}

async fn broken_files_are_rejected_and_the_rest_is_stored(server: &Server) {
    let ann = Person::new(server).await;
    let photo = pictures::jpeg(&Motif::Circles.draw(1));
    let broken = [
        (File::new("empty.jpg", []), ErrorCode::FileEmpty),
        (File::new("text.jpg", *b"These are words, not a picture."), ErrorCode::NotAnImage),
        (File::new("page.jpg", *b"<html><script>alert(1)</script></html>"), ErrorCode::NotAnImage),
        (File::new("half.jpg", pictures::truncated(photo.clone())), ErrorCode::ImageDamaged),
        (File::new("half.png", pictures::truncated(pictures::png(&Motif::Circles.draw(1)))), ErrorCode::ImageDamaged),
        (File::new("half.webp", pictures::truncated(pictures::webp(&Motif::Circles.draw(1)))), ErrorCode::ImageDamaged),
        (File::new("header.jpg", photo[..20].to_vec()), ErrorCode::ImageDamaged),
        (File::new("empty.gif", *b"GIF89a\x01\0\x01\0\0\0\0;"), ErrorCode::ImageDamaged),
        (File::new("header.bmp", bmp_header()), ErrorCode::ImageDamaged),
    ];
    let mut files = Motif::Stripes.files(2);
    files.splice(1..1, broken.iter().map(|(file, _)| file.clone()));
    let upload = ann.api.upload(ann.project, &files, Some("stripes")).await.expect("the good ones are taken");
    assert_eq!((upload.stored, upload.rejected), (2, broken.len() as u64));
    for ((file, code), item) in broken.iter().zip(&upload.items[1..]) {
        assert_eq!(item.file_name, file.name);
        assert_rejected(&upload, &item.file_name, *code);
    }
    let project = ann.api.project(ann.project).await.expect("one's own");
    assert_eq!((project.image_count, project.labelled_count), (2, 2));
}

async fn pictures_of_absurd_size_are_rejected_from_their_header(server: &Server) {
    let ann = Person::new(server).await;
    let files = [File::new("bomb.png", pictures::png_bomb()), File::new("bomb.jpg", pictures::jpeg_bomb())];
    let upload = ann.api.upload(ann.project, &files, None).await.expect("each is answered");
    for file in &files {
        assert_rejected(&upload, &file.name, ErrorCode::TooManyPixels);
    }
}

async fn a_file_that_is_too_large_is_rejected_alone(server: &Server) {
    let ann = Person::new(server).await;
    let mut large = pictures::jpeg(&Motif::Circles.draw(1));
    large.resize(limits::BYTES_PER_FILE as usize + 1, 0);
    let mut files = Motif::Stripes.files(2);
    files.insert(1, File::new("large.jpg", large));
    let upload = ann.api.upload(ann.project, &files, None).await.expect("the others are taken");
    assert_eq!((upload.stored, upload.rejected), (2, 1));
    assert_rejected(&upload, "large.jpg", ErrorCode::TooLarge);
    let problem = upload.items[1].problem.as_ref().expect("rejected");
    assert_eq!(problem.more["limit"], limits::BYTES_PER_FILE);
}

async fn a_request_with_too_many_files_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let files = vec![Motif::Circles.files(1).remove(0); limits::FILES_PER_REQUEST + 1];
    let problem = refused(ann.api.upload(ann.project, &files, None).await, ErrorCode::TooManyFiles);
    assert_eq!(problem.more["limit"], limits::FILES_PER_REQUEST);
}

async fn the_most_files_that_a_request_may_have_are_taken(server: &Server) {
    let ann = Person::new(server).await;
    let different = Motif::Circles.files(20);
    let files: Vec<File> = different.iter().cycle().take(limits::FILES_PER_REQUEST).cloned().collect();
    let upload = ann.api.upload(ann.project, &files, None).await.expect("just within the limit");
    assert_eq!(upload.items.len(), limits::FILES_PER_REQUEST);
    assert_eq!((upload.stored, upload.duplicates, upload.rejected), (20, 480, 0));
    assert!(upload.items.iter().zip(&files).all(|(item, file)| item.file_name == file.name));
}

async fn the_same_bytes_twice_are_one_image(server: &Server) {
    let ann = Person::new(server).await;
    let file = Motif::Circles.files(1).remove(0);
    let first = ann.upload(std::slice::from_ref(&file), None).await.remove(0);
    let renamed = File::new("again.jpg", file.bytes);
    let upload = ann.api.upload(ann.project, &[renamed], None).await.expect("a good picture");
    assert_eq!((upload.stored, upload.duplicates), (0, 1));
    assert_eq!(upload.items[0].file_name, "again.jpg");
    assert_eq!(upload.items[0].image.as_ref().map(|image| image.id), Some(first.id));
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 1);
}

async fn the_same_bytes_sent_at_once_are_one_image(server: &Server) {
    let ann = Person::new(server).await;
    let file = Motif::Circles.files(1);
    let uploads = join_all((0..8).map(|_| ann.api.upload(ann.project, &file, Some("circles")))).await;
    let uploads: Vec<Upload> = uploads.into_iter().map(|upload| upload.expect("a good picture")).collect();
    assert_eq!(uploads.iter().map(|upload| upload.stored).sum::<u64>(), 1);
    assert_eq!(uploads.iter().map(|upload| upload.duplicates).sum::<u64>(), 7);
    let project = ann.api.project(ann.project).await.expect("one's own");
    assert_eq!((project.image_count, project.labelled_count, project.label_count), (1, 1, 1));
}

async fn a_duplicate_labels_an_unlabelled_image_and_leaves_another_label(server: &Server) {
    let ann = Person::new(server).await;
    let file = Motif::Circles.files(1);
    ann.upload(&file, None).await;
    let labelled = ann.api.upload(ann.project, &file, Some("circles")).await.expect("a good picture").items.remove(0);
    let label = labelled.image.expect("the image there is").label_id;
    assert!(label.is_some());
    assert_eq!(labelled.kept_label_id, None);

    let kept = ann.api.upload(ann.project, &file, Some("stripes")).await.expect("a good picture").items.remove(0);
    assert_eq!((kept.outcome, kept.kept_label_id), (Outcome::Duplicate, label));
    assert_eq!(kept.image.expect("the image there is").label_id, label);

    let unsaid = ann.api.upload(ann.project, &file, None).await.expect("a good picture").items.remove(0);
    assert_eq!(unsaid.image.expect("the image there is").label_id, label);
}

async fn the_same_bytes_in_two_projects_are_two_images(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let file = Motif::Circles.files(1);
    let (hers, his) = (ann.upload(&file, None).await.remove(0), bob.upload(&file, None).await.remove(0));
    assert_ne!(hers.id, his.id);
    ann.api.delete_image(hers.id).await.expect("one's own");
    assert_eq!(bob.api.image_file(his.id).await.bytes().await.expect("a file"), file[0].bytes);
}

async fn file_names_are_kept_but_never_trusted(server: &Server) {
    let ann = Person::new(server).await;
    let names = ["ünïcödé 名前 🐱.jpg", "with, comma; and 'quote'.jpg", "no extension", ".jpg", "a.png.exe"];
    for (seed, name) in (0..).zip(names) {
        let image = ann.upload(&[File::new(name, pictures::jpeg(&Motif::Circles.draw(seed)))], None).await.remove(0);
        assert_eq!(image.file_name, name);
    }
    let elsewhere = ["../../etc/passwd", "/etc/passwd", "C:\\windows\\a.jpg", "a/../../b.jpg"];
    for (seed, name) in (50..).zip(elsewhere) {
        let image = ann.upload(&[File::new(name, pictures::jpeg(&Motif::Circles.draw(seed)))], None).await.remove(0);
        assert!(!image.file_name.contains(['/', '\\']), "{name} became {}", image.file_name);
    }
    let long = File::new(format!("{}.jpg", "긴".repeat(400)), pictures::jpeg(&Motif::Circles.draw(99)));
    let image = ann.upload(&[long], None).await.remove(0);
    assert!(image.file_name.chars().count() <= limits::FILE_NAME_CHARS);
}

async fn a_request_without_a_file_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    refused(ann.api.upload_form(ann.project, Form::new().text("label", "cats")).await, ErrorCode::InvalidRequest);
    assert_eq!(ann.api.labels(ann.project).await.expect("one's own").items, []);
}

async fn a_bad_label_or_source_refuses_the_request(server: &Server) {
    let ann = Person::new(server).await;
    let long = "x".repeat(limits::NAME_CHARS.end() + 1);
    for (part, value) in [("label", long.as_str()), ("source", "the moon")] {
        let body = form(&Motif::Circles.files(1)).text(part, value.to_owned());
        let problem = ann.api.upload_form(ann.project, body).await.expect_err("a part is wrong");
        assert!(matches!(problem.code, ErrorCode::InvalidField | ErrorCode::InvalidRequest), "{problem:?}");
    }
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 0);
}

async fn a_body_that_is_not_multipart_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let response = send(upload_request(&ann).json(&json!({ "file": "a.jpg" }))).await;
    assert_eq!(problem_in(response).await.code, ErrorCode::UnsupportedMediaType);
}

async fn a_body_that_breaks_off_stores_nothing(server: &Server) {
    let ann = Person::new(server).await;
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
    body.extend(pictures::jpeg(&Motif::Circles.draw(1)));
    let request = upload_request(&ann).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x").body(body);
    assert_eq!(problem_in(send(request).await).await.code, ErrorCode::InvalidRequest);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 0);
}

fn upload_request(person: &Person) -> RequestBuilder {
    person.api.request(Method::POST, &format!("/projects/{}/images", person.project))
}

#[track_caller]
fn assert_rejected(upload: &Upload, file_name: &str, code: ErrorCode) {
    let item = upload.items.iter().find(|item| item.file_name == file_name).expect("each file is answered");
    let problem = item.problem.as_ref().unwrap_or_else(|| panic!("{file_name} was not rejected: {item:?}"));
    check(problem);
    assert_eq!((item.outcome, problem.code), (Outcome::Rejected, code), "{file_name}: {}", problem.detail);
    assert_eq!(item.image, None);
}

/// The beginning of a bitmap of one pixel.
fn bmp_header() -> Vec<u8> {
    let mut bytes = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec();
    bytes.resize(54, 0);
    bytes
}
