//! From the plane of the map to pixels, and back to the nearest picture.

use dto::likeness::MapPoint;

/// Room for the marks at the edges.
const EDGE: f64 = 16.0;
/// A mark further from the pointer than this is not meant.
const REACH: f64 = 28.0;

/// The size of the drawing in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

impl Size {
    /// Where a point lies.
    pub fn place(self, point: &MapPoint) -> (f64, f64) {
        let along = |length: f64, share: f32| EDGE + (length - 2.0 * EDGE) * (f64::from(share) + 1.0) / 2.0;
        (along(self.width, point.x), along(self.height, point.y))
    }

    /// The place in the list of the point that is meant by these pixels.
    pub fn nearest(self, points: &[MapPoint], x: f64, y: f64) -> Option<usize> {
        let distance = |point: &MapPoint| {
            let (px, py) = self.place(point);
            (px - x).hypot(py - y)
        };
        closest(points.iter().map(distance).enumerate().filter(|(_, distance)| *distance <= REACH))
    }

    /// The next point from that at `from` in the direction of an arrow: of those that lie rather that way than aside,
    /// the closest.
    pub fn next(self, points: &[MapPoint], from: usize, (dx, dy): (f64, f64)) -> Option<usize> {
        let (x, y) = self.place(points.get(from)?);
        let ahead = points.iter().enumerate().filter_map(|(place, point)| {
            let (px, py) = self.place(point);
            let (along, aside) = ((px - x) * dx + (py - y) * dy, ((px - x) * dy - (py - y) * dx).abs());
            (place != from && along > 0.0 && along >= aside).then_some((place, along + 2.0 * aside))
        });
        closest(ahead)
    }
}

fn closest(distances: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 232.0, height: 132.0 };

    fn points() -> Vec<MapPoint> {
        let at = |x, y| MapPoint {
            image_id: "01890000-0000-7000-8000-000000000001".parse().expect("a UUID"),
            label_id: None,
            x,
            y,
        };
        vec![at(-1.0, -1.0), at(1.0, 1.0), at(0.0, -0.8)]
    }

    #[test]
    fn the_plane_fills_the_drawing_but_for_its_edge() {
        assert_eq!(SIZE.place(&points()[0]), (16.0, 16.0));
        assert_eq!(SIZE.place(&points()[1]), (216.0, 116.0));
    }

    #[test]
    fn the_nearest_point_is_meant_unless_it_is_far() {
        assert_eq!(SIZE.nearest(&points(), 20.0, 12.0), Some(0));
        assert_eq!(SIZE.nearest(&points(), 60.0, 100.0), None);
    }

    #[test]
    fn arrows_lead_to_what_lies_that_way() {
        assert_eq!(SIZE.next(&points(), 0, (1.0, 0.0)), Some(2));
        assert_eq!(SIZE.next(&points(), 0, (-1.0, 0.0)), None);
        assert_eq!(SIZE.next(&points(), 1, (-1.0, 0.0)), Some(2));
    }
}
