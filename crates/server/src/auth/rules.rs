//! What a user name and a password may be.

use dto::limits::{PASSWORD_CHARS, USERNAME_CHARS, USERNAME_SIGNS};

/// The name as it is kept, or why it can't be one.
pub fn check_username(name: &str) -> Result<&str, String> {
    let name = name.trim();
    if !USERNAME_CHARS.contains(&name.chars().count()) {
        return Err(format!(
            "A user name has {} to {} characters. Choose another one.",
            USERNAME_CHARS.start(),
            USERNAME_CHARS.end()
        ));
    }
    if let Some(bad) = name.chars().find(|c| !(c.is_alphanumeric() || USERNAME_SIGNS.contains(*c))) {
        return Err(format!("A user name has letters, digits and . _ - @ + only, not “{}”.", bad.escape_debug()));
    }
    Ok(name)
}

/// Why a password can't be one; length alone is asked for, as NIST SP 800-63B advises.
pub fn check_password(password: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < *PASSWORD_CHARS.start() {
        return Err(format!(
            "A password has at least {} characters. A few words make a good one.",
            PASSWORD_CHARS.start()
        ));
    }
    if length > *PASSWORD_CHARS.end() {
        return Err(format!("A password has at most {} characters.", PASSWORD_CHARS.end()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_pass() {
        for name in ["ann", "김민준", "o'neil".replace('\'', ".").as_str(), "a+b@c.de"] {
            assert_eq!(check_username(name), Ok(name));
        }
        assert_eq!(check_username("  ann "), Ok("ann"));
    }

    #[test]
    fn short_long_and_strange_names_fail() {
        for name in ["", "ab", &"x".repeat(65), "two words", "nul\0", "<b>bold</b>"] {
            assert!(check_username(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn passwords_are_counted_in_characters() {
        assert!(check_password("가나다라마바사").is_err());
        assert!(check_password("가나다라마바사아").is_ok());
        assert!(check_password(&"x".repeat(257)).is_err());
    }
}
