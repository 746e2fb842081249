//! Embedding a folder of photos.

use super::project;
use crate::{
    bench::Bench,
    line::{Line, Unit, table},
    peer::number,
    photos::{Photo, crop},
    report::Section,
    statistics::{median, timed},
};
use anyhow::{Result, anyhow};
use futures::{StreamExt, TryStreamExt, stream};
use pupil_tests::Person;
use tokio::task::spawn_blocking;
use vision::{
    Crop, Engine, Precision, Purpose,
    ceiling::{ceiling, operations},
};

/// Times that each figure of Pupil is measured.
const TIMES: usize = 5;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let photos = bench.photos.train()?;
    folder(bench, &photos[..photos.len().min(64)]).await?;
    let mut ours = vec![folder(bench, &photos).await?, folder(bench, &photos).await?];
    let peer = bench.peer("embed", 1)?;
    while ours.len() < TIMES {
        ours.push(folder(bench, &photos).await?);
    }
    let ours = median(&ours);
    let theirs = peer.as_ref().map(|peer| number(peer, "embed/seconds")).transpose()?;
    let best = peer.as_ref().map(|peer| number(peer, "embed_best/seconds")).transpose()?;

    let threads = bench.threads;
    let limit = spawn_blocking(move || ceiling(threads)).await??;
    let fast = match bench.engine().compute().precision {
        Precision::Float32 => limit.float32,
        Precision::Bfloat16 => limit.bfloat16,
    };
    let (forward, share) = forward(bench.engine(), bench, &photos, fast).await?;
    let http = over_http(bench, &photos).await?;

    let rate = |seconds: f64| format!("{} ({:.0}/s)", Unit::Seconds.of(seconds), photos.len() as f64 / seconds);
    let title = bench.backbone.title();
    let lines = vec![
        Line::new(format!("{} photos: read, decode, embed ({title})", photos.len()), rate(ours)).beside(
            ours,
            theirs,
            Unit::Seconds,
            Some(2.4),
        ),
        Line::new("the same beside PyTorch tuned: channels-last, bfloat16", rate(ours)).beside(
            ours,
            best,
            Unit::Seconds,
            None,
        ),
        Line::new("the forward pass alone", rate(forward))
            .ratio(format!("{:.0} % of the ceiling", 100.0 * share))
            .goal("≥ 85 %", share >= 0.85),
        Line::new("over HTTP: first byte uploaded to all embedded", rate(http)).beside(
            http,
            theirs,
            Unit::Seconds,
            None,
        ),
    ];
    let operations = operations(bench.backbone)? as f64;
    let how = format!(
        "{}; the median of {TIMES} passes, two before PyTorch's one and three after it. A forward pass of one is {:.2} \
         billion operations. The ceiling is what libtorch multiplies large matrices at here: {:.0} billion operations a \
         second in bfloat16, {:.0} in 32-bit floats; Pupil embeds in {}. Over HTTP, requests of 25 files go one after another.",
        bench.photos.about,
        operations / 1e9,
        limit.bfloat16 / 1e9,
        limit.float32 / 1e9,
        bench.engine().compute().precision.as_str(),
    );
    Ok(Section { title: "Embedding".into(), table: table(lines), how })
}

/// Seconds from file names to embeddings, decoding beside the forward pass as the server does.
async fn folder(bench: &Bench, photos: &[Photo]) -> Result<f64> {
    let paths: Vec<_> = photos.iter().map(|photo| photo.path.clone()).collect();
    let (seconds, outcome) = timed(async {
        stream::iter(paths)
            .map(|path| async move { spawn_blocking(move || crop(&path)).await? })
            .buffered(4)
            .try_chunks(16)
            .map_err(|error| error.1)
            .map_ok(async |crops| Ok(bench.engine().embed(bench.backbone, crops, Purpose::Store).await?))
            .try_buffered(2)
            .try_fold(0, async |done, embeddings| Ok(done + embeddings.len()))
            .await
    })
    .await;
    let outcome: Result<usize> = outcome;
    match outcome? {
        done if done == photos.len() => Ok(seconds),
        done => Err(anyhow!("{done} of {} photos were embedded", photos.len())),
    }
}

/// Seconds that the forward pass takes without anything else, and its share of the ceiling.
async fn forward(engine: &Engine, bench: &Bench, photos: &[Photo], ceiling: f64) -> Result<(f64, f64)> {
    let crops = photos.iter().map(|photo| crop(&photo.path)).collect::<Result<Vec<Crop>>>()?;
    let mut measured = Vec::new();
    for _ in 0..TIMES {
        let (seconds, embeddings) = timed(engine.embed(bench.backbone, crops.clone(), Purpose::Store)).await;
        embeddings?;
        measured.push(seconds);
    }
    let seconds = median(&measured);
    let rate = operations(bench.backbone)? as f64 * photos.len() as f64 / seconds;
    Ok((seconds, rate / ceiling))
}

async fn over_http(bench: &Bench, photos: &[Photo]) -> Result<f64> {
    let running = bench.server().await;
    let files = project::files(photos);
    let person = Person::new(&running.server).await;
    let (seconds, ()) = timed(async {
        let images = project::upload(&person, &files).await;
        project::embedded(&person, &images).await;
    })
    .await;
    Ok(seconds)
}
