//! A dialog over the page.

use super::toast::ToastAreaInDialog;
use crate::components::show::Show;
use leptos::{html, prelude::*};

/// Shows `children` over the page while `open`; they are made when it opens and gone when it closes, by Escape too.
/// The rest of the page is inert meanwhile, and the focus goes back to where it was afterwards.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    /// Its name, to screen readers.
    #[prop(into)]
    name: Signal<String>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] testid: Option<&'static str>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let children = StoredValue::new(children);
    Effect::new(move || {
        if let (Some(dialog), false) = (dialog.get(), open.get())
            && dialog.open()
        {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class=format!("card dialog {class}")
            aria-label=name
            data-testid=testid
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <Opened dialog=dialog />
                {children.with_value(|children| children())}
                <ToastAreaInDialog />
            </Show>
        </dialog>
    }
}

/// Opens the dialog once its content is there, so that the content's `autofocus` holds.
#[component]
fn Opened(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    Effect::new(move || {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Fails only for a dialog that is not in the document, where there is nothing to show.
            let _ = dialog.show_modal();
        }
    });
}
