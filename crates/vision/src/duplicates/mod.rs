//! Finding pictures that are nearly the same: shots of one burst, a picture and its copy at another size.
//!
//! Every pair is compared; of very many pictures an index tells which pairs to compare (`index`).

mod index;

use tch::{Kind, TchError, Tensor};

/// The cosine between two embeddings from which on their pictures count as nearly the same.
pub const NEAR: f64 = 0.97;

/// Pictures of which every pair is compared; of more, that would take ever longer.
const ALL_PAIRS: i64 = 20_000;
/// Cosines held in memory at once: 8 MiB, and eight times as much should all of them be near.
const BLOCK: usize = 2 << 20;

/// Puts pictures that are nearly the same into one group, also when they are so only through a third.
///
/// `embeddings` is `[pictures, dimensions]` in 32 bits. Returns for each picture the number of its group, from 0 in the
/// order of the groups' first pictures.
pub fn group(embeddings: &Tensor, near: f64) -> Result<Vec<usize>, TchError> {
    let count = embeddings.size2()?.0;
    let lengths = embeddings.f_norm_scalaropt_dim(2.0, [1], true)?.f_clamp_min(1e-12)?;
    let directions = embeddings.f_div(&lengths)?;
    if count > ALL_PAIRS {
        return index::group(&directions, near);
    }
    all_pairs(&directions, near)
}

/// Compares every picture with every other, a block of them at a time; `directions` have length 1.
fn all_pairs(directions: &Tensor, near: f64) -> Result<Vec<usize>, TchError> {
    let count = directions.size2()?.0;
    let rows = (BLOCK as i64 / count.max(1)).clamp(1, count.max(1));
    let mut groups = Groups::new(count as usize);
    let mut start = 0;
    while start < count {
        let length = rows.min(count - start);
        // A pair is looked at once: the rows of this block against themselves and all that follow.
        let later = directions.f_narrow(0, start, count - start)?;
        let cosines = directions.f_narrow(0, start, length)?.f_mm(&later.f_tr()?)?;
        let pairs = cosines.f_ge(near)?.f_triu(1)?.f_nonzero()?.f_to_kind(Kind::Int64)?.f_contiguous()?;
        let mut indices = vec![0i64; pairs.numel()];
        let numbers = indices.len();
        pairs.f_copy_data(&mut indices, numbers)?;
        for [row, column] in indices.as_chunks::<2>().0 {
            groups.join((start + row) as usize, (start + column) as usize);
        }
        start += length;
    }
    Ok(groups.numbered())
}

/// Disjoint sets, by union and find with path halving.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut of: usize) -> usize {
        while self.0[of] != of {
            self.0[of] = self.0[self.0[of]];
            of = self.0[of];
        }
        of
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn numbered(mut self) -> Vec<usize> {
        let count = self.0.len();
        let mut numbers = vec![None; count];
        let mut next = 0;
        let mut numbered = Vec::with_capacity(count);
        for picture in 0..count {
            let root = self.root(picture);
            let number = *numbers[root].get_or_insert_with(|| {
                next += 1;
                next - 1
            });
            numbered.push(number);
        }
        numbered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups_of(rows: &[[f32; 2]]) -> Vec<usize> {
        let numbers: Vec<f32> = rows.iter().flatten().copied().collect();
        let embeddings = Tensor::f_from_slice(&numbers).and_then(|all| all.f_view([-1, 2])).expect("a small matrix");
        group(&embeddings, NEAR).expect("finite numbers")
    }

    #[test]
    fn near_duplicates_share_a_group() {
        let angle =
            |degrees: f32, length: f32| [length * degrees.to_radians().cos(), length * degrees.to_radians().sin()];
        // cos 10° = 0.985, cos 20° = 0.940: the first and the third are near through the second.
        assert_eq!(groups_of(&[angle(0.0, 1.0), angle(50.0, 1.0), angle(10.0, 3.0), angle(20.0, 0.5)]), [0, 1, 0, 0]);
    }

    #[test]
    fn one_picture_or_none_is_fine() {
        assert_eq!(groups_of(&[[0.0, 0.0]]), [0]);
        assert_eq!(groups_of(&[]), [0usize; 0]);
    }
}
