//! A list that is read page by page, and the end of it: a button for more, that it is being read, or why it can't be.

use super::{failure::Failure, testid};
use crate::{
    api::{ApiError, ApiResult},
    i18n,
};
use dto::Page;
use futures::{FutureExt, future::LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

type Fetch<T> = Box<dyn Fn(Option<String>) -> LocalBoxFuture<'static, ApiResult<Page<T>>>>;

/// How far a list is read.
#[derive(Clone, PartialEq)]
enum Reading {
    Busy,
    Failed(Option<String>, ApiError),
    /// There is more from this cursor on.
    More(String),
    Complete,
}

/// A list and how far it is read.
pub struct Paged<T: Send + Sync + 'static> {
    pub items: RwSignal<Vec<T>>,
    reading: RwSignal<Reading>,
    /// Counts the readings begun, so that an answer for an older one is ignored.
    generation: StoredValue<u32>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
}

impl<T: Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Paged<T> {}

impl<T: Send + Sync + 'static> Paged<T> {
    /// A list whose pages `fetch` reads; it begins at once.
    pub fn new<F: Future<Output = ApiResult<Page<T>>> + 'static>(
        fetch: impl Fn(Option<String>) -> F + 'static,
    ) -> Self {
        let fetch: Fetch<T> = Box::new(move |cursor| fetch(cursor).boxed_local());
        let list = Self {
            items: RwSignal::new(Vec::new()),
            reading: RwSignal::new(Reading::Busy),
            generation: StoredValue::new(0),
            fetch: StoredValue::new_local(fetch),
        };
        list.read(None);
        list
    }

    /// Whether everything was read, and there is nothing.
    pub fn is_empty(self) -> bool {
        self.reading.get() == Reading::Complete && self.items.with(Vec::is_empty)
    }

    /// Whether the first page has been read.
    pub fn has_begun(self) -> bool {
        !self.items.with(Vec::is_empty) || self.reading.get() == Reading::Complete
    }

    /// Whether there is more than what was read.
    pub fn has_more(self) -> bool {
        matches!(self.reading.get(), Reading::More(_))
    }

    /// Reads the list anew from its beginning; what is shown stays until that is there.
    pub fn reload(self) {
        self.read(None);
    }

    fn read(self, cursor: Option<String>) {
        // Whoever asks to read again may outlive the list.
        let Some(generation) = self.generation.try_get_value().map(|count| count.wrapping_add(1)) else { return };
        self.generation.set_value(generation);
        self.reading.set(Reading::Busy);
        let answer = self.fetch.with_value(|fetch| fetch(cursor.clone()));
        spawn_local(async move {
            let answer = answer.await;
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.items.update(|items| {
                        if cursor.is_none() {
                            items.clear();
                        }
                        items.extend(page.items);
                    });
                    self.reading.set(page.next_cursor.map_or(Reading::Complete, Reading::More));
                }
                Err(error) => self.reading.set(Reading::Failed(cursor, error)),
            }
        });
    }
}

/// What stands below a list that is not read to its end.
#[component]
pub fn More<T: Send + Sync + 'static>(list: Paged<T>) -> impl IntoView {
    move || match list.reading.get() {
        Reading::Complete => ().into_any(),
        Reading::Busy => view! {
            <p class="muted" role="status">
                {i18n::loading()}
            </p>
        }
        .into_any(),
        Reading::Failed(cursor, error) => {
            view! { <Failure error=error retry=move |()| list.read(cursor.clone()) /> }.into_any()
        }
        Reading::More(cursor) => view! {
            <div class="row center">
                <button
                    type="button"
                    class="btn"
                    data-testid=testid::SHOW_MORE
                    on:click=move |_| list.read(Some(cursor.clone()))
                >
                    {i18n::show_more()}
                </button>
            </div>
        }
        .into_any(),
    }
}
