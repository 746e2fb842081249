//! The marks on the map: each label has a shape, so that its colour is not alone.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Plus,
    Wedge,
    /// Of pictures without a label.
    Ring,
}

impl Shape {
    /// The shape of the label at this place. Their number has no factor in common with that of the palette's colours
    /// but two: of 24 labels no two look the same.
    pub const fn of_place(place: usize) -> Self {
        match place % 6 {
            0 => Self::Circle,
            1 => Self::Square,
            2 => Self::Triangle,
            3 => Self::Diamond,
            4 => Self::Plus,
            _ => Self::Wedge,
        }
    }

    /// Its outline around a point, for the `d` of an SVG path.
    pub fn path(self, x: f64, y: f64, radius: f64) -> String {
        let r = radius;
        match self {
            Self::Circle | Self::Ring => {
                format!("M{:.1} {y:.1}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z", x - r, d = 2.0 * r)
            }
            Self::Square => {
                let side = 1.7 * r;
                format!("M{:.1} {:.1}h{side:.1}v{side:.1}h-{side:.1}z", x - side / 2.0, y - side / 2.0)
            }
            Self::Triangle => corners(&[(x, y - 1.2 * r), (x + 1.1 * r, y + 0.8 * r), (x - 1.1 * r, y + 0.8 * r)]),
            Self::Wedge => corners(&[(x, y + 1.2 * r), (x + 1.1 * r, y - 0.8 * r), (x - 1.1 * r, y - 0.8 * r)]),
            Self::Diamond => corners(&[(x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)]),
            Self::Plus => {
                let (a, l) = (0.4 * r, 1.2 * r);
                let up =
                    [(x - a, y - l), (x + a, y - l), (x + a, y - a), (x + l, y - a), (x + l, y + a), (x + a, y + a)];
                let down =
                    [(x + a, y + l), (x - a, y + l), (x - a, y + a), (x - l, y + a), (x - l, y - a), (x - a, y - a)];
                corners(&[up, down].concat())
            }
        }
    }
}

fn corners(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}z", points.join("L"))
}
