//! Near-duplicates among very many pictures, by a navigable graph of neighbours: Malkov and Yashunin, "Efficient and
//! robust approximate nearest neighbor search using Hierarchical Navigable Small World graphs", 2016, arXiv:1603.09320.
//!
//! It may miss a pair now and then; its time grows little faster than the number of pictures.

use super::Groups;
use instant_distance::{Builder, Point, Search};
use tch::{Kind, TchError, Tensor};

/// Neighbours that are looked at of each picture. A burst is longer, but each of its shots leads to the next.
const NEIGHBOURS: usize = 24;
/// How many candidates are kept while searching; more find more and take longer.
const WIDTH: usize = 64;
const SEED: u64 = 0;

/// A picture's direction, of length 1.
#[derive(Clone)]
struct Direction<'a>(&'a [f32]);

impl Point for Direction<'_> {
    /// One minus the cosine.
    fn distance(&self, other: &Self) -> f32 {
        1.0 - self.0.iter().zip(other.0).map(|(a, b)| a * b).sum::<f32>()
    }
}

/// The same as [`super::group`], for directions: `[pictures, dimensions]`, each of length 1.
pub fn group(directions: &Tensor, near: f64) -> Result<Vec<usize>, TchError> {
    let (count, dimensions) = directions.size2()?;
    let mut numbers = vec![0f32; (count * dimensions) as usize];
    let total = numbers.len();
    directions.f_to_kind(Kind::Float)?.f_contiguous()?.f_copy_data(&mut numbers, total)?;
    let points: Vec<Direction> = numbers.chunks_exact(dimensions as usize).map(Direction).collect();
    // One thread, which yields to others as the calling one does: the order of insertions decides the graph.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let build = || Builder::default().seed(SEED).ef_construction(WIDTH).ef_search(WIDTH).build_hnsw(points.clone());
    let (graph, ids) = match &alone {
        Ok(pool) => pool.install(build),
        Err(_) => build(),
    };
    let mut picture_of = vec![0usize; ids.len()];
    for (picture, id) in ids.iter().enumerate() {
        picture_of[id.into_inner() as usize] = picture;
    }
    let mut groups = Groups::new(points.len());
    let mut search = Search::default();
    for (picture, point) in points.iter().enumerate() {
        for found in graph.search(point, &mut search).take(NEIGHBOURS) {
            if f64::from(found.distance) <= 1.0 - near {
                groups.join(picture, picture_of[found.pid.into_inner() as usize]);
            }
        }
    }
    Ok(groups.numbered())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn finds_what_comparing_every_pair_finds() {
        const DIMENSIONS: usize = 32;
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let mut numbers: Vec<f32> = Vec::new();
        // Two hundred bursts of one to five shots, shuffled together by taking turns.
        let centres: Vec<Vec<f32>> =
            (0..200).map(|_| (0..DIMENSIONS).map(|_| random.random_range(-1.0f32..1.0)).collect()).collect();
        for shot in 0..5 {
            for centre in centres.iter().skip(shot * 30) {
                numbers.extend(centre.iter().map(|number| number + random.random_range(-0.05f32..0.05)));
            }
        }
        let all = Tensor::f_from_slice(&numbers).and_then(|all| all.f_view([-1, DIMENSIONS as i64])).expect("a matrix");
        let directions = &all / all.norm_scalaropt_dim(2.0, [1], true);
        let exact = super::super::all_pairs(&directions, super::super::NEAR).expect("finite");
        assert_eq!(exact.iter().max(), Some(&199));
        let found = group(&directions, super::super::NEAR).expect("finite");
        assert_eq!(found, exact);
        assert_eq!(group(&directions, super::super::NEAR).expect("finite"), found, "the same every time");
    }
}
