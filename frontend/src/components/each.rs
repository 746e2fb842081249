//! A list whose parts stay where their keys do.

use leptos::prelude::*;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

struct Item {
    key: u64,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// As Leptos' `For`, which is compiled anew for each kind of item and is large; of this, only the little that differs is.
#[component]
pub fn Each<T, K, V>(
    each: impl Fn() -> Vec<T> + Send + 'static,
    key: impl Fn(&T) -> K + Send + 'static,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    K: Hash,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let item = move |of: T| {
        let children = Arc::clone(&children);
        Item { key: hash(&key(&of)), view: Box::new(move || children(of).into_any()) }
    };
    of_items(Box::new(move || each().into_iter().map(&item).collect()))
}

fn of_items(items: Box<dyn Fn() -> Vec<Item> + Send>) -> AnyView {
    view! { <For each=items key=|item| item.key children=|item| (item.view)() /> }.into_any()
}

fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
