//! The pictures of the README: three screens as they are in the middle of the work.

use crate::studio::Studio;
use pupil_tests::{
    browser::{hook, visit},
    data,
};

const SIZE: (u32, u32) = (1200, 760);
/// Down to the pictures that look wrong.
const LONG: (u32, u32) = (1200, 1340);
const LABELLED: usize = 18;
/// Of each label, not labelled yet.
const NEW: usize = 2;

pub async fn take(studio: &Studio<'_>) {
    let (page, album) = (studio.page, studio.album);
    let kinds = &studio.photos.labels;
    let ada = studio.visitor("Leaves of the park", "label").await;
    let new: Vec<_> = kinds.iter().flat_map(|kind| kind.files.iter().skip(LABELLED).take(NEW)).collect();
    ada.upload(&new.into_iter().map(|path| data::read(path)).collect::<Vec<_>>(), None).await;
    // In turns, so that the grid is as mixed as in life; a few slips, which the model will find.
    for place in 0..LABELLED {
        for (number, kind) in kinds.iter().enumerate() {
            let is_slip = place == 4 + number && number != 1;
            let label = &kinds[if is_slip { (number + 1) % kinds.len() } else { number }].name;
            ada.upload(&[data::read(&kind.files[place])], Some(label)).await;
        }
    }
    studio.reload().await;
    page.wait_for(&hook("image-card")).await;
    album.take_one(page, "readme-label", SIZE).await;
    ada.train().await;
    page.open(&visit::address(ada.project, "train")).await;
    page.wait_for(&hook("mistake-card")).await;
    album.take_one(page, "readme-train", LONG).await;
    page.open(&visit::address(ada.project, "predict")).await;
    let unseen = studio.photos.unseen();
    page.pick_files(&hook("predict-input"), &[&unseen[2..], &unseen[..2]].concat()).await;
    page.wait_for(&hook("predict-answer")).await;
    page.wait_for_count(&hook("predict-stop"), 0).await;
    album.take_one(page, "readme-predict", SIZE).await;
}
