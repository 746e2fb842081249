//! Where a model looked: the class activation map of Zhou et al., "Learning Deep Features for Discriminative
//! Localization", 2016, arXiv:1512.04150. For a linear layer on pooled features it is exact: the mean of the map is what
//! the layer computes.

use crate::{
    head::Head,
    preprocess::{Crop, SIDE},
};
use image::{ImageBuffer, ImageFormat, Luma, RgbImage, Rgba, RgbaImage, imageops};
use std::io::Cursor;
use thiserror::Error;

/// Why there is no heat map.
#[derive(Debug, Error)]
pub enum ExplainError {
    #[error("the features do not fit the model")]
    Shape,
    #[error("the features hold numbers that are not finite")]
    NotFinite,
    #[error("the heat map could not be written: {0}")]
    Write(#[from] image::ImageError),
}

/// From no heat to full heat: dark violet to pale yellow, which grows lighter all the way, so that it can be read without
/// telling colours apart.
const HEAT: [[f32; 3]; 5] =
    [[0.0, 0.0, 4.0], [87.0, 16.0, 110.0], [188.0, 55.0, 84.0], [249.0, 142.0, 9.0], [252.0, 255.0, 164.0]];
/// How much of a picture the hottest spot covers.
const COVER: f32 = 0.7;

/// What each place of a picture says for one label against the mean of all.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// `side × side`, row by row; above 0 speaks for the label, below against it.
    values: Vec<f32>,
    side: usize,
}

impl HeatMap {
    /// `features` are those of one picture before pooling, `dimensions × side × side`.
    ///
    /// # Errors
    /// [`ExplainError`] if they are not features for this head, or the head has no such label.
    pub fn of(features: &[f32], head: &Head, label: usize) -> Result<Self, ExplainError> {
        let (dimensions, labels) = (head.dimensions(), head.labels());
        let places = features.len() / dimensions;
        let side = places.isqrt();
        if label >= labels || side == 0 || side * side * dimensions != features.len() {
            return Err(ExplainError::Shape);
        }
        let rows = || head.weight().chunks_exact(dimensions);
        let mut values = vec![0f32; places];
        for (number, channel) in features.chunks_exact(places).enumerate() {
            // Softmax sees differences alone, so what speaks for all labels speaks for none.
            let mean = rows().map(|row| row[number]).sum::<f32>() / labels as f32;
            let weight = head.weight()[label * dimensions + number] - mean;
            values.iter_mut().zip(channel).for_each(|(value, feature)| *value += weight * feature);
        }
        if !values.iter().all(|value| value.is_finite()) {
            return Err(ExplainError::NotFinite);
        }
        Ok(Self { values, side })
    }

    /// The mean over all places: the label's logit less the mean logit, both without their biases.
    pub fn mean(&self) -> f32 {
        self.values.iter().sum::<f32>() / self.values.len() as f32
    }

    /// A PNG of 224×224 pixels, transparent where nothing speaks for the label.
    pub fn transparent(&self) -> Result<Vec<u8>, ExplainError> {
        let heat = self.enlarged();
        png(RgbaImage::from_fn(SIDE, SIDE, |x, y| {
            let value = heat.get_pixel(x, y).0[0];
            let [red, green, blue] = colour(value).map(|part| part.round() as u8);
            Rgba([red, green, blue, (COVER * value * 255.0).round() as u8])
        }))
    }

    /// A PNG of 224×224 pixels: what the model saw, with the heat over it.
    pub fn over(&self, crop: &Crop) -> Result<Vec<u8>, ExplainError> {
        let heat = self.enlarged();
        let mut picture = RgbImage::from_raw(SIDE, SIDE, crop.pixels().to_vec()).ok_or(ExplainError::Shape)?;
        for (pixel, heat) in picture.pixels_mut().zip(heat.pixels()) {
            let cover = COVER * heat.0[0];
            for (part, hot) in pixel.0.iter_mut().zip(colour(heat.0[0])) {
                *part = (f32::from(*part) * (1.0 - cover) + hot * cover).round() as u8;
            }
        }
        png(picture)
    }

    /// 224×224 values from 0 to 1, the highest 1 if anything speaks for the label.
    fn enlarged(&self) -> ImageBuffer<Luma<f32>, Vec<f32>> {
        let highest = self.values.iter().copied().fold(0.0, f32::max).max(f32::MIN_POSITIVE);
        let at = |x: u32, y: u32| self.values[y as usize * self.side + x as usize].max(0.0) / highest;
        let small = ImageBuffer::from_fn(self.side as u32, self.side as u32, |x, y| Luma([at(x, y)]));
        let mut large = imageops::resize(&small, SIDE, SIDE, imageops::FilterType::Triangle);
        large.pixels_mut().for_each(|pixel| pixel.0[0] = pixel.0[0].clamp(0.0, 1.0));
        large
    }
}

fn colour(heat: f32) -> [f32; 3] {
    let place = heat * (HEAT.len() - 1) as f32;
    let below = (place as usize).min(HEAT.len() - 2);
    let share = place - below as f32;
    std::array::from_fn(|part| HEAT[below][part] * (1.0 - share) + HEAT[below + 1][part] * share)
}

fn png<P: image::PixelWithColorType<Subpixel = u8>>(picture: ImageBuffer<P, Vec<u8>>) -> Result<Vec<u8>, ExplainError> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head::new(vec![1.0, 0.0, 0.0, 1.0, 0.5, 0.5], vec![3.0, -1.0, 0.0], 2).expect("fitting")
    }

    /// Two features on 2×2 places: the first at the top left, the second at the bottom right.
    const FEATURES: [f32; 8] = [4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0];

    #[test]
    fn the_mean_is_the_logit() {
        let map = HeatMap::of(&FEATURES, &head(), 0).expect("fitting");
        // Pooled features are 1 and ½: logits without biases 1, ½ and ¾.
        assert!((map.mean() - (1.0 - 0.75)).abs() < 1e-6);
        assert!(map.values[0] > 0.0 && map.values[3] < 0.0);
    }

    #[test]
    fn heat_is_where_the_feature_is() {
        let map = HeatMap::of(&FEATURES, &head(), 1).expect("fitting");
        let picture = image::load_from_memory(&map.transparent().expect("memory")).expect("a PNG").to_rgba8();
        assert_eq!(picture.dimensions(), (224, 224));
        assert!(picture.get_pixel(200, 200).0[3] > 150 && picture.get_pixel(20, 20).0[3] == 0);
        let crop = crate::preprocess(&RgbImage::from_pixel(256, 256, image::Rgb([10, 20, 30])));
        let over = image::load_from_memory(&map.over(&crop).expect("memory")).expect("a PNG").to_rgb8();
        assert_eq!(over.get_pixel(20, 20).0, [10, 20, 30]);
        assert!(over.get_pixel(200, 200).0[0] > 100);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(matches!(HeatMap::of(&FEATURES, &head(), 3), Err(ExplainError::Shape)));
        assert!(matches!(HeatMap::of(&FEATURES[..7], &head(), 0), Err(ExplainError::Shape)));
        assert!(matches!(HeatMap::of(&[f32::NAN; 8], &head(), 0), Err(ExplainError::NotFinite)));
        assert!(matches!(HeatMap::of(&[], &head(), 0), Err(ExplainError::Shape)));
    }
}
