//! Something that is read from the server.

use futures::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};
use std::{any::Any, marker::PhantomData, sync::Arc};

type Value = Arc<dyn Any + Send + Sync>;

/// Reads at once, and again whenever what `fetch` tracks changes or [`Self::refetch`] is called; what was read stays
/// meanwhile. As Leptos' `LocalResource`, which is compiled anew for each type and is large; of this, only the little
/// that differs is.
pub struct Reading<T> {
    value: RwSignal<Option<Value>>,
    wanted: RwSignal<u32>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T: Clone + Send + Sync + 'static> Reading<T> {
    pub fn new<F: Future<Output = T> + 'static>(fetch: impl Fn() -> F + 'static) -> Self {
        let (value, wanted) = (RwSignal::new(None), RwSignal::new(0));
        read(value, wanted, Box::new(move || fetch().map(|read| Arc::new(read) as Value).boxed_local()));
        Self { value, wanted, of: PhantomData }
    }

    /// What was read last; `None` before that.
    pub fn get(self) -> Option<T> {
        self.value.with(|value| value.as_ref()?.downcast_ref().cloned())
    }

    /// Reads again, unless nobody is there any more who wants it.
    pub fn refetch(self) {
        self.wanted.try_update(|count| *count = count.wrapping_add(1));
    }
}

fn read(value: RwSignal<Option<Value>>, wanted: RwSignal<u32>, fetch: Box<dyn Fn() -> LocalBoxFuture<'static, Value>>) {
    // Counts the readings begun, so that an answer for an older one is ignored.
    let newest = StoredValue::new(0_u32);
    Effect::new(move || {
        wanted.track();
        let fetching = fetch();
        let number = newest.get_value().wrapping_add(1);
        newest.set_value(number);
        spawn_local(async move {
            let read = fetching.await;
            if newest.try_get_value() == Some(number) {
                value.set(Some(read));
            }
        });
    });
}
