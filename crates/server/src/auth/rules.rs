//! What a user name and a password may be.

use dto::limits::{PASSWORD_CHARS, USERNAME_CHARS, USERNAME_SIGNS};
use zxcvbn::{Score, zxcvbn};

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

/// Why a password can't be this user's. As NIST SP 800-63B advises, it is not asked for kinds of characters: it has to be
/// long enough, and not one that others would try first.
pub fn check_password(password: &str, username: &str) -> Result<(), String> {
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
    if password.to_lowercase().contains(&username.to_lowercase()) {
        return Err("The user name is the first thing that others try. Choose a password without it.".into());
    }
    // The estimate knows lists of passwords, names and words, rows of keys, dates and repetitions.
    if zxcvbn(password, &[username, "pupil"]).score() < Score::Two {
        return Err(
            "This password is among the first that others would try. A few unrelated words make a good one.".into()
        );
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
        assert!(check_password("긴비밀번호하나", "ann").is_err());
        assert!(check_password("긴비밀번호하나둘", "ann").is_ok());
        assert!(check_password(&"four words of mine ".repeat(20), "ann").is_err());
    }

    #[test]
    fn what_others_would_try_first_is_refused() {
        let common =
            ["password", "password1", "12345678", "qwertyuiop", "iloveyou", "xxxxxxxxxx", "abcdefgh", "P@ssw0rd"];
        for password in common {
            assert!(check_password(password, "ann").is_err(), "{password}");
        }
        for password in ["elodie.k", "I am Elodie.K, hello", "ELODIE.K2024"] {
            assert!(check_password(password, "elodie.k").is_err(), "{password}");
        }
        for password in ["correct horse battery staple", "a long pass phrase", "four words of mine", "tr5-Bq.0xZ"] {
            assert_eq!(check_password(password, "elodie.k"), Ok(()), "{password}");
        }
    }
}
