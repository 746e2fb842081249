//! Numbers, times and dates as people read them. The words around them are in `i18n`.

use dto::Timestamp;

/// Between a number and its unit: they stay on one line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// A share of 0 to 1 in whole percent: "88 %".
pub fn percent(share: f64) -> String {
    format!("{:.0}{NO_BREAK_SPACE}%", share * 100.0)
}

/// A share of 0 to 1 in percent with four digits: "79.3532 %".
pub fn percent_exact(share: f64) -> String {
    format!("{:.4}{NO_BREAK_SPACE}%", share * 100.0)
}

/// An interval of shares of 0 to 1 in whole percent, without the sign: "84–91".
pub fn percent_range([low, high]: [f64; 2]) -> String {
    format!("{:.0}–{:.0}", low * 100.0, high * 100.0)
}

/// Whole percentage points between two shares of 0 to 1, as they look when rounded.
pub fn points_between(before: f64, after: f64) -> i32 {
    (after * 100.0).round() as i32 - (before * 100.0).round() as i32
}

/// Seconds with as many digits as tell something: "0.016 s", "0.31 s", "12.4 s", "3 min 20 s".
pub fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.1 => format!("{s:.3}{NO_BREAK_SPACE}s"),
        s if s < 10.0 => format!("{s:.2}{NO_BREAK_SPACE}s"),
        s if s < 60.0 => format!("{s:.1}{NO_BREAK_SPACE}s"),
        s => {
            let whole = s.round() as u64;
            format!("{}{NO_BREAK_SPACE}min {}{NO_BREAK_SPACE}s", whole / 60, whole % 60)
        }
    }
}

/// Seconds with four digits: "8.1616 s".
pub fn seconds_exact(seconds: f64) -> String {
    format!("{seconds:.4}{NO_BREAK_SPACE}s")
}

/// Bytes in the units of a file manager: "830 kB", "3.2 MB".
pub fn bytes(bytes: f64) -> String {
    match bytes {
        b if b < 1e6 => format!("{:.0}{NO_BREAK_SPACE}kB", (b / 1e3).ceil()),
        b if b < 1e9 => format!("{:.1}{NO_BREAK_SPACE}MB", b / 1e6),
        b => format!("{:.1}{NO_BREAK_SPACE}GB", b / 1e9),
    }
}

/// A count with its thousands apart: "12,345".
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How long ago something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    JustNow,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    Weeks(i64),
    Months(i64),
    Years(i64),
}

/// The time from `then` to `now` (milliseconds since 1970), in the largest unit that fits.
pub fn ago(then: Timestamp, now: f64) -> Ago {
    let minutes = (now as i64 - then.millis()) / 60_000;
    let (hours, days) = (minutes / 60, minutes / (60 * 24));
    match () {
        () if minutes < 1 => Ago::JustNow,
        () if hours < 1 => Ago::Minutes(minutes),
        () if days < 1 => Ago::Hours(hours),
        () if days < 14 => Ago::Days(days),
        () if days < 60 => Ago::Weeks(days / 7),
        () if days < 730 => Ago::Months(days / 30),
        () => Ago::Years(days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace(NO_BREAK_SPACE, " ")
    }

    #[test]
    fn percentages() {
        assert_eq!(plain(percent(0.876)), "88 %");
        assert_eq!(plain(percent(1.0)), "100 %");
        assert_eq!(plain(percent_exact(0.793_532)), "79.3532 %");
        assert_eq!(percent_range([0.839, 0.912]), "84–91");
        assert_eq!(points_between(0.856, 0.884), 2);
        assert_eq!(points_between(0.884, 0.856), -2);
    }

    #[test]
    fn durations() {
        assert_eq!(plain(seconds(0.008)), "0.008 s");
        assert_eq!(plain(seconds(0.161)), "0.16 s");
        assert_eq!(plain(seconds(12.44)), "12.4 s");
        assert_eq!(plain(seconds(199.6)), "3 min 20 s");
        assert_eq!(plain(seconds_exact(8.161_64)), "8.1616 s");
    }

    #[test]
    fn sizes_and_counts() {
        assert_eq!(plain(bytes(829_100.0)), "830 kB");
        assert_eq!(plain(bytes(3_210_000.0)), "3.2 MB");
        assert_eq!(plain(bytes(2.5e9)), "2.5 GB");
        assert_eq!(count(7), "7");
        assert_eq!(count(430), "430");
        assert_eq!(count(12_345), "12,345");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn times_ago() {
        let now = 1_700_000_000_000_i64;
        let before = |minutes: i64| ago(Timestamp::from_millis(now - minutes * 60_000), now as f64);
        assert_eq!(before(0), Ago::JustNow);
        // A server's clock may be ahead of the browser's.
        assert_eq!(before(-5), Ago::JustNow);
        assert_eq!(before(59), Ago::Minutes(59));
        assert_eq!(before(60), Ago::Hours(1));
        assert_eq!(before(60 * 24), Ago::Days(1));
        assert_eq!(before(60 * 24 * 20), Ago::Weeks(2));
        assert_eq!(before(60 * 24 * 90), Ago::Months(3));
        assert_eq!(before(60 * 24 * 800), Ago::Years(2));
    }
}
