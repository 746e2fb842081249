//! Thousands of pictures in one project: what grows with their number, and what must not.

use super::{predict::predictions, project};
use crate::{
    bench::Bench,
    machine::memory,
    photos::{Photo, unique},
    report::{Section, Table},
    statistics::{median, timed},
};
use anyhow::Result;
use dto::{
    image::{Image, ImageQuery},
    model::TrainRequest,
};
use pupil_tests::{File, Person, data};

/// Pictures there are when it is looked how things are.
const STOPS: [usize; 4] = [625, 1_250, 2_500, 5_000];
const TIMES: usize = 20;
const MEGABYTE: f64 = 1048576.0;
const IDLE_MEGABYTES: f64 = 350.0;
const PEAK_MEGABYTES: f64 = 1536.0;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let running = bench.server().await;
    let process = running.server.process_id();
    let person = Person::new(&running.server).await;
    let [idle, _] = memory(process);
    let photos = bench.photos.train()?;
    let mut rows = vec![vec![
        "0".into(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        megabytes(idle),
        String::new(),
    ]];
    let (mut there, mut peak) = (0, 0);
    for stop in STOPS {
        let files: Vec<(File, String)> = (there..stop).map(|number| file(&photos, number)).collect();
        let added = files.len() as f64;
        let (uploading, images) = timed(project::upload(&person, &files)).await;
        let (waiting, ()) = timed(project::embedded(&person, &images)).await;
        let (training, model) = project::train(&person, &TrainRequest::default()).await?;
        let [listing, labelling] = small_requests(&person, &images).await;
        let asked = data::read(&photos[0].path);
        let predicting = median(&predictions(&person, model.id, &[asked], TIMES).await);
        let [now, most] = memory(process);
        peak = most;
        there = stop;
        println!("  {there} pictures");
        rows.push(vec![
            there.to_string(),
            format!("{:.1} ms", 1000.0 * uploading / added),
            format!("{:.1} ms", 1000.0 * (uploading + waiting) / added),
            format!("{training:.2} s"),
            format!("{:.1} ms", 1000.0 * listing),
            format!("{:.1} ms", 1000.0 * labelling),
            format!("{:.1} ms", 1000.0 * predicting),
            megabytes(now),
            megabytes(most),
        ]);
    }
    let heads = [
        "pictures",
        "upload, each",
        "upload and embed, each",
        "train",
        "list 100",
        "label one",
        "predict one",
        "memory",
        "at most",
    ];
    let reached = |value: u64, goal: f64| if value as f64 / MEGABYTE <= goal { "reached" } else { "**missed**" };
    let how = format!(
        "{}, each sent again and again with a comment of its own in the file, so that it is another picture. Idle memory \
         goal (≤ {IDLE_MEGABYTES} MiB): {}; goal for {} pictures uploaded and trained (≤ {PEAK_MEGABYTES} MiB): {}. Upload, \
         embed and train are to grow with the number of pictures, list, label and predict not at all (the median of {TIMES} \
         requests each).",
        bench.photos.about,
        reached(idle, IDLE_MEGABYTES),
        STOPS[STOPS.len() - 1],
        reached(peak, PEAK_MEGABYTES),
    );
    Ok(Section {
        title: "Many pictures: time and memory".into(),
        table: Table { heads: heads.map(str::to_owned).to_vec(), rows },
        how,
    })
}

fn file(photos: &[Photo], number: usize) -> (File, String) {
    let photo = &photos[number % photos.len()];
    (unique(photo, number), photo.label.clone())
}

/// Seconds of listing a page and of labelling a picture.
async fn small_requests(person: &Person, images: &[Image]) -> [f64; 2] {
    let (mut listing, mut labelling) = (Vec::new(), Vec::new());
    for image in images.iter().take(TIMES) {
        let (seconds, page) = timed(person.api.images(person.project, &ImageQuery::default())).await;
        page.expect("one's own");
        listing.push(seconds);
        let (seconds, labelled) = timed(person.api.label_image(image.id, image.label_id)).await;
        labelled.expect("one's own");
        labelling.push(seconds);
    }
    [median(&listing), median(&labelling)]
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / MEGABYTE)
}
