//! How long a run takes still.

use dto::model::Epoch;

/// The part of an epoch (0 to 1) that went by before one's eyes, and the time it took.
#[derive(Clone, Copy)]
pub struct Seen {
    pub share: f64,
    pub seconds: f64,
}

/// Seconds that a run needs at most: the rest of the epoch under way, of which `share` (0 to 1) is done, and all epochs
/// that may follow. Before an epoch is over the pace is that of what was `seen`; `None` before anything can be said.
pub fn seconds_left(epochs: &[Epoch], max_epochs: u32, share: f64, seen: Seen) -> Option<f64> {
    let done = epochs.len() as u32;
    let mean = || epochs.iter().map(|epoch| epoch.seconds).sum::<f64>() / f64::from(done);
    let an_epoch = match done {
        0 if seen.share >= 0.02 => seen.seconds / seen.share,
        0 => return None,
        _ => mean(),
    };
    let to_come = f64::from(max_epochs.saturating_sub(done)) - share.clamp(0.0, 1.0);
    Some((an_epoch * to_come).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Seen = Seen { share: 0.0, seconds: 0.0 };

    fn epoch(epoch: u32, seconds: f64) -> Epoch {
        let (loss, accuracy) = (0.5, 0.8);
        Epoch { epoch, loss, accuracy, validation_loss: None, validation_accuracy: None, seconds, elapsed_seconds: 0.0 }
    }

    #[test]
    fn the_first_epoch_tells_after_a_while() {
        assert_eq!(seconds_left(&[], 10, 0.0, NOTHING), None);
        assert_eq!(seconds_left(&[], 10, 0.5, Seen { share: 0.5, seconds: 4.0 }), Some(76.0));
    }

    #[test]
    fn a_page_that_comes_late_measures_from_then() {
        assert_eq!(seconds_left(&[], 10, 0.5, NOTHING), None);
        assert_eq!(seconds_left(&[], 10, 0.75, Seen { share: 0.25, seconds: 2.0 }), Some(74.0));
    }

    #[test]
    fn later_epochs_are_taken_to_last_as_long_as_those_before() {
        let epochs = [epoch(0, 8.0), epoch(1, 12.0)];
        assert_eq!(seconds_left(&epochs, 10, 0.5, NOTHING), Some(75.0));
        assert_eq!(seconds_left(&epochs, 2, 0.5, NOTHING), Some(0.0));
    }
}
