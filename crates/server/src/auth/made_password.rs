//! Passwords that are made, not chosen.

/// Signs that are not taken for one another when read out or copied by hand.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 4;
const SIGNS_IN_GROUP: usize = 4;

/// A password of 80 random bits, in groups: `k7wp-3mfa-x2hd-rq9t`.
pub fn make_password() -> anyhow::Result<String> {
    let mut bytes = [0; GROUPS * SIGNS_IN_GROUP];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    // 256 is a multiple of 32: every sign is as likely.
    let signs = bytes.map(|byte| char::from(SIGNS[usize::from(byte) % SIGNS.len()]));
    let groups: Vec<String> = signs.chunks(SIGNS_IN_GROUP).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_password_is_one_and_never_the_same() {
        let [one, other] = [make_password().expect("random numbers"), make_password().expect("random numbers")];
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert_eq!(crate::auth::check_password(&one, "somebody"), Ok(()));
    }
}
