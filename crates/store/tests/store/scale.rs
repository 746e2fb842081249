//! What it costs with many images. Prints times: `cargo test -p store --release -- --ignored --nocapture scale`.

use crate::fixture::{Fixture, PREPROCESSING, WEIGHTS, file, hash, on_both_databases};
use anyhow::Result;
use dto::{
    image::{ImageQuery, Source},
    result::ResultQuery,
};
use std::time::Instant;

on_both_databases! { #[ignore = "takes a while, and is for reading"] costs_with_many_images }

/// The time of one call, in milliseconds: the median of several.
async fn time(calls: usize, mut call: impl AsyncFnMut(usize) -> Result<()>) -> Result<f64> {
    let mut times = Vec::with_capacity(calls);
    for i in 0..calls {
        let start = Instant::now();
        call(i).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[calls / 2])
}

async fn costs_with_many_images(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let mut added = 0;
    for total in [500_u32, 5_000, 20_000] {
        let start = Instant::now();
        let uploads = (total - added) / 500;
        while added < total {
            let label = if added % 1_000 == 0 { "cat" } else { "dog" };
            let files: Vec<_> = (added..added + 500).map(file).collect();
            store.add_images(owner, project, Some(label), Source::Upload, &files, 100_000).await?;
            store
                .put_embeddings(
                    WEIGHTS,
                    PREPROCESSING,
                    &(added..added + 500).map(|i| (hash(i), vec![i as f32; 512])).collect::<Vec<_>>(),
                )
                .await?;
            added += 500;
        }
        let upload = start.elapsed().as_secs_f64() * 1e3 / f64::from(uploads);
        fixture.add(Some("dog"), 0..1).await?;

        let page = fixture.images(ImageQuery { limit: Some(500), ..Default::default() }).await?;
        let cat = Some(fixture.label_id("dog").await?);
        let labels = [cat, None];
        let (ids, cursor) = (page.items.iter().map(|image| image.id).collect::<Vec<_>>(), page.next_cursor);
        let list = time(21, async |_| fixture.images(ImageQuery::default()).await.map(drop)).await?;
        let later = time(21, async |_| {
            fixture.images(ImageQuery { cursor: cursor.clone(), ..Default::default() }).await.map(drop)
        })
        .await?;
        let by_label =
            time(21, async |_| fixture.images(ImageQuery { label: cat, ..Default::default() }).await.map(drop)).await?;
        let label_list = time(21, async |_| Ok(store.labels(owner, project).await.map(drop)?)).await?;
        let counts = time(21, async |_| Ok(store.project(owner, project).await.map(drop)?)).await?;
        let label = time(21, async |i| Ok(store.set_label(owner, ids[i], labels[i % 2]).await.map(drop)?)).await?;
        let bulk =
            time(5, async |i| Ok(store.set_labels(owner, project, &ids, labels[i % 2]).await.map(drop)?)).await?;
        store.set_labels(owner, project, &ids, cat).await?;
        let missing =
            time(5, async |_| Ok(store.unembedded(project, WEIGHTS, PREPROCESSING, 64).await.map(drop)?)).await?;
        println!(
            "{total} images: add and embed 500 {upload:.0} ms, list 100 {list:.2}, a later page {later:.2}, by label \
             {by_label:.2}, label list {label_list:.2}, project {counts:.2}, label one {label:.2}, label 500 {bulk:.1}, \
             unembedded {missing:.2}"
        );
    }
    let first = time(1, async |_| {
        let files: Vec<_> = (added..added + 500).map(file).collect();
        Ok(store.add_images(owner, project, Some("cat"), Source::Upload, &files, 100_000).await.map(drop)?)
    })
    .await?;
    let again = time(3, async |_| fixture.add(Some("cat"), added..added + 500).await.map(drop)).await?;

    let all = fixture.store.create_project(owner, "five thousand").await?.id;
    for label in 0..10_u32 {
        let files: Vec<_> = (label * 500..label * 500 + 500).map(file).collect();
        store.add_images(owner, all, Some(&label.to_string()), Source::Upload, &files, 100_000).await?;
    }
    let start = Instant::now();
    let model = store.create_model(owner, all, &crate::fixture::new_model()).await?;
    let create = start.elapsed();
    let start = Instant::now();
    let run = store.start_model(model.id, 0).await?.map(|run| run.samples).unwrap_or_default();
    let begin = start.elapsed();
    let start = Instant::now();
    let hashes: Vec<_> = run.iter().map(|sample| sample.content_hash).collect();
    store.embeddings(&hashes, WEIGHTS, PREPROCESSING).await?;
    let embeddings = start.elapsed();
    let start = Instant::now();
    fixture.finish(model.id).await?;
    let finish = start.elapsed();
    let mistakes = ResultQuery { mistakes: Some(true), ..Default::default() };
    let mistakes = time(11, async |_| Ok(store.results(owner, model.id, &mistakes).await.map(drop)?)).await?;
    println!(
        "add 500 {first:.0} ms, again {again:.0}; of 5,000: create {create:.0?}, start {begin:.0?}, read embeddings \
         {embeddings:.0?}, start and finish {finish:.0?}, mistakes {mistakes:.1} ms"
    );
    Ok(())
}
