//! The access tokens that scripts have.

use super::new_token::NewToken;
use crate::state::reading::Reading;
use crate::{
    api::{self, ApiResult},
    components::{
        confirm::{Confirm, Question},
        empty::Empty,
        failure::Failure,
        testid,
        toast::Toasts,
    },
    dom, format, i18n,
};
use dto::{ProjectId, access::AccessToken, project::Project};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

const DAY_MILLIS: f64 = 24.0 * 3600.0 * 1000.0;

type Projects = Reading<ApiResult<Vec<Project>>>;

#[component]
pub fn Tokens(tokens: Reading<ApiResult<Vec<AccessToken>>>, projects: Projects) -> impl IntoView {
    let toasts = Toasts::get();
    let making = RwSignal::new(false);
    let question = RwSignal::new(None::<Question>);
    let revoke = move |token: AccessToken| {
        let id = token.id;
        let on_yes = move || {
            spawn_local(async move {
                match api::access::revoke_token(id).await {
                    Ok(()) => toasts.info(i18n::token_revoked()),
                    Err(error) => toasts.error(&error),
                }
                tokens.refetch();
            });
        };
        question.set(Some(Question {
            title: i18n::revoke_token_title(&token.name),
            text: i18n::revoke_token_text().into(),
            yes: i18n::revoke().into(),
            on_yes: Arc::new(on_yes),
        }));
    };
    view! {
        <section class="card settings" aria-labelledby="tokens-title">
            <h2 id="tokens-title">{i18n::access_tokens()}</h2>
            <p class="muted">{i18n::access_tokens_help()}</p>
            {move || match tokens.get() {
                None => view! { <p class="muted">{i18n::loading()}</p> }.into_any(),
                Some(Err(error)) => view! { <Failure error=error retry=move |()| tokens.refetch() /> }.into_any(),
                Some(Ok(items)) if items.is_empty() => {
                    view! { <Empty title=i18n::no_tokens() text=i18n::no_tokens_text() /> }.into_any()
                }
                Some(Ok(items)) => {
                    let rows = items.into_iter().map(|token| view! { <Row token=token projects=projects revoke=revoke /> });
                    view! { <ul class="entries">{rows.collect_view()}</ul> }.into_any()
                }
            }}
            <div class="row end">
                <button type="button" class="btn go" data-testid=testid::TOKEN_NEW on:click=move |_| making.set(true)>
                    {i18n::new_token()}
                </button>
            </div>
        </section>
        <NewToken open=making projects=projects on_made=move |()| tokens.refetch() />
        <Confirm question=question />
    }
}

#[component]
fn Row(token: AccessToken, projects: Projects, #[prop(into)] revoke: Callback<AccessToken>) -> impl IntoView {
    let now = dom::clock();
    let AccessToken { project_id, last_used_at, expires_at, .. } = token;
    let scopes = token.scopes.clone();
    let reach = move || {
        let project = project_id.map(|id| name_of(id, projects));
        i18n::token_reach(&scopes, project.as_deref())
    };
    let is_over = move || expires_at.is_some_and(|end| end.millis() as f64 <= now.get());
    let end = move || match expires_at {
        None => i18n::never_ends().to_owned(),
        Some(_) if is_over() => i18n::token_has_ended().to_owned(),
        Some(end) => i18n::ends_in(((end.millis() as f64 - now.get()) / DAY_MILLIS).round() as i64),
    };
    let used = move || match last_used_at {
        None => i18n::never_used().to_owned(),
        Some(then) => i18n::last_used(&i18n::ago(format::ago(then, now.get()))),
    };
    let (name, title) = (token.name.clone(), i18n::revoke_token_title(&token.name));
    view! {
        <li class="row" data-testid=testid::TOKEN_ROW>
            <div class="grow">
                <b class="ellipsis">{name}</b>
                <span class="small">{reach}</span>
                <span class="muted small">{used} " · " <span class:bad-text=is_over>{end}</span></span>
            </div>
            <button
                type="button"
                class="btn small danger"
                aria-label=title
                data-testid=testid::TOKEN_REVOKE
                on:click=move |_| revoke.run(token.clone())
            >
                {i18n::revoke()}
            </button>
        </li>
    }
}

fn name_of(id: ProjectId, projects: Projects) -> String {
    match projects.get() {
        Some(Ok(projects)) => {
            let found = projects.into_iter().find(|project| project.id == id);
            found.map_or_else(|| i18n::a_deleted_project().to_owned(), |project| project.name)
        }
        _ => "…".into(),
    }
}
