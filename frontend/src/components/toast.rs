//! Short messages that come and go at the lower edge.

use super::icons::Cross;
use crate::components::each::Each;
use crate::{api::ApiError, i18n};
use leptos::prelude::*;
use std::time::Duration;

const STAYS: Duration = Duration::from_secs(6);
/// Longer: the person must notice, decide and reach the button.
const STAYS_WITH_UNDO: Duration = Duration::from_secs(12);
/// More would cover the page; the oldest goes first.
const AT_ONCE: usize = 3;

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
    is_error: bool,
    undo: Option<Callback<()>>,
}

/// The messages on show, known everywhere through the context.
#[derive(Clone, Copy)]
pub struct Toasts {
    toasts: RwSignal<Vec<Toast>>,
    next_number: StoredValue<u32>,
    /// Dialogs that lie over the page, one over the other: all below the topmost is out of reach.
    dialogs: RwSignal<usize>,
}

impl Toasts {
    pub fn provide() {
        provide_context(Self {
            toasts: RwSignal::default(),
            next_number: StoredValue::new(0),
            dialogs: RwSignal::new(0),
        });
    }

    pub fn get() -> Self {
        expect_context()
    }

    pub fn error(self, error: &ApiError) {
        // Whoever was logged out sees the log-in page, which says enough.
        if !error.is_logged_out() {
            self.show(error.to_string(), true, None, STAYS);
        }
    }

    pub fn info(self, text: impl Into<String>) {
        self.show(text.into(), false, None, STAYS);
    }

    pub fn with_undo(self, text: String, undo: impl Fn() + Send + Sync + 'static) {
        self.show(text, false, Some(Callback::new(move |()| undo())), STAYS_WITH_UNDO);
    }

    fn show(self, text: String, is_error: bool, undo: Option<Callback<()>>, stays: Duration) {
        let number = self.next_number.get_value();
        self.next_number.set_value(number.wrapping_add(1));
        self.toasts.update(|toasts| {
            toasts.push(Toast { number, text, is_error, undo });
            let excess = toasts.len().saturating_sub(AT_ONCE);
            toasts.drain(..excess);
        });
        set_timeout(move || self.dismiss(number), stays);
    }

    /// Takes all messages away.
    pub fn clear(self) {
        self.toasts.update(Vec::clear);
    }

    /// Takes away what offers something of a page that was left; what went wrong stays.
    pub fn clear_offers(self) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.is_error));
    }

    fn dismiss(self, number: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

/// Where the messages appear in a dialog, for as long as it is open.
#[component]
pub fn ToastAreaInDialog() -> impl IntoView {
    let dialogs = Toasts::get().dialogs;
    dialogs.update(|count| *count += 1);
    on_cleanup(move || dialogs.update(|count| *count -= 1));
    view! { <ToastArea layer=dialogs.get_untracked() /> }
}

/// Where the messages appear, while nothing lies over it.
#[component]
pub fn ToastArea(
    /// How many dialogs this one lies on.
    #[prop(optional)]
    layer: usize,
) -> impl IntoView {
    let toasts = Toasts::get();
    let shown = move || if toasts.dialogs.get() == layer { toasts.toasts.get() } else { Vec::new() };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <Each each=shown key=|toast| toast.number let:toast>
                <div class="toast" class:error=toast.is_error>
                    <span>{toast.text}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            let run = move |_| {
                                toasts.dismiss(toast.number);
                                undo.run(());
                            };
                            view! {
                                <button type="button" class="btn small" on:click=run>
                                    {i18n::undo()}
                                </button>
                            }
                        })}
                    <button
                        type="button"
                        class="btn quiet icon-only"
                        aria-label=i18n::close()
                        on:click=move |_| toasts.dismiss(toast.number)
                    >
                        <Cross />
                    </button>
                </div>
            </Each>
        </div>
    }
}
