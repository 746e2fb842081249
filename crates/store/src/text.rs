//! Text as it is kept and compared, so that what a person takes for the same is the same.

use unicode_normalization::UnicodeNormalization;

/// For comparing without regard to case. The databases themselves would fold ASCII only, or by the locale.
pub(crate) fn fold(text: &str) -> String {
    compose(text).to_lowercase()
}

/// Text in one Unicode form: macOS sends the names of files and folders decomposed, and Hangul or an accent in them
/// then never equals what is typed.
pub(crate) fn compose(text: &str) -> String {
    without_nul(text).nfc().collect()
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere in folded text.
pub(crate) fn contains_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for char in fold(text).chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern.push('%');
    pattern
}

/// PostgreSQL can't hold U+0000 in text; U+FFFD stands for it.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_more_than_ascii() {
        assert_eq!(fold("ÉCOLE"), "école");
        // Decomposed and composed Hangul.
        assert_eq!(fold("\u{1100}\u{1169}"), "\u{ace0}");
        assert_eq!(fold("a\0b"), "a\u{fffd}b");
    }

    #[test]
    fn patterns_take_wildcards_literally() {
        assert_eq!(contains_pattern(r"50%_\X"), r"%50\%\_\\x%");
    }
}
