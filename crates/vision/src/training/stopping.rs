//! When training ends, and which of its epochs is kept.

use dto::model::{Epoch, Settings};

/// The share by which the loss must fall for an epoch to count as better.
const PROGRESS: f64 = 0.01;

/// Watches the epochs go by.
pub struct Stopping {
    target: f64,
    patience: u32,
    best_accuracy: f64,
    /// The loss that an epoch must undercut to count as better.
    loss_to_beat: f64,
    epochs_since_better: u32,
    lowest_loss: f64,
}

/// What to do after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// This epoch is the best yet.
    pub keep: bool,
    pub stop: bool,
}

impl Stopping {
    pub fn new(settings: &Settings) -> Self {
        Self {
            target: settings.target_accuracy,
            patience: settings.patience,
            best_accuracy: f64::NEG_INFINITY,
            loss_to_beat: f64::INFINITY,
            epochs_since_better: 0,
            lowest_loss: f64::INFINITY,
        }
    }

    /// Judges an epoch, by images kept aside where there are some, else by those learned from.
    ///
    /// It ends once the accuracy has reached the target and nothing has become better for as many epochs as one has
    /// patience (0: at once). Better is a higher accuracy, or a loss lower by [`PROGRESS`]: on few images the accuracy
    /// stands still while the probabilities still improve.
    ///
    /// Kept is the epoch of the lowest loss rather than of the highest accuracy: on few images many epochs tie in
    /// accuracy, the highest of them is high by luck, and the loss also tells how far its probabilities can be believed.
    pub fn judge(&mut self, epoch: &Epoch) -> Verdict {
        let accuracy = epoch.validation_accuracy.unwrap_or(epoch.accuracy);
        let loss = epoch.validation_loss.unwrap_or(epoch.loss);
        if accuracy > self.best_accuracy || loss < self.loss_to_beat {
            self.best_accuracy = self.best_accuracy.max(accuracy);
            self.loss_to_beat = self.loss_to_beat.min(loss * (1.0 - PROGRESS));
            self.epochs_since_better = 0;
        } else {
            self.epochs_since_better += 1;
        }
        let keep = loss < self.lowest_loss;
        if keep {
            self.lowest_loss = loss;
        }
        Verdict { keep, stop: self.best_accuracy >= self.target && self.epochs_since_better >= self.patience }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(patience: u32, accuracies: &[f64]) -> Option<usize> {
        let settings = Settings { target_accuracy: 0.9, patience, ..Settings::default() };
        let mut stopping = Stopping::new(&settings);
        accuracies.iter().position(|&accuracy| stopping.judge(&epoch(0.5, accuracy)).stop)
    }

    fn epoch(loss: f64, accuracy: f64) -> Epoch {
        Epoch {
            epoch: 0,
            loss: 0.0,
            accuracy: 1.0,
            validation_loss: Some(loss),
            validation_accuracy: Some(accuracy),
            seconds: 0.0,
            elapsed_seconds: 0.0,
        }
    }

    #[test]
    fn waits_until_the_accuracy_stops_growing() {
        assert_eq!(run(2, &[0.5, 0.91, 0.92, 0.92, 0.92, 0.99]), Some(4));
        assert_eq!(run(2, &[0.5, 0.5, 0.5, 0.5, 0.8]), None);
    }

    #[test]
    fn a_falling_loss_is_progress_too() {
        let mut stopping = Stopping::new(&Settings { patience: 1, ..Settings::default() });
        let stops = [0.7, 0.5, 0.4, 0.399].map(|loss| stopping.judge(&epoch(loss, 0.95)).stop);
        assert_eq!(stops, [false, false, false, true]);
    }

    #[test]
    fn without_patience_the_target_is_the_end() {
        assert_eq!(run(0, &[0.5, 0.89, 0.9, 0.99]), Some(2));
    }

    #[test]
    fn keeps_the_lowest_loss() {
        let mut stopping = Stopping::new(&Settings::default());
        let kept = [0.7, 0.3, 0.4, 0.2].map(|loss| stopping.judge(&epoch(loss, 0.5)).keep);
        assert_eq!(kept, [true, true, false, true]);
    }
}
