//! Learns from the photos of one folder, predicts those of another, and prints how often it is right.
//!
//! `cargo run --release -p vision --example accuracy -- WEIGHTS FOLDER…`: a folder holds `train/` and `test/`, and
//! these a folder of photos for each label. `WEIGHTS` is a safetensors file, its backbone told by its file name.

use dto::model::{Backbone, Epoch, Phase, Settings};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};
use vision::{Crop, Engine, EngineConfig, Limits, Observer, Purpose, TrainingSet, decode, preprocess};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let weights = arguments.next().ok_or("usage: accuracy WEIGHTS FOLDER…")?;
    let name = weights.file_name().unwrap_or_default().to_string_lossy();
    let backbone = Backbone::ALL.into_iter().find(|backbone| name.starts_with(backbone.as_str()));
    let backbone = backbone.ok_or("the file's name must begin with resnet18 or efficientnet_lite0")?;
    let threads = std::thread::available_parallelism()?.get();
    let engine = Engine::start(EngineConfig { weights: vec![(backbone, weights)], threads })?;
    for folder in arguments {
        measure(&engine, backbone, &folder).await?;
    }
    Ok(())
}

async fn measure(engine: &Engine, backbone: Backbone, folder: &Path) -> Outcome<()> {
    println!("{} with {}", folder.display(), backbone.title());
    let labels = entries(&folder.join("train"))?;
    let (train, targets) = photos(&folder.join("train"), &labels)?;
    let (test, truths) = photos(&folder.join("test"), &labels)?;

    let begun = Instant::now();
    let count = train.len();
    let embeddings = engine.embed(backbone, train, Purpose::Store).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("  embedded {count} in {seconds:.2} s, {:.0} a second", count as f64 / seconds);

    let set = TrainingSet {
        embeddings: embeddings.concat(),
        dimensions: backbone.dimensions(),
        targets,
        classes: labels.len(),
    };
    let begun = Instant::now();
    let trained = engine.train_instant(set, Settings::default(), Box::new(Silent)).await?;
    println!("  trained {} epochs in {:.3} s", trained.epochs.len(), begun.elapsed().as_secs_f64());
    if let (Some(accuracy), Some([low, high])) = (trained.accuracy, trained.accuracy_interval) {
        println!("  cross-validation {:.1} %, likely {:.1} to {:.1}", 100.0 * accuracy, 100.0 * low, 100.0 * high);
    }

    let begun = Instant::now();
    let count = test.len();
    let (mut right, mut unsure, mut right_of_sure) = (0, 0, 0);
    let embeddings = engine.embed(backbone, test, Purpose::Predict).await?;
    for (embedding, truth) in embeddings.iter().zip(truths) {
        let probabilities = trained.head.probabilities(embedding)?;
        let best = (0..labels.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        let hit = best == Some(truth as usize);
        let sure = best.is_some_and(|best| !trained.head.unsure(probabilities[best].into()));
        right += usize::from(hit);
        unsure += usize::from(!sure);
        right_of_sure += usize::from(hit && sure);
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
    println!("  predicted {count} in {:.2} s", begun.elapsed().as_secs_f64());
    println!(
        "  test {:.2} %; {:.1} % unsure (below {:.2}), of the others {:.2} % right",
        share(right, count),
        share(unsure, count),
        trained.head.unsure_below(),
        share(right_of_sure, count - unsure)
    );
    Ok(())
}

/// Crops of all photos under a folder per label, and their labels.
fn photos(folder: &Path, labels: &[String]) -> Outcome<(Vec<Crop>, Vec<u32>)> {
    let begun = Instant::now();
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
                Err(error) => println!("  {label}/{file}: {error}"),
            }
        }
    }
    println!("  decoded {} of {} in {:.2} s", crops.len(), folder.display(), begun.elapsed().as_secs_f64());
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

/// Nobody watches.
struct Silent;

impl Observer for Silent {
    fn phase(&mut self, _: Phase) {}
    fn epoch(&mut self, _: &Epoch) {}
    fn cancelled(&self) -> bool {
        false
    }
}
