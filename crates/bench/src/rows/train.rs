//! Training a head: what *Train* does.

use super::project;
use crate::{
    bench::Bench,
    line::{Line, Unit, table},
    peer::number,
    report::Section,
    statistics::{median, timed},
};
use anyhow::Result;
use dto::{
    image::Image,
    model::{Settings, TrainRequest},
};
use pupil_tests::Person;
use vision::{Nobody, TrainingSet};

const EPOCHS: u32 = 50;
const TIMES: usize = 7;
/// Of the recipe that PyTorch's tutorial has for a frozen backbone.
const PEER_EPOCHS: u32 = 5;
const MANY: usize = 5_000;
const LABELS: usize = 10;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let running = bench.server().await;
    let (person, images) = project::filled(&running.server, &bench.photos).await?;
    // Every epoch runs.
    let request = TrainRequest { max_epochs: Some(EPOCHS), patience: Some(EPOCHS), ..TrainRequest::default() };
    let warm = again_and_again(&person, &images, &request).await?;
    let mirrored = TrainRequest { mirror: Some(true), ..request };
    let mirrored = again_and_again(&person, &images, &mirrored).await?;
    let peer = bench.peer("frozen", PEER_EPOCHS)?;
    let theirs = peer.as_ref().map(|peer| number(peer, "frozen/seconds")).transpose()?;

    let files = project::files(&bench.photos.train()?);
    drop(running);
    let fresh = bench.server().await;
    let newcomer = Person::new(&fresh.server).await;
    let (cold, outcome) = timed(async {
        project::upload(&newcomer, &files).await;
        project::train(&newcomer, &TrainRequest::default()).await
    })
    .await;
    outcome?;
    let large = many(bench).await?;

    let lines = vec![
        Line::new(
            format!("{} pictures, {EPOCHS} epochs, 5 folds: asked to ready", images.len()),
            Unit::Seconds.of(warm),
        )
        .goal("≤ 0.5 s", warm <= 0.5),
        Line::new("the same with mirrored views", Unit::Seconds.of(mirrored)).goal("≤ 0.8 s", mirrored <= 0.8),
        Line::new(
            format!("the first beside {PEER_EPOCHS} epochs of PyTorch with a frozen backbone"),
            Unit::Seconds.of(warm),
        )
        .beside(warm, theirs, Unit::Seconds, Some(100.0)),
        Line::new("cold: first upload to first model", Unit::Seconds.of(cold)).beside(
            cold,
            theirs,
            Unit::Seconds,
            Some(5.0),
        ),
        Line::new(format!("{MANY} pictures, {LABELS} labels, {EPOCHS} epochs, 5 folds"), Unit::Seconds.of(large))
            .goal("≤ 5 s", large <= 5.0),
    ];
    let how = format!(
        "{}. Over HTTP, the median of {TIMES} runs, a label changed before each; cold: once, on a server just started. The \
         last line is the engine's own time on drawn embeddings of 512 numbers.",
        bench.photos.about
    );
    Ok(Section { title: "Training".into(), table: table(lines), how })
}

/// Seconds of a run whose embeddings are there, a label changed before each.
async fn again_and_again(person: &Person, images: &[Image], request: &TrainRequest) -> Result<f64> {
    project::train(person, request).await?;
    let mut seconds = Vec::new();
    for time in 0..TIMES {
        project::relabel(person, images[time * 20 % images.len()].id).await?;
        seconds.push(project::train(person, request).await?.0);
    }
    Ok(median(&seconds))
}

/// Seconds of a run on many drawn embeddings, which tell their labels mostly.
async fn many(bench: &Bench) -> Result<f64> {
    let mut random = fastrand::Rng::with_seed(1);
    let dimensions = 512;
    let centres: Vec<f32> = (0..LABELS * dimensions).map(|_| random.f32() - 0.5).collect();
    let targets: Vec<u32> = (0..MANY).map(|image| (image % LABELS) as u32).collect();
    let row = |&target: &u32| centres[target as usize * dimensions..][..dimensions].to_vec();
    let mut embeddings: Vec<f32> = targets.iter().flat_map(row).collect();
    embeddings.iter_mut().for_each(|number| *number += 4.0 * (random.f32() - 0.5));
    let set = TrainingSet { embeddings, mirrored: Vec::new(), dimensions, targets, classes: LABELS };
    let settings = Settings { max_epochs: EPOCHS, patience: EPOCHS, ..Settings::default() };
    let (seconds, trained) = timed(bench.engine().train_instant(set, settings, Box::new(Nobody))).await;
    trained?;
    Ok(seconds)
}
