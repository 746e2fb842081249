//! What is learned from.

use super::TrainError;
use tch::Tensor;

/// Labelled embeddings.
#[derive(Clone, Debug)]
pub struct TrainingSet {
    /// `images × dimensions`, row by row.
    pub embeddings: Vec<f32>,
    /// The embeddings of the same images turned left to right, to be learned from as well; or none.
    pub mirrored: Vec<f32>,
    /// Numbers in one embedding.
    pub dimensions: usize,
    /// Per image its label, from 0.
    pub targets: Vec<u32>,
    /// How many labels there are.
    pub classes: usize,
}

impl TrainingSet {
    pub fn images(&self) -> usize {
        self.targets.len()
    }

    /// Whether anything can be learned from it.
    pub fn check(&self) -> Result<(), TrainError> {
        if self.dimensions == 0 || self.targets.len().checked_mul(self.dimensions) != Some(self.embeddings.len()) {
            return Err(TrainError::Malformed("there is not one embedding per image"));
        }
        if !self.mirrored.is_empty() && self.mirrored.len() != self.embeddings.len() {
            return Err(TrainError::Malformed("there is not one mirrored embedding per image"));
        }
        if self.targets.iter().any(|&target| target as usize >= self.classes) {
            return Err(TrainError::Malformed("an image has a label that does not exist"));
        }
        if self.targets.iter().all(|target| Some(target) == self.targets.first()) {
            return Err(TrainError::TooFewLabels);
        }
        if !self.embeddings.iter().chain(&self.mirrored).all(|number| number.is_finite()) {
            return Err(TrainError::NotFinite);
        }
        Ok(())
    }

    /// What each image weighs so that every label counts the same however many images it has: 1 on average, and exactly 1
    /// when all labels have as many.
    pub fn balance(&self) -> Vec<f32> {
        let mut images = vec![0usize; self.classes];
        self.targets.iter().for_each(|&target| images[target as usize] += 1);
        let present = images.iter().filter(|&&images| images > 0).count();
        let share = self.images() as f64 / present.max(1) as f64;
        self.targets.iter().map(|&target| (share / images[target as usize] as f64) as f32).collect()
    }

    /// `[images, dimensions]` in 32 bits.
    pub fn matrix(&self) -> Result<Tensor, TrainError> {
        let shape = [self.images() as i64, self.dimensions as i64];
        Ok(Tensor::f_from_slice(&self.embeddings)?.f_view(shape)?)
    }

    /// How often each image is learned from: as it is, and perhaps mirrored.
    pub fn views(&self) -> usize {
        if self.mirrored.is_empty() { 1 } else { 2 }
    }

    /// `[views × images, dimensions]` in 32 bits: all images as they are, then all of them mirrored.
    pub fn matrix_of_views(&self) -> Result<Tensor, TrainError> {
        let images = self.matrix()?;
        if self.mirrored.is_empty() {
            return Ok(images);
        }
        let mirrored = Tensor::f_from_slice(&self.mirrored)?.f_view(images.size().as_slice())?;
        Ok(Tensor::f_cat(&[images, mirrored], 0)?)
    }

    /// `[images]` of 64-bit integers.
    pub fn labels(&self) -> Result<Tensor, TrainError> {
        Ok(Tensor::f_from_slice(&self.targets.iter().map(|&target| i64::from(target)).collect::<Vec<_>>())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(embeddings: &[f32], targets: &[u32]) -> TrainingSet {
        TrainingSet {
            embeddings: embeddings.to_vec(),
            mirrored: Vec::new(),
            dimensions: 2,
            targets: targets.to_vec(),
            classes: 2,
        }
    }

    #[test]
    fn labels_count_the_same() {
        assert_eq!(set(&[0.0; 8], &[0, 1, 0, 1]).balance(), [1.0; 4]);
        let uneven = set(&[0.0; 8], &[0, 0, 0, 1]).balance();
        assert!((uneven[..3].iter().sum::<f32>() - uneven[3]).abs() < 1e-6);
        assert!((uneven.iter().sum::<f32>() - 4.0).abs() < 1e-6);
    }

    #[test]
    fn refuses_what_cannot_be_learned_from() {
        assert!(set(&[0.0, 1.0, 2.0, 3.0], &[0, 1]).check().is_ok());
        assert!(matches!(set(&[0.0, 1.0, 2.0, 3.0], &[1, 1]).check(), Err(TrainError::TooFewLabels)));
        assert!(matches!(set(&[], &[]).check(), Err(TrainError::TooFewLabels)));
        assert!(matches!(set(&[0.0, f32::NAN, 2.0, 3.0], &[0, 1]).check(), Err(TrainError::NotFinite)));
        assert!(matches!(set(&[0.0, 1.0], &[0, 1]).check(), Err(TrainError::Malformed(_))));
        assert!(matches!(set(&[0.0, 1.0, 2.0, 3.0], &[0, 2]).check(), Err(TrainError::Malformed(_))));
    }
}
