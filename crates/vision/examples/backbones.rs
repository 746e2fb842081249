//! Compares the backbones: how often each is right on photos that it has not learned from, and how long it takes.
//!
//! `cargo run --release -p vision --example backbones -- EPOCHS WEIGHTS… -- FOLDER…` prints a table in Markdown. `WEIGHTS`
//! are safetensors files, a backbone told by its file name; a folder holds `train/` and `test/`, and these a folder of
//! photos for each label. Fine-tuning runs for `EPOCHS` epochs; of those the best by the photos it holds out is kept.

use dto::model::{Backbone, Epoch, Phase, Settings};
use std::{error::Error, fs, path::Path, time::Instant};
use vision::{
    Crop, CropFile, Engine, EngineConfig, FineTuning, Limits, Observer, Purpose, Trained, TrainingSet, Tuned, decode,
    preprocess,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let usage = "usage: backbones EPOCHS WEIGHTS… -- FOLDER…";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (epochs, rest) = arguments.split_first().ok_or(usage)?;
    let mut parts = rest.split(|argument| argument == "--");
    let (Some(weights), Some(folders), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(usage.into());
    };
    let epochs = epochs.parse()?;
    let threads = std::thread::available_parallelism()?.get();
    let weights = weights.iter().map(|path| Ok((backbone(path)?, path.into()))).collect::<Outcome<Vec<_>>>()?;
    let engine = Engine::start(EngineConfig { weights, threads })?;
    println!(
        "| photos | backbone | embedding | instant: training | cross-validated | test | fine-tuning: one epoch | held out | test |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for folder in folders {
        let photos = Photos::read(Path::new(folder))?;
        for status in engine.backbones().iter().filter(|status| status.problem.is_none()) {
            compare(&engine, status.backbone, &photos, epochs).await?;
        }
    }
    Ok(())
}

fn backbone(path: &str) -> Outcome<Backbone> {
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let backbone = Backbone::ALL.into_iter().find(|backbone| name.starts_with(backbone.as_str()));
    Ok(backbone.ok_or("the name of a file of weights must begin with resnet18 or efficientnet_lite0")?)
}

/// A data set, decoded.
struct Photos {
    name: String,
    labels: Vec<String>,
    train: (Vec<Crop>, Vec<u32>),
    test: (Vec<Crop>, Vec<u32>),
}

impl Photos {
    fn read(folder: &Path) -> Outcome<Self> {
        let labels = entries(&folder.join("train"))?;
        Ok(Self {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            train: photos(&folder.join("train"), &labels)?,
            test: photos(&folder.join("test"), &labels)?,
            labels,
        })
    }
}

/// Prints a row of the table.
async fn compare(engine: &Engine, backbone: Backbone, photos: &Photos, epochs: u32) -> Outcome<()> {
    let (crops, targets) = &photos.train;
    let begun = Instant::now();
    let embeddings = engine.embed(backbone, crops.clone(), Purpose::Store).await?;
    let rate = crops.len() as f64 / begun.elapsed().as_secs_f64();
    let set = TrainingSet {
        embeddings: embeddings.concat(),
        dimensions: backbone.dimensions(),
        targets: targets.clone(),
        classes: photos.labels.len(),
    };

    let begun = Instant::now();
    let instant = engine.train_instant(set.clone(), Settings::default(), Box::new(Silent)).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let instant_test = test(engine, backbone, &instant, photos).await?;

    let mut file = CropFile::create(&std::env::temp_dir())?;
    crops.iter().try_for_each(|crop| file.push(crop))?;
    // Patience beyond the end: every epoch runs.
    let settings = Settings { max_epochs: epochs, patience: epochs, ..Settings::default() };
    let tuning = FineTuning { backbone, set, crops: file, settings, resume: None };
    let tuned = engine.fine_tune(tuning, Box::new(Silent)).await?;
    let tuned_test = test(engine, backbone, &tuned, photos).await?;
    let epoch = tuned.epochs.iter().map(|epoch| epoch.seconds).sum::<f64>() / tuned.epochs.len() as f64;
    println!(
        "| {}, {} of {} labels | {} | {rate:.0} photos/s | {seconds:.2} s | {} | {:.1} % | {epoch:.1} s | {} | {:.1} % |",
        photos.name,
        crops.len(),
        photos.labels.len(),
        backbone.title(),
        measured(&instant),
        100.0 * instant_test,
        measured(&tuned),
        100.0 * tuned_test,
    );
    Ok(())
}

/// A model's own measure of itself.
fn measured(trained: &Trained) -> String {
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    match (trained.accuracy, trained.accuracy_interval) {
        (Some(accuracy), Some([low, high])) => {
            format!("{} % ({}–{})", percent(accuracy), percent(low), percent(high))
        }
        _ => "none".into(),
    }
}

/// The share of test photos that a model is right about.
async fn test(engine: &Engine, backbone: Backbone, trained: &Trained, photos: &Photos) -> Outcome<f64> {
    let (crops, truths) = &photos.test;
    let embeddings = match &trained.backbone {
        None => engine.embed(backbone, crops.clone(), Purpose::Predict).await?,
        Some(file) => {
            let tuned = Tuned { model: dto::ModelId(uuid::Uuid::now_v7()), file: Some(file.clone().into()) };
            engine.embed_tuned(backbone, tuned, crops.clone()).await?
        }
    };
    let mut right = 0;
    for (embedding, truth) in embeddings.iter().zip(truths) {
        let probabilities = trained.classifier.answer(embedding)?.probabilities;
        let best = (0..photos.labels.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        right += usize::from(best == Some(*truth as usize));
    }
    Ok(right as f64 / truths.len() as f64)
}

/// Crops of all photos under a folder per label, and their labels.
fn photos(folder: &Path, labels: &[String]) -> Outcome<(Vec<Crop>, Vec<u32>)> {
    let (mut crops, mut targets) = (Vec::new(), Vec::new());
    for (label, target) in labels.iter().zip(0..) {
        let folder = folder.join(label);
        for file in entries(&folder)? {
            let bytes = fs::read(folder.join(&file))?;
            match decode(&bytes, &Limits::default()) {
                Ok(decoded) => {
                    crops.push(preprocess(&decoded.rgb));
                    targets.push(target);
                }
                Err(error) => eprintln!("{label}/{file}: {error}"),
            }
        }
    }
    Ok((crops, targets))
}

/// The names in a folder, in order.
fn entries(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Says how the epochs go.
struct Silent;

impl Observer for Silent {
    fn phase(&mut self, _: Phase) {}
    fn epoch(&mut self, epoch: &Epoch) {
        if epoch.seconds > 0.5 {
            eprintln!("{epoch:?}");
        }
    }
    fn cancelled(&self) -> bool {
        false
    }
}
