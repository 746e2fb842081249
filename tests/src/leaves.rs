//! Drawn leaves: pictures that are pleasant to look at and anybody may have, where there are no photos.

use fastrand::Rng;
use image::{Rgb, RgbImage};
use std::f32::consts::{PI, TAU};

/// What leaves are measured in.
const WIDTH: f32 = 320.0;
const HEIGHT: f32 = 240.0;
/// Pixels for one of those.
const SCALE: f32 = 1.5;
/// Points looked at in each pixel, along each side: smooth edges.
const SAMPLES: u32 = 2;

/// The tree that a leaf is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tree {
    Birch,
    Ginkgo,
    Maple,
    Oak,
    Willow,
}

impl Tree {
    pub const ALL: [Self; 5] = [Self::Birch, Self::Ginkgo, Self::Maple, Self::Oak, Self::Willow];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Birch => "birch",
            Self::Ginkgo => "ginkgo",
            Self::Maple => "maple",
            Self::Oak => "oak",
            Self::Willow => "willow",
        }
    }

    /// Draws a leaf on a table; other seeds give other seasons, sizes and places.
    pub fn draw(self, seed: u64) -> RgbImage {
        let leaf = Leaf::new(self, &mut Rng::with_seed(seed.wrapping_mul(31) ^ ((self as u64 + 1) << 40)));
        RgbImage::from_fn((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32, |x, y| leaf.pixel(x, y))
    }

    /// How far the edge is from the leaf's middle in a direction; 0 leads to the tip, π to the stem.
    fn edge(self, angle: f32) -> f32 {
        let side = angle.abs();
        match self {
            Self::Birch => oval(angle, 0.62, 0.18) + 0.025 * saw(side * 9.0),
            Self::Ginkgo => {
                let fan = smooth(2.0, 1.55, side);
                let notch = 0.35 * (-(side / 0.09).powi(2)).exp();
                (0.25 + 0.68 * fan + 0.02 * (side * 14.0).sin() - notch) * (1.0 - 0.5 * smooth(2.2, PI, side))
            }
            Self::Maple => {
                let lobe = |at: f32, width: f32, height: f32| height * (1.0 - (side - at).abs() / width).max(0.0);
                let lobes = lobe(0.0, 0.4, 0.72).max(lobe(0.95, 0.42, 0.66)).max(lobe(1.85, 0.4, 0.46));
                0.3 + lobes + 0.05 * saw(side * 5.0) * lobes
            }
            Self::Oak => oval(angle, 0.55, 0.05) + 0.12 * (side * 7.5).cos() * smooth(PI, 2.2, side),
            Self::Willow => oval(angle, 0.2, 0.1),
        }
    }
}

/// One leaf: where it lies, its colours, and what it lies on.
struct Leaf {
    tree: Tree,
    middle: [f32; 2],
    turn: f32,
    size: f32,
    colour: [f32; 3],
    blush: [f32; 3],
    table: [f32; 3],
    grain: f32,
}

impl Leaf {
    fn new(tree: Tree, rng: &mut Rng) -> Self {
        const SEASONS: [[f32; 3]; 5] = [
            [104.0, 142.0, 62.0],
            [150.0, 165.0, 60.0],
            [222.0, 176.0, 52.0],
            [205.0, 112.0, 44.0],
            [168.0, 62.0, 48.0],
        ];
        const TABLES: [[f32; 3]; 5] = [
            [232.0, 226.0, 214.0],
            [202.0, 190.0, 172.0],
            [120.0, 104.0, 90.0],
            [178.0, 190.0, 196.0],
            [86.0, 92.0, 96.0],
        ];
        let mut season = |range: std::ops::Range<usize>| SEASONS[rng.usize(range)];
        // Trees have colours that they take more often than others, as in the park.
        let [colour, blush] = match tree {
            Tree::Birch => [season(0..3), season(1..3)],
            Tree::Ginkgo => [season(1..3), season(1..3)],
            Tree::Maple => [season(2..5), season(2..5)],
            Tree::Oak => [season(0..5), season(0..4)],
            Tree::Willow => [season(0..3), season(0..3)],
        };
        Self {
            tree,
            middle: [between(rng, 0.42, 0.58), between(rng, 0.42, 0.58)],
            turn: between(rng, 0.0, TAU),
            size: between(rng, 88.0, 116.0),
            colour,
            blush,
            table: TABLES[rng.usize(..TABLES.len())],
            grain: between(rng, 0.0, TAU),
        }
    }

    fn pixel(&self, x: u32, y: u32) -> Rgb<u8> {
        let mut sum = [0.0; 3];
        for step in 0..SAMPLES * SAMPLES {
            let at = |pixel: u32, step: u32| (pixel as f32 + (step as f32 + 0.5) / SAMPLES as f32) / SCALE;
            let colour = self.colour_at(at(x, step % SAMPLES), at(y, step / SAMPLES));
            sum.iter_mut().zip(colour).for_each(|(sum, channel)| *sum += channel);
        }
        Rgb(sum.map(|channel| (channel / (SAMPLES * SAMPLES) as f32).clamp(0.0, 255.0) as u8))
    }

    fn colour_at(&self, x: f32, y: f32) -> [f32; 3] {
        let [along, across] = self.on_leaf(x, y);
        let (distance, angle) = (along.hypot(across), across.atan2(along));
        let edge = self.tree.edge(angle);
        let stem = along < 0.0 && along > -1.25 && (across - 0.06 * along * along).abs() < 0.016;
        if distance > edge && !stem {
            return self.table_at(x, y);
        }
        if distance > edge {
            return self.colour.map(|channel| channel * 0.62);
        }
        let share = (distance / edge).powi(2);
        let light = 1.06 - 0.16 * share - 0.24 * self.vein(along, across);
        mixed(self.colour, self.blush, 0.75 * share).map(|channel| channel * light)
    }

    /// How much a point belongs to a vein, 0 to 1.
    fn vein(&self, along: f32, across: f32) -> f32 {
        let main = smooth(0.02, 0.006, across.abs());
        let side = match self.tree {
            Tree::Ginkgo => (across.atan2(along + 0.6) * 46.0).cos().max(0.0).powi(6) * 0.6,
            _ => ((along - across.abs() * 0.8) * 26.0).cos().max(0.0).powi(14) * 0.8,
        };
        main.max(side)
    }

    fn table_at(&self, x: f32, y: f32) -> [f32; 3] {
        // A shadow to the lower right, soft at its edge.
        let [along, across] = self.on_leaf(x - 5.0, y - 7.0);
        let edge = self.tree.edge(across.atan2(along));
        let shadow = 1.0 - 0.3 * smooth(edge * 1.1 + 0.05, edge * 0.9, along.hypot(across));
        let grain = 4.0 * (y * 0.11 + 2.5 * (x * 0.013 + self.grain).sin()).sin() + 8.0 * (1.0 - (x + y) / 280.0);
        self.table.map(|channel| (channel + grain) * shadow)
    }

    /// A point as seen from the leaf: how far towards the tip, how far to the side.
    fn on_leaf(&self, x: f32, y: f32) -> [f32; 2] {
        let (dx, dy) = (x - self.middle[0] * WIDTH, y - self.middle[1] * HEIGHT);
        let (sin, cos) = self.turn.sin_cos();
        [(dx * cos + dy * sin) / self.size, (dy * cos - dx * sin) / self.size]
    }
}

/// An oval with a length of 1, so wide, and pointed at the tip.
fn oval(angle: f32, width: f32, point: f32) -> f32 {
    let (sin, cos) = angle.sin_cos();
    width / ((width * cos).powi(2) + sin.powi(2)).sqrt() * 0.92 + point * (1.0 - angle.abs() / 0.5).max(0.0)
}

/// Teeth from 0 to 1.
fn saw(at: f32) -> f32 {
    at.fract()
}

/// 0 at `from`, 1 at `to`, and smooth between.
fn smooth(from: f32, to: f32, at: f32) -> f32 {
    let t = ((at - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn mixed(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|channel| a[channel] + (b[channel] - a[channel]) * share)
}

fn between(rng: &mut Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.f32()
}
