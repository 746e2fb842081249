//! Fine-tuning: an epoch in which the whole network learns.

use crate::{
    bench::Bench,
    line::{Line, Unit, table},
    peer::number,
    photos::{crop, targets},
    report::Section,
    statistics::median,
};
use anyhow::Result;
use dto::model::Settings;
use vision::{CropFile, FineTuning, Nobody, Purpose, TrainingSet};

const EPOCHS: u32 = 3;
/// A fifth is held out: so many are learned from.
const PICTURES: usize = 500;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let (ours, learned) = epoch(bench).await?;
    let peer = bench.peer("finetune", 1)?;
    let theirs = peer.as_ref().map(|peer| number(peer, "finetune/seconds")).transpose()?;
    let what = format!("an epoch of {learned} pictures ({})", bench.backbone.title());
    let lines = vec![Line::new(what, format!("{} ({:.0}/s)", Unit::Seconds.of(ours), learned as f64 / ours)).beside(
        ours,
        theirs,
        Unit::Seconds,
        Some(2.0),
    )];
    let how = format!(
        "The median of {EPOCHS} epochs, in each of which another {} pictures are predicted to judge it; PyTorch's one epoch \
         of 400 decodes its pictures, as its tutorial does, and judges nothing.",
        PICTURES - learned
    );
    Ok(Section { title: "Fine-tuning".into(), table: table(lines), how })
}

/// Seconds of an epoch, and how many pictures it learns from.
async fn epoch(bench: &Bench) -> Result<(f64, usize)> {
    let (mut photos, test) = (bench.photos.train()?, bench.photos.test()?);
    let wanted = PICTURES.saturating_sub(photos.len());
    // As many of each label as of the others.
    let step = (test.len() / wanted.max(1)).max(1);
    photos.extend(test.into_iter().step_by(step).take(wanted));
    let (targets, classes) = targets(&photos);
    let mut file = CropFile::create(&std::env::temp_dir())?;
    let crops = photos.iter().map(|photo| crop(&photo.path)).collect::<Result<Vec<_>>>()?;
    crops.iter().try_for_each(|crop| file.push(crop))?;
    let embeddings = bench.engine().embed(bench.backbone, crops, Purpose::Store).await?.concat();
    let set =
        TrainingSet { embeddings, mirrored: Vec::new(), dimensions: bench.backbone.dimensions(), targets, classes };
    let settings = Settings { max_epochs: EPOCHS, patience: EPOCHS, ..Settings::default() };
    let tuning = FineTuning { backbone: bench.backbone, set, crops: file, settings, resume: None };
    let tuned = bench.engine().fine_tune(tuning, Box::new(Nobody)).await?;
    let learned = tuned.predictions.iter().filter(|prediction| !prediction.out_of_fold).count();
    let seconds: Vec<f64> = tuned.epochs.iter().map(|epoch| epoch.seconds).collect();
    Ok((median(&seconds), learned))
}
