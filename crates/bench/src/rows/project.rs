//! A project over HTTP: filled, looked at, trained.

use crate::{
    photos::{Photo, Photos},
    statistics::timed,
};
use anyhow::{Context, Result};
use dto::{
    ImageId, LabelId,
    image::Image,
    model::{Model, ModelEvent, TrainRequest},
};
use pupil_tests::{File, Person, Server, data, deadline::eventually};

/// Files of one request: what the web page sends.
const FILES: usize = 25;

/// Uploads labelled files, those of a label after those of another.
pub async fn upload(person: &Person, files: &[(File, String)]) -> Vec<Image> {
    let mut images = Vec::new();
    for of_label in files.chunk_by(|a, b| a.1 == b.1) {
        for request in of_label.chunks(FILES) {
            let files: Vec<File> = request.iter().map(|(file, _)| file.clone()).collect();
            images.extend(person.upload(&files, Some(&of_label[0].1)).await);
        }
    }
    images
}

/// Waits until the server has looked at all of them.
pub async fn embedded(person: &Person, images: &[Image]) {
    // Usually in the order in which they came; all are asked about all the same.
    for image in images.iter().rev() {
        eventually("a picture is embedded", async || {
            person.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
}

/// Files ready to be sent, read beforehand.
pub fn files(photos: &[Photo]) -> Vec<(File, String)> {
    photos.iter().map(|photo| (data::read(&photo.path), photo.label.clone())).collect()
}

/// A person whose project has all training photos, embedded.
pub async fn filled(server: &Server, photos: &Photos) -> Result<(Person, Vec<Image>)> {
    let person = Person::new(server).await;
    let images = upload(&person, &files(&photos.train()?)).await;
    embedded(&person, &images).await;
    Ok((person, images))
}

/// Trains, and says how many seconds passed from asking until the model was ready.
pub async fn train(person: &Person, request: &TrainRequest) -> Result<(f64, Model)> {
    let (seconds, model) = timed(async {
        let run = person.api.train(person.project, request).await.map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let events = person.api.events(run.id).await.map_err(|problem| anyhow::anyhow!("{problem}"))?;
        match events.to_end().await.pop() {
            Some(ModelEvent::Ready(model)) => Ok(*model),
            other => Err(anyhow::anyhow!("the run did not succeed: {other:?}")),
        }
    })
    .await;
    Ok((seconds, model?))
}

/// Gives a picture the other label, so that no result can be used again.
pub async fn relabel(person: &Person, image: ImageId) -> Result<()> {
    let labels: Vec<LabelId> =
        person.api.labels(person.project).await.expect("one's own").items.iter().map(|label| label.id).collect();
    let now = person.api.image(image).await.expect("one's own").label_id;
    let other = labels.into_iter().find(|label| Some(*label) != now).context("there are two labels")?;
    person.api.label_image(image, Some(other)).await.expect("one's own");
    Ok(())
}
