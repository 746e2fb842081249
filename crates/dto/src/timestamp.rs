//! Points in time: RFC 3339 in UTC on the wire, milliseconds since 1970 inside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A point in time to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nanos = i128::from(self.0) * 1_000_000;
        let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(ser::Error::custom)?;
        let text = moment.format(&Rfc3339).map_err(ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment = OffsetDateTime::parse(&text, &Rfc3339).map_err(de::Error::custom)?;
        // An RFC 3339 year has four digits, so the milliseconds always fit.
        Ok(Self((moment.unix_timestamp_nanos() / 1_000_000) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_rfc_3339_on_the_wire() {
        let moment = Timestamp::from_millis(1_700_000_000_123);
        let text = serde_json::to_string(&moment).expect("a time in this century");
        assert_eq!(text, "\"2023-11-14T22:13:20.123Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&text).expect("what was just written"), moment);
    }

    #[test]
    fn reads_other_offsets() {
        let text = "\"2023-11-15T07:13:20.123+09:00\"";
        assert_eq!(serde_json::from_str::<Timestamp>(text).expect("a valid time").millis(), 1_700_000_000_123);
    }
}
