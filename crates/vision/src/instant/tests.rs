//! Training on embeddings that are drawn here.

use super::*;
use dto::model::Settings;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tch::{Kind, Tensor};

const DIMENSIONS: usize = 16;

/// Images scattered about one point per label; the points lie `distance` apart from one another.
fn clusters(per_label: &[usize], distance: f32) -> TrainingSet {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut embeddings, mut targets) = (Vec::new(), Vec::new());
    for (label, &images) in per_label.iter().enumerate() {
        for _ in 0..images {
            embeddings.extend((0..DIMENSIONS).map(|number| {
                let noise: f32 = (0..4).map(|_| random.random_range(-1.0f32..1.0)).sum();
                noise + if number == label { distance } else { 0.0 }
            }));
            targets.push(label as u32);
        }
    }
    TrainingSet { embeddings, mirrored: Vec::new(), dimensions: DIMENSIONS, targets, classes: per_label.len() }
}

/// Writes down what it hears, and cancels when told to.
#[derive(Default)]
struct Diary {
    phases: Vec<Phase>,
    epochs: Vec<Epoch>,
    cancel_after: Option<usize>,
}

impl Observer for Diary {
    fn phase(&mut self, phase: Phase) {
        self.phases.push(phase);
    }
    fn epoch(&mut self, epoch: &Epoch) {
        self.epochs.push(*epoch);
    }
    fn cancelled(&self) -> bool {
        self.cancel_after.is_some_and(|epochs| self.epochs.len() >= epochs)
    }
}

fn run(set: &TrainingSet, settings: &Settings) -> Result<Trained, TrainError> {
    train(set, settings, &mut Diary::default())
}

#[test]
fn learns_what_can_be_learned() {
    let set = clusters(&[60, 60, 60], 8.0);
    let mut diary = Diary::default();
    let trained = train(&set, &Settings::default(), &mut diary).expect("a sound set");
    assert!(trained.accuracy.expect("folds") > 0.97);
    assert!(trained.training_accuracy > 0.97);
    assert_eq!(trained.accuracy_kind, Some(AccuracyKind::CrossValidation));
    assert_eq!(diary.phases, [Phase::Training, Phase::Evaluating]);
    assert_eq!(diary.epochs, trained.epochs);
    assert!(trained.predictions.iter().all(|prediction| prediction.out_of_fold));
    for (embedding, &target) in set.embeddings.chunks(DIMENSIONS).zip(&set.targets).step_by(20) {
        let probabilities = trained.classifier.answer(embedding).expect("an embedding").probabilities;
        assert!(probabilities[target as usize] > 0.5);
    }
}

#[test]
fn mirrored_views_are_learned_from_and_not_judged() {
    let plain = clusters(&[30, 30], 6.0);
    // Views that say something else of every image: a head that learns from them too can't do as well.
    let swapped = plain.embeddings.chunks(DIMENSIONS).flat_map(|row| {
        let mut row = row.to_vec();
        row.swap(0, 1);
        row
    });
    let misled = TrainingSet { mirrored: swapped.collect(), ..plain.clone() };
    let alike = TrainingSet { mirrored: plain.embeddings.clone(), ..plain.clone() };
    let accuracy = |set: &TrainingSet| {
        let trained = run(set, &Settings::default()).expect("a sound set");
        assert_eq!(trained.predictions.len(), 60);
        trained.accuracy.expect("folds")
    };
    assert!(accuracy(&plain) > 0.95 && accuracy(&misled) < 0.8);
    assert_eq!(accuracy(&alike), accuracy(&plain), "twice the same tells nothing new");
    let short = TrainingSet { mirrored: vec![0.0; 5], ..plain };
    assert!(matches!(run(&short, &Settings::default()), Err(TrainError::Malformed(_))));
}

#[test]
fn noise_is_not_learned() {
    let trained = run(&clusters(&[100, 100], 0.0), &Settings::default()).expect("a sound set");
    let [low, high] = trained.accuracy_interval.expect("folds");
    assert!(low < 0.55 && high < 0.7, "{low} to {high}");
    assert!(trained.predictions.iter().all(|prediction| prediction.probability < 0.9));
    assert_eq!(trained.epochs.len(), 50);
}

#[test]
fn the_same_run_gives_the_same_bits() {
    let set = clusters(&[40, 30, 20], 3.0);
    let [first, second] = [0; 2].map(|_| run(&set, &Settings::default()).expect("a sound set"));
    assert_eq!(first.classifier, second.classifier);
    assert_eq!(first.predictions, second.predictions);
}

#[test]
fn the_gradient_is_that_of_the_loss() {
    let set = clusters(&[12, 12, 12], 2.0);
    let folds = folds::split(&set.targets, &(0..36).collect::<Vec<_>>(), 0);
    let heads = Heads::new(&set, &folds).expect("a sound set");
    let mut parameters = heads.zeros().expect("memory");
    let mut descent = Descent::new(&heads, &parameters).expect("memory");
    let pass = heads.pass(&parameters).expect("finite numbers");
    descent.step(&mut parameters, &pass.gradient).expect("finite numbers");

    // The final head's loss is reported, so its derivative can be measured.
    let gradient = heads.pass(&parameters).expect("finite numbers").gradient;
    let last = folds.count as i64;
    for (number, label) in [(0, 0), (1, 2), (7, 1)] {
        let loss_at = |offset: f64| {
            let change = Tensor::zeros(parameters.weight.size(), (Kind::Float, tch::Device::Cpu));
            let _ = change.get(number).get(last).get(label).fill_(offset);
            let moved = Parameters { weight: &parameters.weight + change, bias: parameters.bias.shallow_clone() };
            heads.pass(&moved).expect("finite numbers").loss
        };
        let measured = (loss_at(1e-2) - loss_at(-1e-2)) / 2e-2;
        let claimed = gradient.weight.double_value(&[number, last, label]);
        assert!((measured - claimed).abs() < 1e-3, "{measured} is not {claimed}");
    }
}

#[test]
fn a_small_set_has_no_accuracy_but_a_model() {
    let trained = run(&clusters(&[1, 1], 8.0), &Settings::default()).expect("two labels");
    assert_eq!((trained.accuracy, trained.accuracy_interval, trained.accuracy_kind), (None, None, None));
    assert!(trained.predictions.iter().all(|prediction| !prediction.out_of_fold));
    assert_eq!(trained.training_accuracy, 1.0);
}

#[test]
fn a_label_with_one_image_is_only_learned_from() {
    let trained = run(&clusters(&[20, 20, 1], 8.0), &Settings::default()).expect("a sound set");
    let held_out = trained.predictions.iter().filter(|prediction| prediction.out_of_fold).count();
    assert_eq!(held_out, 40);
    assert!(!trained.predictions[40].out_of_fold);
}

#[test]
fn images_that_are_all_the_same_do_no_harm() {
    let set = TrainingSet {
        embeddings: vec![0.5; 8 * 4],
        mirrored: Vec::new(),
        dimensions: 4,
        targets: [0, 1].repeat(4),
        classes: 2,
    };
    let trained = run(&set, &Settings::default()).expect("two labels");
    let probabilities = trained.classifier.answer(&[0.5; 4]).expect("an embedding").probabilities;
    assert!((probabilities[0] - 0.5).abs() < 1e-3);
}

#[test]
fn numbers_too_large_to_compute_with_are_an_error() {
    let mut set = clusters(&[5, 5], 1.0);
    set.embeddings[3] = f32::MAX;
    assert!(matches!(run(&set, &Settings::default()), Err(TrainError::NotFinite)));
}

#[test]
fn stops_when_cancelled() {
    let mut diary = Diary { cancel_after: Some(3), ..Diary::default() };
    let outcome = train(&clusters(&[20, 20], 1.0), &Settings::default(), &mut diary);
    assert!(matches!(outcome, Err(TrainError::Cancelled)));
    assert_eq!(diary.epochs.len(), 3);
}

#[test]
fn without_patience_ends_at_the_target() {
    let settings = Settings { patience: 0, target_accuracy: 0.9, ..Settings::default() };
    let trained = run(&clusters(&[50, 50], 9.0), &settings).expect("a sound set");
    let last = trained.epochs.last().expect("at least one epoch");
    assert!(last.validation_accuracy.expect("folds") >= 0.9);
    assert!(trained.epochs.len() < 10);
}
