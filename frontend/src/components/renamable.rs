//! A name with a button that makes it a field.

use super::{icons::Pencil, name_field::NameField, testid};
use crate::components::show::Show;
use leptos::prelude::*;

/// Shows `children` until the button is pressed, then a field. `on_change` hears a new name.
#[component]
pub fn Renamable(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    /// What the button and the field are for, to screen readers.
    #[prop(into)]
    label: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let is_edited = RwSignal::new(false);
    let children = StoredValue::new(children);
    view! {
        <div class="renamable">
            <Show
                when=move || is_edited.get()
                fallback=move || {
                    view! {
                        {children.with_value(|children| children())}
                        <button
                            type="button"
                            class="btn quiet icon-only"
                            aria-label=label
                            title=label
                            data-testid=testid::RENAME
                            on:click=move |_| is_edited.set(true)
                        >
                            <Pencil />
                        </button>
                    }
                }
            >
                <NameField
                    value=value
                    on_change=on_change
                    label=label
                    error=RwSignal::new(None)
                    on_leave=move |()| is_edited.set(false)
                    testid=testid::RENAME_FIELD
                />
            </Show>
        </div>
    }
}
