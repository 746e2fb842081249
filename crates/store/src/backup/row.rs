//! A row in a form that both databases can write and read.

use crate::error::{Result, StoreError};
use serde_json::{Map, Value, json};
use sqlx::{
    Any, Column, Row as _, TypeInfo, ValueRef,
    any::{AnyArguments, AnyRow, AnyTypeInfoKind},
    query::Query,
};

/// A row: the values of its columns by their names.
pub type Row = Map<String, Value>;

pub(super) fn from_database(row: &AnyRow) -> Result<Row> {
    row.columns()
        .iter()
        .map(|column| Ok((column.name().to_owned(), value(row, column.ordinal())?)))
        .collect::<Result<_>>()
}

fn value(row: &AnyRow, index: usize) -> Result<Value> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let info = raw.type_info();
    Ok(match info.kind() {
        AnyTypeInfoKind::Text => Value::String(row.try_get(index)?),
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            row.try_get::<i64, _>(index)?.into()
        }
        // Debug, unlike JSON's numbers, tells every double from every other, and has words for those without digits.
        AnyTypeInfoKind::Double => json!({ "double": format!("{:?}", row.try_get::<f64, _>(index)?) }),
        AnyTypeInfoKind::Blob => json!({ "bytes": hex::encode(row.try_get::<Vec<u8>, _>(index)?) }),
        other => return Err(StoreError::Corrupt(format!("column of the type {} ({other:?})", info.name()))),
    })
}

pub(super) fn bind<'q>(
    query: Query<'q, Any, AnyArguments>,
    column: &str,
    value: &Value,
) -> Result<Query<'q, Any, AnyArguments>> {
    let unreadable = || StoreError::Corrupt(format!("{column} of a row in the backup"));
    Ok(match value {
        Value::String(text) => query.bind(text.clone()),
        Value::Number(number) => query.bind(number.as_i64().ok_or_else(unreadable)?),
        Value::Object(object) => match (object.get("double"), object.get("bytes")) {
            (Some(Value::String(double)), None) => query.bind(double.parse::<f64>().map_err(|_| unreadable())?),
            (None, Some(Value::String(bytes))) => query.bind(hex::decode(bytes).map_err(|_| unreadable())?),
            _ => return Err(unreadable()),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) => return Err(unreadable()),
    })
}
