//! A label's colour on the page.

use dto::label::PALETTE;

/// A colour of the palette as the CSS variable that has a light and a dark form of it; any other as it is.
pub fn css(color: &str) -> String {
    match PALETTE.iter().position(|known| known.eq_ignore_ascii_case(color)) {
        Some(place) => format!("var(--l{})", place + 1),
        None => color.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn palette_colours_become_variables() {
        assert_eq!(css("#0072B2"), "var(--l1)");
        assert_eq!(css(PALETTE[7]), "var(--l8)");
        assert_eq!(css("#123456"), "#123456");
    }
}
