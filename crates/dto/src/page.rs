//! Lists, one shape whatever they hold.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to get what follows; null on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is always whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}
