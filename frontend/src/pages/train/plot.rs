//! The geometry of a curve: values to places, and ticks that read well.

/// The drawing's size and margins, in SVG units.
pub const WIDTH: f64 = 360.0;
pub const HEIGHT: f64 = 270.0;
pub const LEFT: f64 = 40.0;
pub const RIGHT: f64 = 12.0;
pub const TOP: f64 = 12.0;
pub const BOTTOM: f64 = 24.0;

/// Gaps between ticks, at most.
const STEPS: f64 = 4.0;

/// Places values on the drawing: epochs from left to right, values from zero upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The last epoch.
    last: u32,
    /// The value at the upper edge.
    top: f64,
    step: f64,
}

impl Scale {
    /// For epochs 0 to `last` and values of 0 to `highest`.
    pub fn new(last: u32, highest: f64) -> Self {
        let step = nice_step(highest);
        let top = (highest / step).ceil().max(1.0) * step;
        Self { last, top, step }
    }

    pub fn x(&self, epoch: u32) -> f64 {
        let share = if self.last == 0 { 0.0 } else { f64::from(epoch) / f64::from(self.last) };
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    pub fn y(&self, value: f64) -> f64 {
        let share = (value / self.top).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    /// The values that get a line across.
    pub fn ticks(&self) -> Vec<f64> {
        let count = (self.top / self.step).round() as u32;
        (0..=count).map(|place| f64::from(place) * self.step).collect()
    }

    /// A curve as the `d` of an SVG path.
    pub fn path(&self, points: &[(u32, f64)]) -> String {
        let steps = points.iter().enumerate().map(|(place, (epoch, value))| {
            let command = if place == 0 { 'M' } else { 'L' };
            format!("{command}{:.1} {:.1}", self.x(*epoch), self.y(*value))
        });
        steps.collect::<Vec<_>>().join(" ")
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that reaches `highest` in [`STEPS`] steps.
fn nice_step(highest: f64) -> f64 {
    if !highest.is_finite() || highest <= 0.0 {
        return 1.0;
    }
    let rough = highest / STEPS;
    let magnitude = 10_f64.powf(rough.log10().floor());
    // A hair of tolerance, so that 0.1 × 10 is not above 1.
    let nice = [1.0, 2.0, 2.5, 5.0].into_iter().find(|nice| nice * magnitude >= rough * (1.0 - 1e-9));
    nice.unwrap_or(10.0) * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(Scale::new(9, 100.0).ticks(), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(Scale::new(9, 1.7).ticks(), [0.0, 0.5, 1.0, 1.5, 2.0]);
        assert_eq!(Scale::new(9, 0.0).ticks(), [0.0, 1.0]);
        assert_eq!(Scale::new(9, f64::NAN).ticks(), [0.0, 1.0]);
    }

    #[test]
    fn values_lie_inside_the_drawing() {
        let scale = Scale::new(4, 100.0);
        assert_eq!((scale.x(0), scale.x(4)), (LEFT, WIDTH - RIGHT));
        assert_eq!((scale.y(0.0), scale.y(100.0)), (HEIGHT - BOTTOM, TOP));
        assert_eq!(scale.y(1e9), TOP);
        assert_eq!(Scale::new(0, 1.0).x(0), LEFT);
    }

    #[test]
    fn a_curve_is_a_path() {
        let scale = Scale::new(1, 100.0);
        assert_eq!(scale.path(&[(0, 0.0), (1, 100.0)]), "M40.0 246.0 L348.0 12.0");
        assert_eq!(scale.path(&[]), "");
    }
}
