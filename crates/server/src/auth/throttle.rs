//! Keeps guessing slow: so many attempts at an account, and so many from an address.
//!
//! Counted in this process alone: of several processes, each counts for itself.

use crate::config::Settings;
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use ipnet::IpNet;
use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// No account has a longer name; what is longer still would only fill the memory.
const NAME_CHARS: usize = *dto::limits::USERNAME_CHARS.end();
/// A provider gives whoever has IPv6 this much of it.
const IPV6_PREFIX: u8 = 64;
/// How many checks go by until those that have waited long enough are forgotten.
const CHECKS_BETWEEN_CLEANING: usize = 1_000;

/// Too many attempts.
#[derive(Debug)]
pub struct Throttled {
    /// How long until the next one is allowed.
    pub wait: Duration,
}

/// The limits on logging in and signing up. Cheap to clone.
#[derive(Clone)]
pub struct Throttles {
    accounts: Throttle<String>,
    log_ins: Throttle<IpNet>,
    sign_ups: Throttle<IpNet>,
}

impl Throttles {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            accounts: Throttle::new(settings.logins_per_account, Quota::per_minute),
            log_ins: Throttle::new(settings.logins_per_address, Quota::per_minute),
            sign_ups: Throttle::new(settings.signups_per_address, Quota::per_hour),
        }
    }

    /// A log-in as this user is tried from this address.
    pub fn log_in(&self, username: &str, address: IpAddr) -> Result<(), Throttled> {
        self.log_ins.check(&network(address))?;
        self.password(username)
    }

    /// A password of this user is tried by whoever is logged in as them.
    pub fn password(&self, username: &str) -> Result<(), Throttled> {
        self.accounts.check(&account(username))
    }

    /// A sign-up is tried from this address.
    pub fn sign_up(&self, address: IpAddr) -> Result<(), Throttled> {
        self.sign_ups.check(&network(address))
    }
}

/// What an account's attempts are counted by, however its name is spelled: accents and Hangul can be sent composed and
/// decomposed.
fn account(username: &str) -> String {
    store::username_key(username).chars().take(NAME_CHARS).collect()
}

/// The address, or as much of it as one person has.
fn network(address: IpAddr) -> IpNet {
    match address {
        IpAddr::V4(_) => address.into(),
        IpAddr::V6(_) => IpNet::new(address, IPV6_PREFIX).map_or(address.into(), |network| network.trunc()),
    }
}

/// So many attempts under one key at once, and then one whenever its share of the time has gone by.
#[derive(Clone)]
struct Throttle<K: Hash + Eq + Clone>(Option<Arc<Limiter<K>>>);

struct Limiter<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// No limit for 0.
    fn new(count: u32, quota: fn(NonZeroU32) -> Quota) -> Self {
        let limiter = |count| Limiter { limiter: DefaultKeyedRateLimiter::keyed(quota(count)), checks: 0.into() };
        Self(NonZeroU32::new(count).map(|count| Arc::new(limiter(count))))
    }

    fn check(&self, key: &K) -> Result<(), Throttled> {
        let Some(Limiter { limiter, checks }) = self.0.as_deref() else { return Ok(()) };
        if checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(CHECKS_BETWEEN_CLEANING) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        let now = DefaultClock::default().now();
        limiter.check_key(key).map_err(|until| Throttled { wait: until.wait_time_from(now) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_limit_and_zero_sets_none() {
        let throttle = Throttle::new(2, Quota::per_minute);
        for key in ["a", "b"] {
            assert!(throttle.check(&key).is_ok() && throttle.check(&key).is_ok());
            let wait = throttle.check(&key).expect_err("the third in a minute").wait;
            assert!(wait > Duration::from_secs(20) && wait <= Duration::from_secs(30), "{wait:?}");
        }
        let none = Throttle::new(0, Quota::per_minute);
        assert!((0..1_000).all(|_| none.check(&"a").is_ok()));
    }

    #[test]
    fn a_name_is_one_however_it_is_spelled() {
        // Composed, decomposed, and half of each.
        for spelling in
            ["\u{110b}\u{1165}\u{110c}\u{1175}\u{11ab}", "\u{c5b4}\u{110c}\u{1175}\u{11ab}", " \u{c5b4}\u{c9c4}"]
        {
            assert_eq!(account(spelling), "\u{c5b4}\u{c9c4}");
        }
        assert_eq!(account("ÉLODIE"), account("e\u{301}lodie"));
        assert_eq!(account(&"x".repeat(10_000)).len(), NAME_CHARS);
    }

    #[test]
    fn a_person_with_ipv6_has_one_network() {
        let parse = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(parse("2001:db8::1"), parse("2001:db8::ffff:2"));
        assert_ne!(parse("2001:db8::1"), parse("2001:db8:0:1::1"));
        assert_ne!(parse("192.0.2.1"), parse("192.0.2.2"));
    }
}
