//! The training images most like a picture: what they are called, and how much like it they are.
//!
//! Like means a high cosine between embeddings as the backbone makes them. Measured on photos, centring them first loses
//! pictures of something foreign: 86 to 98 % of cats and dogs among flowers are told instead of nearly all.

use super::{TrainError, TrainingSet};
use tch::{Kind, Tensor};

/// Images that are kept to compare with, the same number of each label as far as there are: 2,000 make a file of 2 to 5 MB.
pub const KEPT: usize = 2000;
/// Neighbours that say how far a picture is from what was learned, and those that vote on its label.
pub const NEAREST: usize = 5;
pub const VOTERS: usize = 10;
/// Cosines held in memory at once: 16 MiB.
const BLOCK: usize = 4 << 20;

/// What its neighbours say of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// One minus the mean cosine to the [`NEAREST`]: 0 for a picture that was learned from, about 1 for one like none.
    pub distance: f64,
    /// Of each label its share among the [`VOTERS`].
    pub votes: Vec<f64>,
}

/// Images to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// `images × dimensions`, row by row, each of length 1.
    directions: Vec<f32>,
    targets: Vec<u32>,
    dimensions: usize,
    classes: usize,
}

impl Neighbours {
    /// Rows of any length but 0, with the label of each; `None` if they do not fit together.
    pub fn new(mut rows: Vec<f32>, targets: Vec<u32>, dimensions: usize, classes: usize) -> Option<Self> {
        let fits = dimensions > 0 && targets.len().checked_mul(dimensions) == Some(rows.len());
        if !fits || targets.iter().any(|&target| target as usize >= classes) || rows.iter().any(|x| !x.is_finite()) {
            return None;
        }
        rows.chunks_exact_mut(dimensions).for_each(normalise);
        Some(Self { directions: rows, targets, dimensions, classes })
    }

    pub fn directions(&self) -> &[f32] {
        &self.directions
    }

    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// What they say of a picture that was not among them; `None` without any of them.
    pub fn ask(&self, embedding: &[f32]) -> Option<Opinion> {
        if embedding.len() != self.dimensions || self.targets.is_empty() {
            return None;
        }
        let mut direction = embedding.to_vec();
        normalise(&mut direction);
        let cosines = self.directions.chunks_exact(self.dimensions).map(|row| dot(row, &direction));
        let mut nearest: Vec<(f32, u32)> = cosines.zip(self.targets.iter().copied()).collect();
        let nearer = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0);
        if nearest.len() > VOTERS {
            nearest.select_nth_unstable_by(VOTERS, nearer);
            nearest.truncate(VOTERS);
        }
        nearest.sort_by(nearer);
        Some(opinion(&nearest, self.classes))
    }
}

/// What the other images say of each image of the set, leaving out those of its fold and so its near-duplicates; and the
/// images that are kept for pictures to come. Only images that `comparable` names are compared with.
pub fn among(
    set: &TrainingSet,
    folds: &[Option<usize>],
    comparable: &[bool],
) -> Result<(Vec<Option<Opinion>>, Neighbours), TrainError> {
    let kept = representatives(&set.targets, comparable, set.classes);
    let rows = kept.iter().flat_map(|&i| &set.embeddings[i * set.dimensions..][..set.dimensions]);
    let targets = kept.iter().map(|&image| set.targets[image]).collect();
    let neighbours =
        Neighbours::new(rows.copied().collect(), targets, set.dimensions, set.classes).ok_or(TrainError::NotFinite)?;
    if kept.is_empty() {
        return Ok((vec![None; set.images()], neighbours));
    }
    let matrix = set.matrix()?;
    let lengths = matrix.f_norm_scalaropt_dim(2.0, [1], true)?.f_clamp_min(1e-12)?;
    let directions = matrix.f_div(&lengths)?;
    let others = Tensor::f_from_slice(&neighbours.directions)?.f_view([-1, set.dimensions as i64])?.f_tr()?;
    let number = |fold: Option<usize>, image: usize| fold.map_or(-1 - image as i64, |fold| fold as i64);
    let numbers: Vec<i64> = folds.iter().enumerate().map(|(image, fold)| number(*fold, image)).collect();
    let all_numbers = Tensor::f_from_slice(&numbers)?;
    let kept_numbers = Tensor::f_from_slice(&kept.iter().map(|&image| numbers[image]).collect::<Vec<_>>())?;
    let voters = VOTERS.min(kept.len()) as i64;
    let rows = (BLOCK / kept.len()).max(1);
    let mut opinions = Vec::with_capacity(set.images());
    for start in (0..set.images()).step_by(rows) {
        let length = rows.min(set.images() - start) as i64;
        let related = all_numbers.f_narrow(0, start as i64, length)?.f_unsqueeze(1)?.f_eq_tensor(&kept_numbers)?;
        let cosines = directions.f_narrow(0, start as i64, length)?.f_mm(&others)?;
        let (cosines, nearest) = cosines.f_masked_fill(&related, f64::NEG_INFINITY)?.f_topk(voters, 1, true, true)?;
        let mut values = vec![0f32; (length * voters) as usize];
        let mut places = vec![0i64; values.len()];
        let count = values.len();
        cosines.f_contiguous()?.f_copy_data(&mut values, count)?;
        nearest.f_to_kind(Kind::Int64)?.f_contiguous()?.f_copy_data(&mut places, count)?;
        for (values, places) in values.chunks(voters as usize).zip(places.chunks(voters as usize)) {
            let nearest: Vec<(f32, u32)> = values
                .iter()
                .zip(places)
                .filter(|(cosine, _)| cosine.is_finite())
                .map(|(&cosine, &place)| (cosine, neighbours.targets[place as usize]))
                .collect();
            opinions.push((!nearest.is_empty()).then(|| opinion(&nearest, set.classes)));
        }
    }
    Ok((opinions, neighbours))
}

/// Of `nearest`, cosines and labels, the nearest first.
fn opinion(nearest: &[(f32, u32)], classes: usize) -> Opinion {
    let close = &nearest[..nearest.len().min(NEAREST)];
    let mean = close.iter().map(|(cosine, _)| f64::from(*cosine)).sum::<f64>() / close.len() as f64;
    let mut votes = vec![0.0; classes];
    nearest.iter().for_each(|(_, target)| votes[*target as usize] += 1.0 / nearest.len() as f64);
    Opinion { distance: 1.0 - mean, votes }
}

/// At most [`KEPT`] images, label by label in turn, those of a label evenly spread over the order they came in.
fn representatives(targets: &[u32], comparable: &[bool], classes: usize) -> Vec<usize> {
    let mut of_label = vec![Vec::new(); classes];
    for (image, &target) in targets.iter().enumerate().filter(|(image, _)| comparable[*image]) {
        of_label[target as usize].push(image);
    }
    // The most that every label may have so that all of them fit.
    let total = |most: usize| of_label.iter().map(|images| images.len().min(most)).sum::<usize>();
    let largest = of_label.iter().map(Vec::len).max().unwrap_or(0);
    let most = (1..=largest).rev().find(|&most| total(most) <= KEPT).unwrap_or(1);
    let mut kept: Vec<usize> = of_label
        .iter()
        .flat_map(|images| {
            let count = images.len().min(most);
            (0..count).map(move |i| images[i * images.len() / count])
        })
        .take(KEPT)
        .collect();
    kept.sort_unstable();
    kept
}

fn normalise(row: &mut [f32]) {
    let length = dot(row, row).sqrt().max(1e-12);
    row.iter_mut().for_each(|number| *number /= length);
}

/// In eight sums side by side, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0f32; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures at these angles in a plane.
    fn set(degrees: &[f32], targets: &[u32]) -> TrainingSet {
        let embeddings =
            degrees.iter().flat_map(|d| [d.to_radians().cos() * 3.0, d.to_radians().sin() * 3.0]).collect();
        TrainingSet { embeddings, mirrored: Vec::new(), dimensions: 2, targets: targets.to_vec(), classes: 2 }
    }

    #[test]
    fn asks_the_others_and_not_the_own_fold() {
        let set = set(&[0.0, 1.0, 60.0, 90.0], &[0, 0, 1, 1]);
        let (opinions, neighbours) = among(&set, &[Some(0), Some(0), Some(1), None], &[true; 4]).expect("finite");
        let first = opinions[0].clone().expect("others");
        assert_eq!(first.votes, [0.0, 1.0]);
        let expected = 1.0 - (60f64.to_radians().cos() + 90f64.to_radians().cos()) / 2.0;
        assert!((first.distance - expected).abs() < 1e-5, "{first:?}");
        // One without a fold leaves out itself alone.
        assert_eq!(opinions[3].clone().expect("others").votes, [2.0 / 3.0, 1.0 / 3.0]);
        let asked = neighbours.ask(&[0.0, 1.0]).expect("neighbours");
        assert_eq!(asked.votes, [0.5, 0.5]);
        assert_eq!(neighbours.ask(&[1.0]), None);
    }

    #[test]
    fn nobody_to_ask_is_no_opinion() {
        let set = set(&[0.0, 90.0], &[0, 1]);
        let (opinions, neighbours) = among(&set, &[None, None], &[false; 2]).expect("finite");
        assert_eq!(opinions, [None, None]);
        assert_eq!(neighbours.ask(&[1.0, 0.0]), None);
    }

    #[test]
    fn of_many_images_few_are_kept_and_small_labels_whole() {
        let targets: Vec<u32> = (0..9000).map(|image| u32::from(image % 90 == 0)).collect();
        let kept = representatives(&targets, &vec![true; 9000], 2);
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.iter().filter(|&&image| targets[image] == 1).count(), 100);
        assert!(kept.is_sorted() && *kept.last().expect("some") > 8900);
    }
}
