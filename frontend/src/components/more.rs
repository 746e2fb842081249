//! A list that is read page by page, and the end of it: a button for more, that it is being read, or why it can't be.

use super::{failure::Failure, testid};
use crate::{
    api::{ApiError, ApiResult},
    i18n,
};
use dto::Page;
use futures::{FutureExt, future::LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

/// Puts what was read at the end of the list, or in place of it.
type Put = Box<dyn FnOnce(bool)>;
type Fetch = Box<dyn Fn(Option<String>) -> LocalBoxFuture<'static, ApiResult<(Put, Option<String>)>>>;

/// How far a list is read.
#[derive(Clone, PartialEq)]
enum Progress {
    Busy,
    Failed(Option<String>, ApiError),
    /// There is more from this cursor on.
    More(String),
    Complete,
}

/// A list and how far it is read.
pub struct Paged<T: Send + Sync + 'static> {
    pub items: RwSignal<Vec<T>>,
    /// How it is read on.
    pub reading: PageReading,
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
        let items = RwSignal::new(Vec::new());
        let put = move |page: Page<T>| {
            let put = move |anew: bool| {
                items.update(|items| {
                    if anew {
                        items.clear();
                    }
                    items.extend(page.items);
                });
            };
            (Box::new(put) as Put, page.next_cursor)
        };
        let fetch: Fetch = Box::new(move |cursor| fetch(cursor).map(move |answer| answer.map(put)).boxed_local());
        Self { items, reading: PageReading::new(fetch) }
    }

    /// Whether everything was read, and there is nothing.
    pub fn is_empty(self) -> bool {
        self.reading.is_complete() && self.items.with(Vec::is_empty)
    }

    /// Whether the first page has been read.
    pub fn has_begun(self) -> bool {
        !self.items.with(Vec::is_empty) || self.reading.is_complete()
    }

    /// Whether there is more than what was read.
    pub fn has_more(self) -> bool {
        matches!(self.reading.progress.get(), Progress::More(_))
    }

    /// Reads the list anew from its beginning; what is shown stays until that is there.
    pub fn reload(self) {
        self.reading.read(None);
    }
}

/// How a list is read on, whatever it is a list of.
#[derive(Clone, Copy)]
pub struct PageReading {
    progress: RwSignal<Progress>,
    /// Counts the readings begun, so that an answer for an older one is ignored.
    generation: StoredValue<u32>,
    fetch: StoredValue<Fetch, LocalStorage>,
}

impl PageReading {
    fn new(fetch: Fetch) -> Self {
        let progress = RwSignal::new(Progress::Busy);
        let reading = Self { progress, generation: StoredValue::new(0), fetch: StoredValue::new_local(fetch) };
        reading.read(None);
        reading
    }

    fn is_complete(self) -> bool {
        self.progress.get() == Progress::Complete
    }

    fn read(self, cursor: Option<String>) {
        // Whoever asks to read again may outlive the list.
        let Some(generation) = self.generation.try_get_value().map(|count| count.wrapping_add(1)) else { return };
        self.generation.set_value(generation);
        self.progress.set(Progress::Busy);
        let answer = self.fetch.with_value(|fetch| fetch(cursor.clone()));
        spawn_local(async move {
            let answer = answer.await;
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok((put, next)) => {
                    put(cursor.is_none());
                    self.progress.set(next.map_or(Progress::Complete, Progress::More));
                }
                Err(error) => self.progress.set(Progress::Failed(cursor, error)),
            }
        });
    }
}

/// What stands below a list that is not read to its end.
#[component]
pub fn More(reading: PageReading) -> impl IntoView {
    move || match reading.progress.get() {
        Progress::Complete => ().into_any(),
        Progress::Busy => view! {
            <p class="muted" role="status">
                {i18n::loading()}
            </p>
        }
        .into_any(),
        Progress::Failed(cursor, error) => {
            view! { <Failure error=error retry=move |()| reading.read(cursor.clone()) /> }.into_any()
        }
        Progress::More(cursor) => view! {
            <div class="row center">
                <button
                    type="button"
                    class="btn"
                    data-testid=testid::SHOW_MORE
                    on:click=move |_| reading.read(Some(cursor.clone()))
                >
                    {i18n::show_more()}
                </button>
            </div>
        }
        .into_any(),
    }
}
