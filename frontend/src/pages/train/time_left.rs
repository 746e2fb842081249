//! How long a run takes still.

use dto::model::Epoch;

/// Seconds that a run needs at most: the rest of the epoch under way, of which `share` (0 to 1) is done after `elapsed`
/// seconds, and all epochs that may follow. `None` before anything can be said.
pub fn seconds_left(epochs: &[Epoch], max_epochs: u32, share: f64, elapsed: f64) -> Option<f64> {
    let done = epochs.len() as u32;
    let mean = || epochs.iter().map(|epoch| epoch.seconds).sum::<f64>() / f64::from(done);
    let an_epoch = match done {
        0 if share >= 0.02 => elapsed / share,
        0 => return None,
        _ => mean(),
    };
    let to_come = f64::from(max_epochs.saturating_sub(done)) - share.clamp(0.0, 1.0);
    Some((an_epoch * to_come).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(epoch: u32, seconds: f64) -> Epoch {
        let (loss, accuracy) = (0.5, 0.8);
        Epoch { epoch, loss, accuracy, validation_loss: None, validation_accuracy: None, seconds, elapsed_seconds: 0.0 }
    }

    #[test]
    fn the_first_epoch_tells_after_a_while() {
        assert_eq!(seconds_left(&[], 10, 0.0, 0.0), None);
        assert_eq!(seconds_left(&[], 10, 0.5, 4.0), Some(76.0));
    }

    #[test]
    fn later_epochs_are_taken_to_last_as_long_as_those_before() {
        let epochs = [epoch(0, 8.0), epoch(1, 12.0)];
        assert_eq!(seconds_left(&epochs, 10, 0.5, 0.0), Some(75.0));
        assert_eq!(seconds_left(&epochs, 2, 0.5, 0.0), Some(0.0));
    }
}
