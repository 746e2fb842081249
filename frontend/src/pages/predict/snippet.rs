//! The same question from a terminal.

use super::asked::Questions;
use crate::{
    api,
    components::{testid, toast::Toasts},
    dom, i18n,
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Snippet(questions: Questions) -> impl IntoView {
    let workspace = questions.workspace;
    let toasts = Toasts::get();
    let text = Memo::new(move |_| {
        let origin = window().location().origin().unwrap_or_default();
        commands(&origin, &api::predict::public_path(workspace.id, questions.model.get()))
    });
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            toasts.info(if dom::copy(&text).await { i18n::copied() } else { i18n::not_copied() });
        });
    };
    view! {
        <section class="snippet" aria-labelledby="snippet-title">
            <div class="row">
                <h2 id="snippet-title" class="grow">
                    {i18n::use_elsewhere()}
                </h2>
                <button type="button" class="btn quiet small" data-testid=testid::SNIPPET_COPY on:click=copy>
                    {i18n::copy()}
                </button>
            </div>
            <pre tabindex="0" data-testid=testid::SNIPPET>{text}</pre>
        </section>
    }
}

fn commands(origin: &str, path: &str) -> String {
    format!(
        "TOKEN=…  # {}\n\ncurl -H \"Authorization: Bearer $TOKEN\" \\\n  -F file=@photo.jpg \\\n  {origin}{path}",
        i18n::token_for_predicting()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_ends_with_the_address() {
        let text = commands("https://pupil.example", "/api/projects/1/predict");
        assert!(text.starts_with("TOKEN=") && text.ends_with("https://pupil.example/api/projects/1/predict"), "{text}");
    }
}
