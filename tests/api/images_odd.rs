//! Odd files from real life (the folder `odd` of the test photos): each is stored or rejected with a reason, never
//! more, and training goes on with those that were stored.

use dto::{ErrorCode, image::Outcome};
use pupil_tests::{Person, Server, client::check, data, pictures::Motif};

both_databases![odd_files_are_stored_or_rejected_with_a_reason];

/// Must be stored.
const GOOD: &[&str] = &[
    "cmyk.jpg",
    "gray.jpg",
    "mpo.jpg",
    "single.webp",
    "alpha.png",
    "png16_gray.png",
    "png_palette.png",
    "png_1bit.png",
    "exif_landscape_1.jpg",
    "exif_landscape_6.jpg",
    "progressive.jpg",
    "jpeg_html_polyglot.jpg",
    "png_renamed.jpg",
    "ünïcödé 名前 🐱.jpg",
];

/// Must be rejected, for this reason.
const BAD: &[(&str, ErrorCode)] = &[
    ("truncated_small.jpg", ErrorCode::ImageDamaged),
    ("truncated_half.jpg", ErrorCode::ImageDamaged),
    ("truncated.png", ErrorCode::ImageDamaged),
    ("broken_stream.png", ErrorCode::ImageDamaged),
    ("empty.jpg", ErrorCode::FileEmpty),
    ("text_renamed.jpg", ErrorCode::NotAnImage),
    ("html_renamed.jpg", ErrorCode::NotAnImage),
    ("zip_slip.zip", ErrorCode::NotAnImage),
    ("bomb_30000x30000_1bit.png", ErrorCode::TooManyPixels),
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
        let rejected = item.problem.as_ref().map(|problem| problem.code);
        if GOOD.contains(&item.file_name.as_str()) {
            assert_eq!(rejected, None, "{item:?}");
        }
        if let Some((_, code)) = BAD.iter().find(|(name, _)| *name == item.file_name) {
            assert_eq!(rejected, Some(*code), "{item:?}");
        }
    }
    assert_eq!(upload.items.iter().filter(|item| GOOD.contains(&item.file_name.as_str())).count(), GOOD.len());
    assert_eq!(upload.duplicates, 1, "dup_a.jpg and dup_b.jpg are the same bytes");

    ann.upload_motif(Motif::Stripes, 8).await;
    ann.train().await;
}
