//! Splitting images into folds, each predicted in turn by a model that has learned from the others.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Folds of a cross-validation: five, the customary number between cost and pessimism.
pub const FOLDS: usize = 5;

/// Which fold holds each image out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    /// Per image; `None` for one that is only ever learned from.
    pub of: Vec<Option<usize>>,
    /// How many folds there are; 0 when nothing could be held out.
    pub count: usize,
}

/// Splits images into at most [`FOLDS`] folds, the labels spread evenly and every group in one fold.
///
/// `targets` holds the label of each image, `groups` its group of near-duplicates; both count from 0. A label whose
/// images are all in one group (a single image, or one burst) can't be both learned and held out: its group is only
/// learned from. A label in fewer groups than there are folds is held out in as many folds as it has groups, rather than
/// reducing the folds of all. The same arguments give the same folds.
pub fn split(targets: &[u32], groups: &[usize], seed: u64) -> Folds {
    let labels = targets.iter().map(|&target| target as usize + 1).max().unwrap_or(0);
    let mut members = vec![Vec::new(); groups.iter().map(|&group| group + 1).max().unwrap_or(0)];
    for (image, &group) in groups.iter().enumerate() {
        members[group].push(image);
    }
    let tally = |images: &[usize]| {
        let mut counts = vec![0usize; labels];
        for &image in images {
            counts[targets[image] as usize] += 1;
        }
        counts
    };
    let mut movable: Vec<(Vec<usize>, Vec<usize>)> =
        members.into_iter().filter(|images| !images.is_empty()).map(|images| (tally(&images), images)).collect();
    let groups_per_label = drop_unsplittable(&mut movable, labels);
    let count = groups_per_label.into_iter().max().unwrap_or(0).min(FOLDS);

    // Shuffled, then the largest first: what is hardest to balance is placed while there is most room.
    movable.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    movable.sort_by_key(|(_, images)| std::cmp::Reverse(images.len()));
    let mut of = vec![None; targets.len()];
    let mut held_out = vec![vec![0usize; labels]; count];
    let mut sizes = vec![0usize; count];
    for (counts, images) in movable {
        // The fold that has least of the group's labels, then the smallest.
        let crowding = |fold: &usize| {
            let same: usize = counts.iter().zip(&held_out[*fold]).map(|(&own, &there)| own * there).sum();
            (same, sizes[*fold])
        };
        let Some(fold) = (0..count).min_by_key(crowding) else { break };
        for (there, own) in held_out[fold].iter_mut().zip(&counts) {
            *there += own;
        }
        sizes[fold] += images.len();
        for image in images {
            of[image] = Some(fold);
        }
    }
    Folds { of, count }
}

/// Removes groups that hold all images of some label, again and again, since removing one may leave another label with
/// a single group. Returns in how many of the groups left each label is.
fn drop_unsplittable(groups: &mut Vec<(Vec<usize>, Vec<usize>)>, labels: usize) -> Vec<usize> {
    loop {
        let mut groups_per_label = vec![0; labels];
        for (counts, _) in groups.iter() {
            for (groups, &own) in groups_per_label.iter_mut().zip(counts) {
                *groups += usize::from(own > 0);
            }
        }
        let before = groups.len();
        groups.retain(|(counts, _)| {
            counts.iter().zip(&groups_per_label).all(|(&own, &in_groups)| own == 0 || in_groups > 1)
        });
        if groups.len() == before {
            return groups_per_label;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every image its own group.
    fn apart(images: usize) -> Vec<usize> {
        (0..images).collect()
    }

    #[test]
    fn labels_are_spread_evenly() {
        let targets: Vec<u32> = (0..100).map(|image| u32::from(image >= 70)).collect();
        let folds = split(&targets, &apart(100), 7);
        assert_eq!(folds.count, 5);
        for fold in 0..5 {
            let of_label = |label| (0..100).filter(|&i| targets[i] == label && folds.of[i] == Some(fold)).count();
            assert_eq!((of_label(0), of_label(1)), (14, 6));
        }
    }

    #[test]
    fn groups_stay_together() {
        let targets: Vec<u32> = (0..60).map(|image| image % 3).collect();
        let groups: Vec<usize> = (0..60).map(|image| image / 4).collect();
        let folds = split(&targets, &groups, 0);
        for image in 0..60 {
            assert!(folds.of[image].is_some());
            assert_eq!(folds.of[image], folds.of[image / 4 * 4]);
        }
    }

    #[test]
    fn a_label_with_one_image_or_one_burst_is_only_learned_from() {
        let targets = [0, 0, 0, 1, 2, 2, 2, 2];
        let groups = [0, 1, 2, 3, 4, 4, 5, 5];
        let of_burst = [0, 1, 2, 3, 4, 4, 4, 4];
        let folds = split(&targets, &groups, 0);
        assert_eq!(
            folds.of.iter().map(Option::is_some).collect::<Vec<_>>(),
            [true, true, true, false, true, true, true, true]
        );
        assert_eq!(folds.count, 3);
        assert!(split(&targets, &of_burst, 0).of[4..].iter().all(Option::is_none));
    }

    #[test]
    fn every_fold_can_learn_every_label_it_holds_out() {
        let targets: Vec<u32> = (0..50).map(|image| u32::from(image < 2)).collect();
        for seed in 0..20 {
            let folds = split(&targets, &apart(50), seed);
            assert_ne!(folds.of[0], folds.of[1]);
            assert_eq!(folds.count, 5);
        }
    }

    #[test]
    fn nothing_to_hold_out() {
        assert_eq!(split(&[0, 1], &[0, 1], 0), Folds { of: vec![None, None], count: 0 });
        assert_eq!(split(&[], &[], 0), Folds { of: Vec::new(), count: 0 });
    }

    #[test]
    fn the_seed_decides() {
        let targets: Vec<u32> = (0..40).map(|image| image % 2).collect();
        assert_eq!(split(&targets, &apart(40), 3), split(&targets, &apart(40), 3));
        assert_ne!(split(&targets, &apart(40), 3), split(&targets, &apart(40), 4));
    }
}
