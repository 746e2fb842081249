//! The backbones compared, as the paper did: how often each is right on photos that it has not learned from, and how
//! long it takes.

use crate::{
    bench::Bench,
    photos::{Photo, crop, labelled, targets},
    report::{Section, Table},
    statistics::timed,
};
use anyhow::Result;
use dto::{
    ModelId,
    model::{Backbone, Settings},
};
use pupil_tests::data;
use std::path::Path;
use vision::{Crop, CropFile, FineTuning, Nobody, Purpose, Trained, TrainingSet, Tuned};

/// Of fine-tuning; the best by the photos it holds out is kept.
const EPOCHS: u32 = 3;
const SETS: [&str; 2] = ["dogs_vs_cats", "flowers5"];

pub async fn measure(bench: &Bench) -> Result<Section> {
    let mut sets: Vec<Set> = Vec::new();
    for name in SETS {
        sets.extend(data::folder(name).map(|folder| Set::read(name, &folder)).transpose()?);
    }
    if sets.is_empty() {
        sets.push(Set::read("drawn pictures", bench.photos.folder())?);
    }
    let mut rows = Vec::new();
    for set in &sets {
        for status in bench.engine().backbones().iter().filter(|status| status.problem.is_none()) {
            println!("  {}: {}", set.name, status.backbone.title());
            rows.push(compare(bench, status.backbone, set).await?);
        }
    }
    let heads = [
        "photos",
        "backbone",
        "embedding",
        "instant: training",
        "cross-validated",
        "test",
        "fine-tuning: one epoch",
        "held out",
        "test",
    ];
    let how = format!(
        "Each backbone learns from the training photos, is judged by itself (cross-validated or held out, with the interval \
         of 95 %), and is then asked about the test photos. Fine-tuning runs for {EPOCHS} epochs. Photos are decoded before."
    );
    Ok(Section { title: "Backbones".into(), table: Table { heads: heads.map(str::to_owned).to_vec(), rows }, how })
}

/// A data set, decoded.
struct Set {
    name: String,
    train: Part,
    test: Part,
}

struct Part {
    crops: Vec<Crop>,
    targets: Vec<u32>,
    classes: usize,
}

impl Set {
    fn read(name: &str, folder: &Path) -> Result<Self> {
        let part = |part: &str| Part::of(&labelled(&folder.join(part))?);
        Ok(Self { name: name.into(), train: part("train")?, test: part("test")? })
    }
}

impl Part {
    fn of(photos: &[Photo]) -> Result<Self> {
        let (targets, classes) = targets(photos);
        let crops = photos.iter().map(|photo| crop(&photo.path)).collect::<Result<Vec<_>>>()?;
        Ok(Self { crops, targets, classes })
    }
}

/// A row of the table.
async fn compare(bench: &Bench, backbone: Backbone, Set { name, train, test }: &Set) -> Result<Vec<String>> {
    let engine = bench.engine();
    let (embedding, embeddings) = timed(engine.embed(backbone, train.crops.clone(), Purpose::Store)).await;
    let set = TrainingSet {
        embeddings: embeddings?.concat(),
        mirrored: Vec::new(),
        dimensions: backbone.dimensions(),
        targets: train.targets.clone(),
        classes: train.classes,
    };
    let (seconds, instant) = timed(engine.train_instant(set.clone(), Settings::default(), Box::new(Nobody))).await;
    let instant = instant?;
    let instant_test = share_right(bench, backbone, &instant, test).await?;

    let mut file = CropFile::create(&std::env::temp_dir())?;
    train.crops.iter().try_for_each(|crop| file.push(crop))?;
    // Patience beyond the end: every epoch runs.
    let settings = Settings { max_epochs: EPOCHS, patience: EPOCHS, ..Settings::default() };
    let tuning = FineTuning { backbone, set, crops: file, settings, resume: None };
    let tuned = engine.fine_tune(tuning, Box::new(Nobody)).await?;
    let tuned_test = share_right(bench, backbone, &tuned, test).await?;
    let epoch = tuned.epochs.iter().map(|epoch| epoch.seconds).sum::<f64>() / tuned.epochs.len() as f64;
    let images = train.crops.len();
    Ok(vec![
        format!("{name}, {images} of {} labels", train.classes),
        backbone.title().into(),
        format!("{:.0} photos/s", images as f64 / embedding),
        format!("{seconds:.2} s"),
        measured(&instant),
        percent(instant_test),
        format!("{epoch:.1} s ({:.0} photos/s)", images as f64 / epoch),
        measured(&tuned),
        percent(tuned_test),
    ])
}

/// A model's own measure of itself.
fn measured(trained: &Trained) -> String {
    match (trained.accuracy, trained.accuracy_interval) {
        (Some(accuracy), Some([low, high])) => {
            format!("{} ({:.1}–{:.1})", percent(accuracy), 100.0 * low, 100.0 * high)
        }
        _ => "none".into(),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// The share of test photos that a model is right about.
async fn share_right(bench: &Bench, backbone: Backbone, trained: &Trained, test: &Part) -> Result<f64> {
    let engine = bench.engine();
    let embeddings = match &trained.backbone {
        None => engine.embed(backbone, test.crops.clone(), Purpose::Predict).await?,
        Some(file) => {
            let tuned = Tuned { model: ModelId(uuid::Uuid::now_v7()), file: Some(file.clone().into()) };
            engine.embed_tuned(backbone, tuned, test.crops.clone()).await?
        }
    };
    let mut right = 0;
    for (embedding, truth) in embeddings.iter().zip(&test.targets) {
        let probabilities = trained.classifier.answer(embedding)?.probabilities;
        let best = (0..test.classes).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        right += usize::from(best == Some(*truth as usize));
    }
    Ok(right as f64 / test.targets.len() as f64)
}
