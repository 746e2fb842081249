//! Which part of a long grid needs to be in the document: what can be seen, and some more on both sides.

use std::ops::Range;

/// The narrowest card, in CSS pixels.
const CARD_WIDTH: f64 = 176.0;
/// As in the style sheet, in CSS pixels.
const GAP: f64 = 12.0;
/// Of the select box under each picture and the card's borders, in CSS pixels. As in the style sheet.
const CARD_EXTRA: f64 = 42.0;
/// So that there are two columns on a telephone.
const COLUMNS_AT_LEAST: usize = 2;
/// Screens above and below that are kept, so that fast scrolling meets pictures.
const SCREENS_AROUND: f64 = 1.5;

/// The grid's columns and rows. Every card has the same height: a 4:3 picture and a select box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Layout {
    pub columns: usize,
    /// From one row to the next, in CSS pixels.
    pub row_height: f64,
}

impl Layout {
    /// For a grid of `width` CSS pixels.
    pub fn new(width: f64) -> Self {
        let columns = (((width + GAP) / (CARD_WIDTH + GAP)).floor() as usize).max(COLUMNS_AT_LEAST);
        let card_width = (width - GAP * (columns - 1) as f64) / columns as f64;
        Self { columns, row_height: card_width * 0.75 + CARD_EXTRA + GAP }
    }

    /// The rows of `count` cards to have in the document, when the grid begins `top` CSS pixels below the upper edge of
    /// a view of `view_height` (negative when scrolled past).
    pub fn rows(&self, count: usize, top: f64, view_height: f64) -> Range<usize> {
        let all = self.row_count(count);
        if self.row_height <= 0.0 {
            return 0..0;
        }
        let margin = view_height * SCREENS_AROUND;
        let row_at = |y: f64| (y / self.row_height).max(0.0) as usize;
        let first = row_at(-top - margin).min(all);
        let last = (row_at(-top + view_height + margin) + 1).min(all);
        first..last.max(first)
    }

    /// The cards of those rows.
    pub fn cards(&self, rows: &Range<usize>, count: usize) -> Range<usize> {
        (rows.start * self.columns).min(count)..(rows.end * self.columns).min(count)
    }

    /// CSS pixels above and below those rows, where the other cards would be.
    pub fn space_around(&self, rows: &Range<usize>, count: usize) -> (f64, f64) {
        let below = self.row_count(count).saturating_sub(rows.end);
        (rows.start as f64 * self.row_height, below as f64 * self.row_height)
    }

    fn row_count(&self, count: usize) -> usize {
        if self.columns == 0 { 0 } else { count.div_ceil(self.columns) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_follow_the_width() {
        assert_eq!(Layout::new(1120.0).columns, 6);
        assert_eq!(Layout::new(358.0).columns, 2);
        assert_eq!(Layout::new(100.0).columns, 2);
    }

    #[test]
    fn only_rows_near_the_view_are_kept() {
        let layout = Layout { columns: 6, row_height: 200.0 };
        let rows = layout.rows(6_000, -20_000.0, 800.0);
        assert_eq!(rows, 94..111);
        assert_eq!(layout.cards(&rows, 6_000), 564..666);
        assert_eq!(layout.space_around(&rows, 6_000), (18_800.0, 177_800.0));
    }

    #[test]
    fn short_grids_are_whole() {
        let layout = Layout { columns: 6, row_height: 200.0 };
        let rows = layout.rows(20, 300.0, 800.0);
        assert_eq!(layout.cards(&rows, 20), 0..20);
        assert_eq!(layout.space_around(&rows, 20), (0.0, 0.0));
        assert_eq!(layout.rows(0, 300.0, 800.0), 0..0);
    }

    #[test]
    fn a_grid_that_was_not_measured_yet_is_empty() {
        let layout = Layout::default();
        assert_eq!(layout.rows(20, 0.0, 800.0), 0..0);
    }
}
