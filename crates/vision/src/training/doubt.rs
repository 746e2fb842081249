//! Whether a prediction can be believed.
//!
//! Two things speak against one, and neither is enough alone: the model and the neighbours do not agree on a label, which
//! catches pictures of something similar (a sister species), and the picture is far from all that was learned, which
//! catches pictures of something foreign. Each is ranked among the same of held-out images, which makes it a p-value, and
//! both are joined as in Fisher, "Statistical Methods for Research Workers", 1925, §21.1.

use super::neighbours::{Neighbours, Opinion};

/// Held-out images that are needed to say what is usual.
const ENOUGH: usize = 10;
/// Values of each kind that are kept to rank among; of more, as many evenly spread ones.
const RANKS: usize = 2000;
/// For each image that the model gets wrong it may ask about so many, within [`ASKED`] of all.
const ASKED_PER_MISTAKE: f64 = 2.0;
/// At 2 % some foreign pictures pass for known ones; more than 10 % asks too often to be heeded.
const ASKED: [f64; 2] = [0.03, 0.10];
/// A prediction below this is more likely wrong than right, however usual that is for its model.
const AS_GOOD_AS_NOT: f64 = 0.5;

/// What the predictions of a model are held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    neighbours: Neighbours,
    /// Of held-out images, ascending: how much was missing from agreement, and the distance to the neighbours.
    disagreements: Vec<f32>,
    distances: Vec<f32>,
    /// The joint statistic above which a prediction is unsure.
    threshold: f64,
}

/// A held-out image: the probability that it was given for its predicted label, that label, whether it was right, and
/// what its neighbours say.
pub struct Case<'a> {
    pub probability: f64,
    pub predicted: u32,
    pub right: bool,
    pub opinion: &'a Opinion,
}

impl Doubt {
    /// Learns from held-out images what is usual; `None` from fewer than ten.
    pub fn learn(neighbours: Neighbours, cases: &[Case]) -> Option<Self> {
        if cases.len() < ENOUGH {
            return None;
        }
        let sorted = |value: &dyn Fn(&Case) -> f64| {
            let mut values: Vec<f32> = cases.iter().map(|case| value(case) as f32).collect();
            values.sort_by(f32::total_cmp);
            values
        };
        let disagreements = sorted(&|case| disagreement(case.probability, case.predicted, case.opinion));
        let distances = sorted(&|case| case.opinion.distance);
        let mut doubt = Self { neighbours, disagreements, distances, threshold: f64::INFINITY };
        let mut statistics: Vec<f64> =
            cases.iter().map(|case| doubt.statistic(case.probability, case.predicted, case.opinion)).collect();
        statistics.sort_by(|a, b| b.total_cmp(a));
        let wrong = cases.iter().filter(|case| !case.right).count();
        let asked = (ASKED_PER_MISTAKE * wrong as f64 / cases.len() as f64).clamp(ASKED[0], ASKED[1]);
        doubt.threshold = statistics[(asked * cases.len() as f64).floor() as usize];
        doubt.disagreements = thinned(&doubt.disagreements);
        doubt.distances = thinned(&doubt.distances);
        Some(doubt)
    }

    /// What [`Doubt::parts`] gave; `None` if it does not fit together.
    pub fn from_parts(
        neighbours: Neighbours,
        disagreements: Vec<f32>,
        distances: Vec<f32>,
        threshold: f64,
    ) -> Option<Self> {
        let sound = |values: &[f32]| !values.is_empty() && values.is_sorted() && values.iter().all(|x| x.is_finite());
        let sound = sound(&disagreements) && sound(&distances) && threshold.is_finite();
        sound.then_some(Self { neighbours, disagreements, distances, threshold })
    }

    /// The neighbours, the sorted disagreements and distances of held-out images, and the threshold.
    pub fn parts(&self) -> (&Neighbours, &[f32], &[f32], f64) {
        (&self.neighbours, &self.disagreements, &self.distances, self.threshold)
    }

    /// Whether a prediction had better be asked twice.
    pub fn unsure(&self, embedding: &[f32], predicted: u32, probability: f64) -> bool {
        if probability < AS_GOOD_AS_NOT {
            return true;
        }
        let opinion = self.neighbours.ask(embedding);
        opinion.is_none_or(|opinion| self.statistic(probability, predicted, &opinion) > self.threshold)
    }

    fn statistic(&self, probability: f64, predicted: u32, opinion: &Opinion) -> f64 {
        -p_value(&self.disagreements, disagreement(probability, predicted, opinion)).ln()
            - p_value(&self.distances, opinion.distance).ln()
    }
}

/// What is missing from full agreement of model and neighbours on the predicted label, 0 to 1.
fn disagreement(probability: f64, predicted: u32, opinion: &Opinion) -> f64 {
    1.0 - (probability + opinion.votes.get(predicted as usize).copied().unwrap_or(0.0)) / 2.0
}

/// The share of usual values that are at least as high, the new one counted among them.
fn p_value(usual: &[f32], value: f64) -> f64 {
    let below = usual.partition_point(|&usual| usual < value as f32);
    (usual.len() - below + 1) as f64 / (usual.len() + 1) as f64
}

/// At most [`RANKS`] of sorted values, evenly spread, the ends among them.
fn thinned(values: &[f32]) -> Vec<f32> {
    if values.len() <= RANKS {
        return values.to_vec();
    }
    (0..RANKS).map(|i| values[i * (values.len() - 1) / (RANKS - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred images at small angles to two axes, all of them right, each seen by the others.
    fn doubt(wrong: usize) -> Doubt {
        let angle = |i: usize| (i as f32 * 0.2 + if i.is_multiple_of(2) { 0.0 } else { 60.0 }).to_radians();
        let rows = (0..100).flat_map(|i| [angle(i).cos(), angle(i).sin(), 0.0]).collect();
        let neighbours = Neighbours::new(rows, (0..100).map(|i| i % 2).collect(), 3, 2).expect("fitting");
        let opinions: Vec<Opinion> =
            (0..100).map(|i| Opinion { distance: f64::from(i) * 1e-4, votes: vec![1.0, 0.0] }).collect();
        let cases: Vec<Case> = opinions
            .iter()
            .enumerate()
            .map(|(i, opinion)| Case { probability: 0.9 + i as f64 * 1e-3, predicted: 0, right: i >= wrong, opinion })
            .collect();
        Doubt::learn(neighbours, &cases).expect("enough")
    }

    #[test]
    fn what_is_far_or_disputed_is_doubted() {
        let doubt = doubt(0);
        assert!(!doubt.unsure(&[1.0, 0.1, 0.0], 0, 0.97));
        assert!(doubt.unsure(&[0.3, 0.0, 1.0], 0, 0.999), "far from everything, however sure the model");
        assert!(doubt.unsure(&[1.0, 0.1, 0.0], 1, 0.55), "the neighbours say otherwise");
        assert!(doubt.unsure(&[1.0, 0.1, 0.0], 0, 0.49), "more likely wrong than right");
        assert!(doubt.unsure(&[1.0], 0, 0.99), "no embedding of this model");
    }

    #[test]
    fn a_model_that_errs_more_asks_more() {
        assert!(doubt(10).threshold < doubt(0).threshold);
        assert_eq!(doubt(10).threshold, doubt(5).threshold);
    }

    #[test]
    fn few_images_tell_nothing() {
        let neighbours = Neighbours::new(vec![1.0], vec![0], 1, 1).expect("fitting");
        assert_eq!(Doubt::learn(neighbours, &[]), None);
    }

    #[test]
    fn thinning_keeps_the_ends() {
        let values: Vec<f32> = (0..10_001).map(|i| i as f32).collect();
        let thin = thinned(&values);
        assert_eq!((thin.len(), thin[0], thin[RANKS - 1]), (RANKS, 0.0, 10_000.0));
    }
}
