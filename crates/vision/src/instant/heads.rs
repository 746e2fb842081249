//! All heads of one run, trained side by side: one per fold, and the final one that learns from every image.
//!
//! A head is multinomial logistic regression on standardised embeddings. The heads share the embeddings, so their
//! weights stand beside one another in one matrix, and a pass over the images is two matrix products whatever the number
//! of heads: the logits, and the gradient.
//!
//! Standardised means centred, and divided by one deviation for all numbers. Giving each number its own deviation blows
//! up those that hardly vary: cross-validated on photos, it costs one to three points on flowers and gains up to one
//! on cats and dogs. Centre and deviation come from all images, held out or not: they know no label, and with a bias
//! that is free the centre changes no head, only how fast it is found.

use crate::{
    folds::Folds,
    training::{TrainError, TrainingSet},
};
use tch::{Kind, TchError, Tensor};

/// Logits held in memory at once, of all heads: 32 MiB.
const BLOCK: usize = 8 << 20;
/// Rounds of the power iteration, which then knows the largest curvature to within [`CURVATURE_MARGIN`].
const POWER_ROUNDS: usize = 30;
const CURVATURE_MARGIN: f64 = 1.05;

/// The images, and who learns from which. Shapes: `n` images (each of their views counts as one; what is held out is
/// judged by its first alone), `d` dimensions, `h` heads, `c` labels.
pub struct Heads {
    /// `[n, d]`, standardised over all images.
    embeddings: Tensor,
    /// What standardised them: `[d]` numbers taken away, and what the rest was divided by.
    centre: Tensor,
    deviation: f64,
    /// `[n]` of integers.
    labels: Tensor,
    /// `[n, h]`: what an image weighs in a head's loss; the weights of one head add up to 1, and every label has the same
    /// share of them, however many images it has.
    weights: Tensor,
    /// `[n, 1]`: what an image weighs for its label, 1 on average.
    balance: Tensor,
    /// `[n, h]`: 1 where the head holds the image out, else 0. The final head's column is all zeros.
    held_out: Tensor,
    /// The numbers of images, dimensions, heads and labels.
    n: i64,
    d: i64,
    h: i64,
    c: i64,
    held_out_images: f64,
    /// The sum of `balance` over the images that are held out.
    held_out_weight: f64,
}

/// What is learned, for standardised embeddings: weights `[d, h, c]` and biases `[h, c]`.
#[derive(Debug)]
pub struct Parameters {
    pub weight: Tensor,
    pub bias: Tensor,
}

impl Parameters {
    /// The same numbers. The optimiser replaces tensors rather than writing into them, so nothing need be copied.
    pub fn share(&self) -> Self {
        Self { weight: self.weight.shallow_clone(), bias: self.bias.shallow_clone() }
    }
}

/// What one pass over the images found.
pub struct Pass {
    /// Of the loss with respect to the parameters.
    pub gradient: Parameters,
    /// Mean cross-entropy, every label counting the same, and share of right answers of the final head on all images.
    pub loss: f64,
    pub accuracy: f64,
    /// The same of each fold's head on the images it holds out; `None` without folds.
    pub validation: Option<(f64, f64)>,
}

impl Heads {
    pub fn new(set: &TrainingSet, folds: &Folds) -> Result<Self, TrainError> {
        let (images, views) = (set.images() as i64, set.views() as i64);
        let (n, d, c) = (views * images, set.dimensions as i64, set.classes as i64);
        let h = folds.count as i64 + 1;
        let raw = set.matrix_of_views()?;
        let centre = raw.f_mean_dim(Some(&[0i64][..]), false, Kind::Float)?;
        let centred = raw.f_sub(&centre)?;
        let deviation = f64::try_from(centred.f_square()?.f_mean(Kind::Double)?)?.sqrt();
        if !deviation.is_finite() {
            return Err(TrainError::NotFinite);
        }
        // Images that are all the same have no deviation, and nothing to divide.
        let deviation = deviation.max(f64::from(f32::EPSILON));
        let embeddings = centred.f_div_scalar(deviation)?;

        let mut held_out = vec![0f32; (images * h) as usize];
        for (image, fold) in folds.of.iter().enumerate() {
            if let Some(fold) = fold {
                held_out[image * h as usize + fold] = 1.0;
            }
        }
        let held_out_images = held_out.iter().map(|&held| f64::from(held)).sum();
        let held_out = Tensor::f_from_slice(&held_out)?.f_view([images, h])?;
        let balance = Tensor::f_from_slice(&set.balance())?.f_view([images, 1])?.f_repeat([views, 1])?;
        let learned = held_out.f_neg()?.f_add_scalar(1.0)?.f_repeat([views, 1])?.f_mul(&balance)?;
        let held_out = held_out.f_constant_pad_nd([0, 0, 0, n - images])?;
        let held_out_weight = total(&held_out.f_mul(&balance)?)?;
        let weights = learned.f_div(&learned.f_sum_dim_intlist(Some(&[0i64][..]), true, Kind::Float)?)?;
        let labels = set.labels()?.f_repeat([views])?;
        Ok(Self {
            embeddings,
            centre,
            deviation,
            labels,
            weights,
            balance,
            held_out,
            n,
            d,
            h,
            c,
            held_out_images,
            held_out_weight,
        })
    }

    /// Parameters that know nothing: every label is as likely as any other.
    pub fn zeros(&self) -> Result<Parameters, TchError> {
        let options = (Kind::Float, tch::Device::Cpu);
        Ok(Parameters {
            weight: Tensor::f_zeros([self.d, self.h, self.c], options)?,
            bias: Tensor::f_zeros([self.h, self.c], options)?,
        })
    }

    /// `[h, 1]`: for each head a step that its weights can take against the gradient without overshooting, one over the
    /// largest curvature of its loss. That is at most half the largest eigenvalue of its embeddings' second moments, each
    /// image taken as often as it weighs (Böhning, "Multinomial Logistic Regression Algorithm", 1992).
    pub fn safe_step(&self) -> Result<Tensor, TchError> {
        // From all directions at once, unevenly: no eigenvector is missed by symmetry.
        let start = Tensor::f_arange_start(1.0, 1.0 + self.d as f64, (Kind::Float, tch::Device::Cpu))?.f_rsqrt()?;
        let mut directions = start.f_unsqueeze(1)?.f_repeat([1, self.h])?;
        let length = |columns: &Tensor| columns.f_norm_scalaropt_dim(2.0, [0i64], true);
        for _ in 0..POWER_ROUNDS {
            let unit = directions.f_div(&length(&directions)?.f_clamp_min(f64::from(f32::MIN_POSITIVE))?)?;
            let along = self.embeddings.f_mm(&unit)?.f_mul(&self.weights)?;
            directions = self.embeddings.f_tr()?.f_mm(&along)?;
        }
        let curvature =
            length(&directions)?.f_mul_scalar(0.5 * CURVATURE_MARGIN)?.f_clamp_min(f64::from(f32::EPSILON))?;
        curvature.f_reciprocal()?.f_tr()?.f_contiguous()
    }

    /// The gradient at some parameters, and how good they are.
    pub fn pass(&self, parameters: &Parameters) -> Result<Pass, TchError> {
        let mut weight = Tensor::f_zeros([self.d, self.h * self.c], (Kind::Float, tch::Device::Cpu))?;
        let mut bias = Tensor::f_zeros([self.h, self.c], (Kind::Float, tch::Device::Cpu))?;
        let [mut loss, mut right, mut held_loss, mut held_right] = [0.0; 4];
        self.for_each_block(self.n, |start, length| {
            let embeddings = self.embeddings.f_narrow(0, start, length)?;
            let logarithms = self.logits(parameters, &embeddings)?.f_log_softmax(2, Kind::Float)?;
            let labels =
                self.labels.f_narrow(0, start, length)?.f_view([length, 1, 1])?.f_expand([length, self.h, 1], false)?;
            let losses = logarithms.f_gather(2, &labels, false)?.f_squeeze_dim(2)?.f_neg()?;
            let hits = logarithms.f_argmax(2, true)?.f_eq_tensor(&labels)?.f_squeeze_dim(2)?.f_to_kind(Kind::Float)?;
            let held = self.held_out.f_narrow(0, start, length)?;
            let balanced = losses.f_mul(&self.balance.f_narrow(0, start, length)?)?;
            loss += total(&balanced.f_select(1, self.h - 1)?)?;
            right += total(&hits.f_select(1, self.h - 1)?)?;
            held_loss += total(&balanced.f_mul(&held)?)?;
            held_right += total(&hits.f_mul(&held)?)?;

            // The cross-entropy's gradient by the logits: the probabilities, less 1 at the true label.
            let minus_one = Tensor::f_full([length, self.h, 1], -1.0, (Kind::Float, tch::Device::Cpu))?;
            let by_logits = logarithms
                .f_exp()?
                .f_scatter_add(2, &labels, &minus_one)?
                .f_mul(&self.weights.f_narrow(0, start, length)?.f_unsqueeze(2)?)?;
            bias = bias.f_add(&by_logits.f_sum_dim_intlist(Some(&[0i64][..]), false, Kind::Float)?)?;
            weight = weight.f_addmm(&embeddings.f_tr()?, &by_logits.f_view([length, self.h * self.c])?)?;
            Ok(())
        })?;
        let weight = weight.f_view([self.d, self.h, self.c])?;
        let n = self.n as f64;
        let validation =
            (self.held_out_images > 0.0).then(|| (held_loss / self.held_out_weight, held_right / self.held_out_images));
        Ok(Pass { gradient: Parameters { weight, bias }, loss: loss / n, accuracy: right / n, validation })
    }

    /// The logits, `c` of each image row by row, that it gets as it is from the head that holds it out, else from the final head.
    pub fn honest_logits(&self, parameters: &Parameters, folds: &Folds) -> Result<Vec<f32>, TchError> {
        let images = folds.of.len() as i64;
        let judges: Vec<i64> = folds.of.iter().map(|fold| fold.map_or(self.h - 1, |fold| fold as i64)).collect();
        let judges = Tensor::f_from_slice(&judges)?;
        let mut all = Vec::with_capacity((images * self.c) as usize);
        self.for_each_block(images, |start, length| {
            let logits = self.logits(parameters, &self.embeddings.f_narrow(0, start, length)?)?;
            let judge = judges.f_narrow(0, start, length)?.f_view([length, 1, 1])?;
            let judged = logits.f_gather(1, &judge.f_expand([length, 1, self.c], false)?, false)?;
            let mut numbers = vec![0f32; (length * self.c) as usize];
            judged.f_contiguous()?.f_copy_data(&mut numbers, (length * self.c) as usize)?;
            all.append(&mut numbers);
            Ok(())
        })?;
        Ok(all)
    }

    /// Weight (`c × d`, row by row) and bias (`c`) of the final head for embeddings as the backbone makes them.
    pub fn final_head(&self, parameters: &Parameters) -> Result<(Vec<f32>, Vec<f32>), TchError> {
        let double = |tensor: Tensor| tensor.f_to_kind(Kind::Double);
        let weight = double(parameters.weight.f_select(1, self.h - 1)?)?.f_div_scalar(self.deviation)?;
        let moved = double(self.centre.shallow_clone())?.f_unsqueeze(0)?.f_mm(&weight)?.f_view([self.c])?;
        let bias = double(parameters.bias.f_select(0, self.h - 1)?)?.f_sub(&moved)?;
        let numbers = |tensor: Tensor, count: i64| {
            let mut numbers = vec![0f32; count as usize];
            tensor.f_to_kind(Kind::Float)?.f_contiguous()?.f_copy_data(&mut numbers, count as usize)?;
            Ok::<_, TchError>(numbers)
        };
        Ok((numbers(weight.f_tr()?, self.c * self.d)?, numbers(bias, self.c)?))
    }

    /// `[images, h, c]` of some images' embeddings.
    fn logits(&self, parameters: &Parameters, embeddings: &Tensor) -> Result<Tensor, TchError> {
        let weight = parameters.weight.f_view([self.d, self.h * self.c])?;
        embeddings.f_mm(&weight)?.f_view([-1, self.h, self.c])?.f_add(&parameters.bias)
    }

    /// Calls with the start and the length of each block of the first `images` whose logits fit into [`BLOCK`].
    fn for_each_block(
        &self,
        images: i64,
        mut each: impl FnMut(i64, i64) -> Result<(), TchError>,
    ) -> Result<(), TchError> {
        let rows = (BLOCK as i64 / (self.h * self.c)).max(1);
        let mut start = 0;
        while start < images {
            let length = rows.min(images - start);
            each(start, length)?;
            start += length;
        }
        Ok(())
    }
}

/// The sum of a tensor's numbers, added up in 64 bits.
fn total(tensor: &Tensor) -> Result<f64, TchError> {
    f64::try_from(tensor.f_sum(Kind::Double)?)
}
