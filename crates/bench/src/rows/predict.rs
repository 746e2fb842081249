//! Predicting over HTTP: one after another, and many at once.

use super::project;
use crate::{
    bench::Bench,
    line::{Line, milliseconds, table},
    photos::{Photo, crop},
    report::Section,
    statistics::{median, quantile, timed},
};
use anyhow::Result;
use dto::{ModelId, model::TrainRequest};
use futures::future::join_all;
use pupil_tests::{File, Person, data};
use tokio::task::spawn_blocking;
use vision::{Crop, Purpose};

/// Requests one after another, in as many parts as there are comparisons with the bare forward pass.
const PARTS: usize = 4;
const REQUESTS: usize = 50;
const CLIENTS: usize = 32;
/// Requests of each of the clients.
const EACH: usize = 20;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let running = bench.server().await;
    let (person, _) = project::filled(&running.server, &bench.photos).await?;
    let (_, model) = project::train(&person, &TrainRequest::default()).await?;
    let photos = bench.photos.test()?;
    let crops = photos.iter().map(|photo| crop(&photo.path)).collect::<Result<Vec<Crop>>>()?;
    let files: Vec<File> = photos.iter().map(|photo| data::read(&photo.path)).collect();

    predictions(&person, model.id, &files, REQUESTS / 2).await;
    let (mut requests, mut bare) = (Vec::new(), Vec::new());
    for part in 0..PARTS {
        requests.extend(predictions(&person, model.id, &files[part * REQUESTS % files.len()..], REQUESTS).await);
        bare.extend(forward(bench, &crops, REQUESTS).await?);
    }
    let decoding = decoding(photos).await?;
    let [p50, p95] = [0.5, 0.95].map(|share| quantile(&requests, share));
    let bare = median(&bare);

    let batched = batched(bench, &crops).await?;
    at_once(&person, model.id, &files).await;
    let (seconds, times) = timed(at_once(&person, model.id, &files)).await;
    let rate = (CLIENTS * EACH) as f64 / seconds;
    let share = rate / batched;
    let lines = vec![
        Line::new("one photo: median", milliseconds(p50)),
        Line::new("of it the bare forward pass in 32 bits", milliseconds(bare)),
        Line::new("overhead: median", milliseconds(p50 - bare)).goal("≤ 10 ms", p50 - bare <= 0.010),
        Line::new("overhead: 95 of 100 requests", milliseconds(p95 - bare)).goal("≤ 10 ms", p95 - bare <= 0.010),
        Line::new(format!("{CLIENTS} clients at once"), format!("{rate:.0} photos/s"))
            .ratio(format!("{share:.2} × the engine's own {batched:.0}/s"))
            .goal("≥ 0.9 ×", share >= 0.9),
        Line::new(format!("{CLIENTS} clients: 95 of 100 requests"), milliseconds(quantile(&times, 0.95))),
    ];
    let how = format!(
        "{}, one in a request, {} requests one after another in {PARTS} parts, between which the forward pass is measured \
         without a server; {} requests of {CLIENTS} clients at once. The engine's own rate is that of {} crops in one \
         call. Decoding a photo takes {} of the overhead.",
        bench.photos.about,
        PARTS * REQUESTS,
        CLIENTS * EACH,
        crops.len(),
        milliseconds(decoding),
    );
    Ok(Section { title: "Predicting".into(), table: table(lines), how })
}

/// Seconds of requests one after another.
pub async fn predictions(person: &Person, model: ModelId, files: &[File], count: usize) -> Vec<f64> {
    let mut measured = Vec::with_capacity(count);
    for file in files.iter().cycle().take(count) {
        let (seconds, answer) = timed(person.api.predict(model, std::slice::from_ref(file))).await;
        assert!(answer.is_ok_and(|answer| answer.items[0].label.is_some()), "a prediction of {}", file.name);
        measured.push(seconds);
    }
    measured
}

/// Seconds of forward passes of one crop each.
async fn forward(bench: &Bench, crops: &[Crop], count: usize) -> Result<Vec<f64>> {
    let mut measured = Vec::with_capacity(count);
    for crop in crops.iter().cycle().take(count) {
        let (seconds, embedding) =
            timed(bench.engine().embed(bench.backbone, vec![crop.clone()], Purpose::Predict)).await;
        embedding?;
        measured.push(seconds);
    }
    Ok(measured)
}

/// Crops a second, all in one call.
async fn batched(bench: &Bench, crops: &[Crop]) -> Result<f64> {
    let mut measured = Vec::new();
    for _ in 0..3 {
        let (seconds, embeddings) = timed(bench.engine().embed(bench.backbone, crops.to_vec(), Purpose::Predict)).await;
        embeddings?;
        measured.push(seconds);
    }
    Ok(crops.len() as f64 / median(&measured))
}

/// Seconds of each request, of many clients at once.
async fn at_once(person: &Person, model: ModelId, files: &[File]) -> Vec<f64> {
    let client = |number: usize| predictions(person, model, &files[number * EACH % files.len()..], EACH);
    join_all((0..CLIENTS).map(client)).await.concat()
}

/// Seconds that decoding and cutting a photo takes.
async fn decoding(photos: Vec<Photo>) -> Result<f64> {
    spawn_blocking(move || {
        let time = |photo: &Photo| {
            let begun = std::time::Instant::now();
            crop(&photo.path).map(|_| begun.elapsed().as_secs_f64())
        };
        Ok(median(&photos.iter().map(time).collect::<Result<Vec<_>>>()?))
    })
    .await?
}
