//! A map of pictures: their embeddings in two dimensions, those in which they differ most (principal components;
//! Hotelling, "Analysis of a Complex of Statistical Variables into Principal Components", 1933).

use tch::{Device, Kind, TchError, Tensor};

/// Directions followed at once: more than are wanted, so that the wanted ones come out clearly.
const DIRECTIONS: i64 = 8;
/// Rounds of the subspace iteration.
const ROUNDS: usize = 24;

/// Two coordinates per picture, from -1 to 1 on the same scale. `embeddings` is `[pictures, dimensions]`, in 32 bits and
/// finite. The same embeddings give the same map.
pub fn plane(embeddings: &Tensor) -> Result<Vec<[f32; 2]>, TchError> {
    let (count, dimensions) = embeddings.size2()?;
    if count == 0 {
        return Ok(Vec::new());
    }
    // Directions alone, as for near-duplicates: how strong a picture's features are says little of what it shows.
    let lengths = embeddings.f_norm_scalaropt_dim(2.0, [1], true)?.f_clamp_min(1e-12)?;
    let rows = embeddings.f_div(&lengths)?;
    let rows = rows.f_sub(&rows.f_mean_dim(Some(&[0i64][..]), true, Kind::Float)?)?;
    let directions = DIRECTIONS.min(dimensions);
    // Begins uneven in every direction, and the same for everybody.
    let mut basis = Tensor::f_arange(dimensions * directions, (Kind::Float, Device::Cpu))?
        .f_mul_scalar(0.618_034)?
        .f_frac()?
        .f_sub_scalar(0.5)?
        .f_view([dimensions, directions])?;
    for _ in 0..ROUNDS {
        let (orthonormal, _) = Tensor::f_linalg_qr(&basis, "reduced")?;
        basis = rows.f_tr()?.f_mm(&rows.f_mm(&orthonormal)?)?;
    }
    // The directions found span the right space; within it the two longest axes are wanted.
    let (orthonormal, _) = Tensor::f_linalg_qr(&basis, "reduced")?;
    let within = rows.f_mm(&orthonormal)?;
    let (_, axes) = within.f_tr()?.f_mm(&within)?.f_linalg_eigh("L")?;
    let wanted = axes.f_narrow(1, (directions - 2).max(0), directions.min(2))?.f_flip([1i64])?;
    let points = within.f_mm(&wanted)?.f_to_kind(Kind::Float)?.f_contiguous()?;
    let columns = directions.min(2) as usize;
    let mut numbers = vec![0f32; count as usize * columns];
    let total = numbers.len();
    points.f_copy_data(&mut numbers, total)?;
    let mut points: Vec<[f32; 2]> =
        numbers.chunks_exact(columns).map(|row| [row[0], row.get(1).copied().unwrap_or(0.0)]).collect();
    settle(&mut points);
    Ok(points)
}

/// Scales to -1..1, and turns each axis so that its farthest point is on the positive side: which way is up is chance.
fn settle(points: &mut [[f32; 2]]) {
    let farthest = |axis: usize| {
        points
            .iter()
            .map(|point| point[axis])
            .fold(0f32, |far, value| if value.abs() > far.abs() { value } else { far })
    };
    let far = [farthest(0), farthest(1)];
    let scale = far[0].abs().max(far[1].abs()).max(f32::MIN_POSITIVE);
    for point in points {
        for axis in 0..2 {
            point[axis] *= far[axis].signum() / scale;
            if !point[axis].is_finite() {
                point[axis] = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(rows: &[[f32; 3]]) -> Vec<[f32; 2]> {
        let numbers: Vec<f32> = rows.iter().flatten().copied().collect();
        plane(&Tensor::f_from_slice(&numbers).and_then(|all| all.f_view([-1, 3])).expect("small")).expect("finite")
    }

    #[test]
    fn what_differs_most_is_farthest_apart() {
        let rows = [[1.0, 0.0, 0.1], [1.0, 0.05, 0.1], [0.0, 1.0, 0.1], [0.05, 1.0, 0.1]];
        let points = map(&rows);
        let distance = |a: usize, b: usize| (points[a][0] - points[b][0]).hypot(points[a][1] - points[b][1]);
        assert!(distance(0, 2) > 5.0 * distance(0, 1), "{points:?}");
        assert!(points.iter().flatten().all(|value| value.abs() <= 1.0));
        assert_eq!(points, map(&rows));
    }

    #[test]
    fn few_or_equal_pictures_are_fine() {
        assert_eq!(map(&[]), Vec::<[f32; 2]>::new());
        assert_eq!(map(&[[1.0, 2.0, 3.0]]).len(), 1);
        assert!(map(&[[0.5; 3]; 4]).iter().flatten().all(|value| value.is_finite()));
    }
}
