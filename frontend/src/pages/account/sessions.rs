//! Where one is logged in.

use crate::state::reading::Reading;
use crate::{
    api::{self, ApiResult},
    components::{failure::Failure, testid, toast::Toasts},
    dom, format, i18n,
};
use dto::access::LoginSession;
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Sessions(sessions: Reading<ApiResult<Vec<LoginSession>>>) -> impl IntoView {
    view! {
        <section class="card settings" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{i18n::log_ins()}</h2>
            <p class="muted">{i18n::log_ins_help()}</p>
            {move || match sessions.get() {
                None => view! { <p class="muted">{i18n::loading()}</p> }.into_any(),
                Some(Err(error)) => view! { <Failure error=error retry=move |()| sessions.refetch() /> }.into_any(),
                Some(Ok(items)) => {
                    let rows = items.into_iter().map(|session| view! { <Row session=session sessions=sessions /> });
                    view! { <ul class="entries">{rows.collect_view()}</ul> }.into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Row(session: LoginSession, sessions: Reading<ApiResult<Vec<LoginSession>>>) -> impl IntoView {
    let toasts = Toasts::get();
    let now = dom::clock();
    let busy = RwSignal::new(false);
    let LoginSession { id, current, created_at, last_used_at, .. } = session;
    let agent = if session.agent.is_empty() { i18n::unknown_agent().to_owned() } else { session.agent };
    let name = i18n::end_log_in_of(&agent);
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            match api::access::end_session(id).await {
                Ok(()) => toasts.info(i18n::log_in_ended()),
                Err(error) => toasts.error(&error),
            }
            busy.try_set(false);
            sessions.refetch();
        });
    };
    let times = move || {
        let ago = |then| i18n::ago(format::ago(then, now.get()));
        format!("{} · {}", i18n::last_used(&ago(last_used_at)), i18n::logged_in_since(&ago(created_at)))
    };
    view! {
        <li class="row" data-testid=testid::SESSION_ROW>
            <div class="grow">
                <b class="ellipsis">{agent}</b>
                <span class="muted small">{times}</span>
            </div>
            {if current {
                view! { <span class="badge">{i18n::this_log_in()}</span> }.into_any()
            } else {
                view! {
                    <button
                        type="button"
                        class="btn small"
                        aria-label=name
                        disabled=move || busy.get()
                        data-testid=testid::SESSION_END
                        on:click=end
                    >
                        {i18n::end_log_in()}
                    </button>
                }
                    .into_any()
            }}
        </li>
    }
}
