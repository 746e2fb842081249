//! What must hold of any bytes that are taken for a file of weights: a backbone's, a model's, a checkpoint.

use vision::{Checkpoint, Classifier, check_weights};

pub fn check(bytes: &[u8]) {
    for backbone in dto::model::Backbone::ALL {
        if let Err(error) = check_weights(backbone, bytes.to_vec()) {
            assert!(!error.to_string().is_empty(), "an operator is told why");
        }
    }
    if let Err(error) = Checkpoint::read(bytes.to_vec()) {
        assert!(!error.to_string().is_empty());
    }
    if let Ok(classifier) = Classifier::from_safetensors(bytes) {
        let dimensions = classifier.head().dimensions();
        // Whatever its numbers are, the answer is numbers or an error.
        if let Ok(answer) = classifier.answer(&vec![0.5; dimensions]) {
            assert!(answer.probabilities.iter().all(|probability| probability.is_finite()));
        }
        let written = classifier.to_safetensors().expect("what was read can be written");
        let again = Classifier::from_safetensors(&written).expect("and read again");
        assert_eq!(again.head().dimensions(), dimensions);
    }
}
