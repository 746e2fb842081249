//! The engine with real weights where there are some, and without.

use super::*;
use crate::backbone::Processor;
use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The file of a backbone's weights: the one that a server would use.
fn weights(backbone: Backbone) -> Option<PathBuf> {
    let name = backbone.as_str();
    let named = env::var_os(format!("PUPIL_WEIGHTS_{}", name.to_uppercase())).map(PathBuf::from);
    let cache = || {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))?;
        Some(cache.join("pupil/weights").join(format!("{name}.safetensors")))
    };
    let found = named.or_else(cache).filter(|path| path.is_file());
    if found.is_none() {
        println!("skipped: {} has no weights here; `cargo xtask setup` gets them", backbone.title());
    }
    found
}

fn start(weights: Vec<(Backbone, PathBuf)>) -> Engine {
    Engine::start(EngineConfig { weights, threads: 2, compute: Compute::fastest() }).expect("threads")
}

/// Pictures that differ from one another.
fn crops(count: u32) -> Vec<Crop> {
    let picture = |seed: u32| {
        image::RgbImage::from_fn(256, 256, |x, y| {
            image::Rgb([x * (seed + 1), y * (seed + 3) / 2, (x + y) * (seed + 2) / 3].map(|number| number as u8))
        })
    };
    (0..count).map(|seed| crate::preprocess(&picture(seed))).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

#[tokio::test]
async fn starts_without_weights_and_says_so() {
    let file = env::temp_dir().join(format!("pupil-no-weights-{}", std::process::id()));
    std::fs::write(&file, b"not safetensors").expect("a folder for temporary files");
    let engine = start(vec![(Backbone::Resnet18, file.clone())]);
    std::fs::remove_file(&file).expect("what was just written");
    assert_eq!(engine.default_backbone(), None);
    assert!(engine.backbones().iter().all(|status| status.problem.is_some() && status.weights_sha256.is_none()));
    let outcome = engine.embed(Backbone::Resnet18, crops(1), Purpose::Predict).await;
    assert!(matches!(outcome, Err(EngineError::WeightsMissing { backbone: Backbone::Resnet18, .. })));
}

#[tokio::test]
async fn weights_of_another_network_are_refused() {
    let Some(file) = weights(Backbone::EfficientnetLite0) else { return };
    let engine = start(vec![(Backbone::Resnet18, file)]);
    let problem = engine.backbones()[0].problem.clone().expect("another network's file");
    assert!(problem.contains("of another network"), "{problem}");
}

#[tokio::test]
async fn both_precisions_agree() {
    for backbone in Backbone::ALL {
        let Some(file) = weights(backbone) else { continue };
        let engine = start(vec![(backbone, file)]);
        assert_eq!(engine.default_backbone(), Some(backbone));
        let exact = engine.embed(backbone, crops(5), Purpose::Predict).await.expect("an embedding");
        let fast = engine.embed(backbone, crops(5), Purpose::Store).await.expect("an embedding");
        for (exact, fast) in exact.iter().zip(&fast) {
            assert_eq!(exact.len(), backbone.dimensions());
            assert!(cosine(exact, fast) >= 0.999, "{}: {}", backbone.title(), cosine(exact, fast));
        }
    }
}

/// Passes wherever there is no graphics card, and where there is a good one; the answer must be right in either case.
#[tokio::test]
async fn a_graphics_card_is_used_only_if_it_is_there_and_agrees() {
    let Some(file) = weights(Backbone::EfficientnetLite0) else { return };
    let weights = vec![(Backbone::EfficientnetLite0, file)];
    let compute = Compute::on(Processor::Cuda);
    let engine = Engine::start(EngineConfig { weights, threads: 2, compute }).expect("threads");
    assert_eq!(engine.compute().processor, Processor::fastest());
    let exact = engine.embed(Backbone::EfficientnetLite0, crops(2), Purpose::Predict).await.expect("an embedding");
    let fast = engine.embed(Backbone::EfficientnetLite0, crops(2), Purpose::Store).await.expect("an embedding");
    assert!(exact.iter().zip(&fast).all(|(exact, fast)| cosine(exact, fast) >= 0.999));
}

#[tokio::test]
async fn an_embedding_does_not_depend_on_its_company() {
    for backbone in Backbone::ALL {
        let Some(file) = weights(backbone) else { continue };
        let engine = start(vec![(backbone, file)]);
        let all = crops(embedder::BATCH as u32 + 3);
        let together = engine.embed(backbone, all.clone(), Purpose::Predict).await.expect("embeddings");
        assert_eq!(together.len(), all.len());
        for index in [0, 7, embedder::BATCH + 2] {
            let alone = engine.embed(backbone, vec![all[index].clone()], Purpose::Predict).await.expect("an embedding");
            assert!(cosine(&alone[0], &together[index]) > 0.99999);
        }
    }
}

#[tokio::test]
async fn many_callers_are_all_answered() {
    let Some(file) = weights(Backbone::EfficientnetLite0) else { return };
    let engine = start(vec![(Backbone::EfficientnetLite0, file)]);
    let calls = (0..12).map(|call| {
        let engine = engine.clone();
        let purpose = if call % 3 == 0 { Purpose::Store } else { Purpose::Predict };
        tokio::spawn(async move { engine.embed(Backbone::EfficientnetLite0, crops(3), purpose).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.expect("no panic").expect("embeddings").len(), 3);
    }
}

/// Predictions come without end, several at any time.
#[tokio::test]
async fn what_is_stored_is_embedded_however_much_is_predicted() {
    let Some(file) = weights(Backbone::EfficientnetLite0) else { return };
    let engine = start(vec![(Backbone::EfficientnetLite0, file)]);
    let is_stored = Arc::new(AtomicBool::new(false));
    let predicting: Vec<_> = (0..4)
        .map(|_| {
            let (engine, is_stored) = (engine.clone(), is_stored.clone());
            tokio::spawn(async move {
                while !is_stored.load(Ordering::Relaxed) {
                    engine.embed(Backbone::EfficientnetLite0, crops(16), Purpose::Predict).await.expect("embeddings");
                }
            })
        })
        .collect();
    // They are under way.
    engine.embed(Backbone::EfficientnetLite0, crops(1), Purpose::Predict).await.expect("an embedding");
    let stored = engine.embed(Backbone::EfficientnetLite0, crops(6), Purpose::Store);
    let stored = tokio::time::timeout(Duration::from_secs(60), stored).await.expect("it has its turn");
    assert_eq!(stored.expect("embeddings").len(), 6);
    assert!(predicting.iter().all(|task| !task.is_finished()));
    // The engine must be done when the process ends: libtorch does not bear to be taken down in the middle of its work.
    is_stored.store(true, Ordering::Relaxed);
    for task in predicting {
        task.await.expect("no panic");
    }
}

#[test]
fn each_thread_keeps_its_number_of_workers() {
    let (set, is_set) = std::sync::mpsc::channel();
    let (other_set, other_is_set) = std::sync::mpsc::channel::<()>();
    let first = thread::spawn(move || {
        spread_over(2);
        set.send(()).expect("the test waits");
        other_is_set.recv().expect("the other thread answers");
        let ones = tch::Tensor::ones([1 << 20], (tch::Kind::Float, tch::Device::Cpu));
        assert_eq!(ones.sum(tch::Kind::Double).double_value(&[]), f64::from(1 << 20));
        tch::get_num_threads()
    });
    is_set.recv().expect("the first thread is set");
    let second = thread::spawn(move || {
        spread_over(1);
        tch::get_num_threads()
    });
    assert_eq!(second.join().expect("no panic"), 1);
    other_set.send(()).expect("the first thread waits");
    assert_eq!(first.join().expect("no panic"), 2);
}

/// An observer that panics.
struct Broken;

impl Observer for Broken {
    fn phase(&mut self, _: dto::model::Phase) {
        panic!("the observer is broken");
    }
    fn epoch(&mut self, _: &dto::model::Epoch) {}
    fn cancelled(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn training_goes_on_after_a_run_that_panicked() {
    let engine = start(Vec::new());
    let set = TrainingSet {
        embeddings: vec![0.0, 1.0],
        mirrored: Vec::new(),
        dimensions: 1,
        targets: vec![0, 1],
        classes: 2,
    };
    for _ in 0..2 {
        let outcome = engine.train_instant(set.clone(), Settings::default(), Box::new(Broken)).await;
        assert!(matches!(outcome, Err(TrainError::Interrupted)));
    }
}
