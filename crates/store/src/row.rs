//! Reading columns: what is not as it was written is [`StoreError::Corrupt`], not a panic.

use crate::error::{Result, StoreError};
use dto::Timestamp;
use sqlx::{Row, any::AnyRow};
use std::str::FromStr;

/// Reads columns by name.
pub(crate) trait Columns {
    fn text(&self, column: &str) -> Result<String>;
    fn integer(&self, column: &str) -> Result<i64>;
    fn optional_integer(&self, column: &str) -> Result<Option<i64>>;
    fn double(&self, column: &str) -> Result<f64>;
    fn optional_double(&self, column: &str) -> Result<Option<f64>>;
    fn optional_text(&self, column: &str) -> Result<Option<String>>;

    /// A number that is never negative.
    fn count<T: TryFrom<i64>>(&self, column: &str) -> Result<T> {
        self.integer(column)?.try_into().map_err(|_| StoreError::Corrupt(column.to_owned()))
    }

    fn flag(&self, column: &str) -> Result<bool> {
        Ok(self.integer(column)? != 0)
    }

    fn time(&self, column: &str) -> Result<Timestamp> {
        self.integer(column).map(Timestamp::from_millis)
    }

    fn optional_time(&self, column: &str) -> Result<Option<Timestamp>> {
        Ok(self.optional_integer(column)?.map(Timestamp::from_millis))
    }

    /// An identifier or a content hash.
    fn parsed<T: FromStr>(&self, column: &str) -> Result<T> {
        self.known(column, |text| text.parse().ok())
    }

    fn optional_parsed<T: FromStr>(&self, column: &str) -> Result<Option<T>> {
        self.optional_known(column, |text| text.parse().ok())
    }

    /// A value of an enumeration.
    fn known<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        parse(&self.text(column)?).ok_or_else(|| StoreError::Corrupt(column.to_owned()))
    }

    fn optional_known<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        let text = self.optional_text(column)?;
        text.map(|text| parse(&text).ok_or_else(|| StoreError::Corrupt(column.to_owned()))).transpose()
    }
}

impl Columns for AnyRow {
    fn text(&self, column: &str) -> Result<String> {
        Ok(self.try_get(column)?)
    }

    fn integer(&self, column: &str) -> Result<i64> {
        Ok(self.try_get(column)?)
    }

    fn optional_integer(&self, column: &str) -> Result<Option<i64>> {
        Ok(self.try_get(column)?)
    }

    fn double(&self, column: &str) -> Result<f64> {
        Ok(self.try_get(column)?)
    }

    fn optional_double(&self, column: &str) -> Result<Option<f64>> {
        Ok(self.try_get(column)?)
    }

    fn optional_text(&self, column: &str) -> Result<Option<String>> {
        Ok(self.try_get(column)?)
    }
}
