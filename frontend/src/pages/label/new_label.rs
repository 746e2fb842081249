//! The field that makes a label of the name typed into it.

use crate::{api, i18n, state::workspace::Workspace};
use dto::{LabelId, label::Label};
use leptos::{ev, prelude::*, task::spawn_local};

#[component]
pub fn NewLabel(
    /// Hears which label was meant: a new one, or the one that has the name. Without it, a name that another label has
    /// is refused, and one that differs by capitals only asked about.
    #[prop(optional, into)]
    on_choice: Option<Callback<LabelId>>,
    placeholder: &'static str,
    name: &'static str,
    testid: &'static str,
    /// What stands before the field.
    children: Children,
) -> impl IntoView {
    let workspace = Workspace::get();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let asked_about = StoredValue::new(None::<String>);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = typed.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        match (similar(workspace, &wanted), on_choice) {
            (Some(label), Some(on_choice)) => {
                typed.set(String::new());
                on_choice.run(label.id);
                return;
            }
            (Some(label), None) if label.name != wanted && asked_about.get_value().as_ref() != Some(&wanted) => {
                error.set(Some(i18n::similar_label(&label.name, &wanted)));
                asked_about.set_value(Some(wanted));
                return;
            }
            _ => {}
        }
        // Emptied at once, so that the next name can be typed while this one travels.
        typed.set(String::new());
        error.set(None);
        spawn_local(async move {
            let answer = api::labels::create(workspace.id, &wanted).await;
            if typed.is_disposed() {
                return;
            }
            match (answer, on_choice) {
                (Ok(label), Some(on_choice)) => on_choice.run(label.id),
                (Ok(_), None) => {}
                (Err(problem), _) => {
                    // The question for the password says enough.
                    error.set((!problem.is_logged_out()).then(|| problem.to_string()));
                    if typed.with_untracked(String::is_empty) {
                        typed.set(wanted);
                    }
                }
            }
            workspace.refresh_counts();
        });
    };
    view! {
        <form class="add" on:submit=add>
            {children()}
            <input
                placeholder=placeholder
                aria-label=name
                maxlength=dto::limits::NAME_CHARS.end().to_string()
                autocomplete="off"
                enterkeyhint="done"
                aria-invalid=move || error.with(Option::is_some).to_string()
                data-testid=testid
                bind:value=typed
                on:input=move |_| error.set(None)
            />
            {move || error.get().map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
        </form>
    }
}

/// The label of that name, else one that differs by capitals only.
fn similar(workspace: Workspace, name: &str) -> Option<Label> {
    workspace.labels.with_untracked(|labels| {
        let labels = labels.as_ref()?;
        let same = labels.iter().find(|label| label.name == name);
        same.or_else(|| labels.iter().find(|label| label.name.to_lowercase() == name.to_lowercase())).cloned()
    })
}
