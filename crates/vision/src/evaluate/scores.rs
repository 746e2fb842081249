//! What held-out images say of a model.

/// Bins of the calibration error, of equal width.
const BINS: usize = 10;
/// The lowest probability that the log-loss counts with, so that one sure mistake does not make it infinite.
const LOWEST: f64 = 1e-12;

/// One held-out image; labels count from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub truth: usize,
    pub predicted: usize,
    /// Of the predicted label, 0 to 1.
    pub probability: f64,
    /// Of the true label, 0 to 1; `None` where it was not kept.
    pub true_probability: Option<f64>,
}

/// How well one label is told from the others. A share of nothing is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelScores {
    /// Held-out images that have the label, and images that were given it.
    pub images: u64,
    pub predicted: u64,
    /// Of the images that were given the label, the share that has it.
    pub precision: Option<f64>,
    /// Of the images that have the label, the share that was given it.
    pub recall: Option<f64>,
    /// The harmonic mean of both.
    pub f1: Option<f64>,
}

/// All that is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// `[true label][predicted label]`.
    pub confusion: Vec<Vec<u64>>,
    pub labels: Vec<LabelScores>,
    /// The mean F1 of the labels that have images, each counting the same.
    pub macro_f1: Option<f64>,
    /// Mean cross-entropy in nats: how surprising the truth was.
    pub log_loss: Option<f64>,
    /// How far probabilities are from the share of right answers, on average: the expected calibration error of Guo et
    /// al., "On Calibration of Modern Neural Networks", 2017, in ten bins.
    pub calibration_error: Option<f64>,
}

impl Scores {
    /// Labels of `images` are below `labels`.
    pub fn of(images: &[Judged], labels: usize) -> Self {
        let mut confusion = vec![vec![0u64; labels]; labels];
        images.iter().for_each(|image| confusion[image.truth][image.predicted] += 1);
        let scores: Vec<LabelScores> = (0..labels).map(|label| label_scores(&confusion, label)).collect();
        let f1s: Vec<f64> =
            scores.iter().filter(|label| label.images > 0).map(|label| label.f1.unwrap_or(0.0)).collect();
        Self {
            confusion,
            labels: scores,
            macro_f1: mean(&f1s),
            log_loss: log_loss(images),
            calibration_error: calibration_error(images),
        }
    }
}

fn label_scores(confusion: &[Vec<u64>], label: usize) -> LabelScores {
    let right = confusion[label][label];
    let images = confusion[label].iter().sum::<u64>();
    let predicted = confusion.iter().map(|row| row[label]).sum::<u64>();
    let share = |of: u64| (of > 0).then(|| right as f64 / of as f64);
    let f1 = (images + predicted > 0).then(|| 2.0 * right as f64 / (images + predicted) as f64);
    LabelScores { images, predicted, precision: share(predicted), recall: share(images), f1 }
}

fn log_loss(images: &[Judged]) -> Option<f64> {
    let losses: Option<Vec<f64>> =
        images.iter().map(|image| Some(-image.true_probability?.clamp(LOWEST, 1.0).ln())).collect();
    mean(&losses?)
}

fn calibration_error(images: &[Judged]) -> Option<f64> {
    // Of each bin: how many images, and the sum of probability less rightness.
    let mut bins = [(0usize, 0.0); BINS];
    for image in images {
        let (count, gap) = &mut bins[((image.probability * BINS as f64) as usize).min(BINS - 1)];
        *count += 1;
        *gap += image.probability - f64::from(u8::from(image.truth == image.predicted));
    }
    (!images.is_empty()).then(|| bins.iter().map(|(_, gap)| gap.abs()).sum::<f64>() / images.len() as f64)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(truth: usize, predicted: usize, probability: f64, true_probability: f64) -> Judged {
        Judged { truth, predicted, probability, true_probability: Some(true_probability) }
    }

    #[test]
    fn counts_what_was_mistaken_for_what() {
        // Label 2 has no image, and is predicted once.
        let images = [judged(0, 0, 0.9, 0.9), judged(0, 1, 0.6, 0.3), judged(1, 1, 0.8, 0.8), judged(1, 2, 0.5, 0.4)];
        let scores = Scores::of(&images, 3);
        assert_eq!(scores.confusion, [[1, 1, 0], [0, 1, 1], [0, 0, 0]]);
        assert_eq!((scores.labels[0].precision, scores.labels[0].recall), (Some(1.0), Some(0.5)));
        assert_eq!((scores.labels[2].precision, scores.labels[2].recall), (Some(0.0), None));
        let f1 = [2.0 / 3.0, 0.5];
        assert!((scores.macro_f1.expect("images") - (f1[0] + f1[1]) / 2.0).abs() < 1e-12);
        let loss = -(0.9f64.ln() + 0.3f64.ln() + 0.8f64.ln() + 0.4f64.ln()) / 4.0;
        assert!((scores.log_loss.expect("images") - loss).abs() < 1e-12);
    }

    #[test]
    fn calibration_is_the_gap_between_claim_and_truth() {
        // Ten claims of 75 %, of which seven and a half would be right; ten of 95 %, all right.
        let mut images: Vec<Judged> = (0..10).map(|i| judged(0, usize::from(i >= 5), 0.75, 0.75)).collect();
        images.extend((0..10).map(|_| judged(0, 0, 0.95, 0.95)));
        let error = Scores::of(&images, 2).calibration_error.expect("images");
        assert!((error - (10.0 * 0.25 + 10.0 * 0.05) / 20.0).abs() < 1e-12, "{error}");
    }

    #[test]
    fn nothing_held_out_gives_no_numbers() {
        let scores = Scores::of(&[], 2);
        assert_eq!((scores.macro_f1, scores.log_loss, scores.calibration_error), (None, None, None));
        assert_eq!(scores.labels[0].f1, None);
        let sure = Scores::of(&[judged(0, 1, 1.0, 0.0)], 2);
        assert!(sure.log_loss.expect("an image").is_finite() && sure.calibration_error == Some(1.0));
    }
}
