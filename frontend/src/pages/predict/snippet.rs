//! The same question from a terminal.

use super::asked::Questions;
use crate::{
    api,
    components::{testid, toast::Toasts},
    dom, i18n,
    session::{Login, Session},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Snippet(questions: Questions) -> impl IntoView {
    let workspace = questions.workspace;
    let session = Session::get();
    let toasts = Toasts::get();
    let text = Memo::new(move |_| {
        let username = session.login.with(|login| match login {
            Login::LoggedIn(user) => user.username.clone(),
            _ => String::new(),
        });
        let origin = window().location().origin().unwrap_or_default();
        commands(&origin, &username, &api::predict::public_path(workspace.id, questions.model.get()))
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

fn commands(origin: &str, username: &str, path: &str) -> String {
    // In double quotes of a shell inside JSON, a name must not end either.
    let username = username.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', r"'\''");
    format!(
        "TOKEN=$(curl -s {origin}{login} \\\n  -H 'Content-Type: application/json' \\\n  \
         -d '{{\"username\": \"{username}\", \"password\": \"…\"}}' | jq -r .token)\n\n\
         curl -H \"Authorization: Bearer $TOKEN\" \\\n  -F file=@photo.jpg \\\n  {origin}{path}",
        login = api::client::url("/auth/login")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_not_break_out_of_the_command() {
        let text = commands("https://pupil.example", r#"o'hara"x"#, "/api/projects/1/predict");
        assert!(text.contains(r#""username": "o'\''hara\"x""#));
        assert!(text.ends_with("https://pupil.example/api/projects/1/predict"));
    }
}
