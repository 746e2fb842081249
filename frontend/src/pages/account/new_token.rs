//! Makes an access token, and shows it the only time that it can be seen.

use crate::state::reading::Reading;
use crate::{
    api::{self, ApiError, ApiResult},
    components::{dialog::Dialog, field::FieldError, form::Form, testid, toast::Toasts},
    dom, i18n,
};
use dto::{
    ProjectId, Timestamp,
    access::{NewAccessToken, Scope},
    project::Project,
};
use leptos::{ev, html, prelude::*, task::spawn_local};

const DAY_MILLIS: f64 = 24.0 * 3600.0 * 1000.0;
const NAME: usize = 0;
const SCOPES: usize = 1;
const DATE: usize = 2;

/// When a token is to end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Days(u32),
    Date,
    Never,
}

impl End {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Days(30), "30", i18n::in_30_days()),
        (Self::Days(90), "90", i18n::in_90_days()),
        (Self::Days(365), "365", i18n::in_a_year()),
        (Self::Date, "date", i18n::on_a_date()),
        (Self::Never, "never", i18n::never()),
    ];
}

type Projects = Reading<ApiResult<Vec<Project>>>;

#[component]
pub fn NewToken(open: RwSignal<bool>, projects: Projects, #[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let made = RwSignal::new(None::<String>);
    // What was made is not left lying about.
    Effect::new(move || {
        if !open.get() {
            made.set(None);
        }
    });
    let title = move || if made.with(Option::is_some) { i18n::your_new_token() } else { i18n::new_token() };
    view! {
        <Dialog open=open name=Signal::derive(move || title().to_owned()) class="token">
            <h2>{title}</h2>
            {move || match made.get() {
                Some(token) => view! { <Made token=token open=open /> }.into_any(),
                None => view! { <Choices open=open projects=projects made=made on_made=on_made /> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Choices(
    open: RwSignal<bool>,
    projects: Projects,
    made: RwSignal<Option<String>>,
    on_made: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let scopes = RwSignal::new(vec![Scope::Read]);
    let project = RwSignal::new(None::<ProjectId>);
    let (end, date) = (RwSignal::new(End::Days(90)), RwSignal::new(String::new()));
    let form = Form::<3>::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let expires_at = expires_at(end.get_untracked(), &date.get_untracked());
        let new = NewAccessToken {
            name: name.get_untracked().trim().to_owned(),
            scopes: scopes.get_untracked(),
            project_id: project.get_untracked(),
            expires_at,
        };
        if !form.begin(|| check(&new)) {
            return;
        }
        spawn_local(async move {
            let answer = api::access::create_token(&new).await;
            if !form.end() {
                return;
            }
            match answer {
                Ok(answer) => {
                    made.set(Some(answer.token));
                    on_made.run(());
                }
                Err(error) => form.refuse(&error, field_of(&error)),
            }
        });
    };
    view! {
        <form class="dialog-form" novalidate on:submit=submit>
            <div class="field">
                <label for="token-name">{i18n::token_name()}</label>
                <input
                    node_ref=form.inputs[NAME]
                    id="token-name"
                    autocomplete="off"
                    autofocus
                    placeholder=i18n::token_name_hint()
                    maxlength=dto::limits::NAME_CHARS.end().to_string()
                    aria-describedby="token-name-help"
                    aria-invalid=move || form.error(NAME).get().is_some().to_string()
                    data-testid=testid::TOKEN_NAME
                    bind:value=name
                />
                <div id="token-name-help">
                    <FieldError text=form.error(NAME) />
                </div>
            </div>
            <ChooseScopes scopes=scopes error=form.error(SCOPES) first=form.inputs[SCOPES] />
            <ChooseProject project=project projects=projects />
            <ChooseEnd end=end date=date error=form.error(DATE) node_ref=form.inputs[DATE] />
            <FieldError text=form.general_error() />
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {i18n::cancel()}
                </button>
                <button type="submit" class="btn go" disabled=move || form.is_busy() data-testid=testid::TOKEN_MAKE>
                    {i18n::make_token()}
                </button>
            </div>
        </form>
    }
}

#[component]
fn ChooseScopes(
    scopes: RwSignal<Vec<Scope>>,
    error: Signal<Option<String>>,
    first: NodeRef<html::Input>,
) -> impl IntoView {
    let choice = move |scope: Scope| {
        let node_ref = if scope == Scope::ALL[0] { first } else { NodeRef::new() };
        let set = move |is_chosen: bool| {
            scopes.update(|scopes| {
                scopes.retain(|other| *other != scope);
                if is_chosen {
                    scopes.push(scope);
                }
                scopes.sort();
            });
        };
        view! {
            <label class="choice">
                <input
                    node_ref=node_ref
                    type="checkbox"
                    data-testid=format!("{}-{}", testid::TOKEN_SCOPE, scope.as_str())
                    prop:checked=move || scopes.with(|scopes| scopes.contains(&scope))
                    on:change:target=move |event| set(event.target().checked())
                />
                <span>
                    <b>{i18n::scope(scope)}</b>
                    <span class="muted small">{i18n::scope_help(scope)}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{i18n::token_scopes()}</legend>
            <div class="scopes">{Scope::ALL.map(choice).collect_view()}</div>
            <FieldError text=error />
        </fieldset>
    }
}

#[component]
fn ChooseProject(project: RwSignal<Option<ProjectId>>, projects: Projects) -> impl IntoView {
    let option = move |of: Project| {
        view! {
            <option value=of.id.to_string() prop:selected=move || project.get() == Some(of.id)>
                {of.name}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="token-project">{i18n::token_project()}</label>
            <select
                id="token-project"
                data-testid=testid::TOKEN_PROJECT
                on:change:target=move |event| project.set(event.target().value().parse().ok())
            >
                <option value="" prop:selected=move || project.get().is_none()>
                    {i18n::all_my_projects()}
                </option>
                {move || projects.get().and_then(Result::ok).unwrap_or_default().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

#[component]
fn ChooseEnd(
    end: RwSignal<End>,
    date: RwSignal<String>,
    error: Signal<Option<String>>,
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let option = move |(of, value, text): (End, &'static str, &'static str)| {
        view! {
            <option value=value prop:selected=move || end.get() == of>
                {text}
            </option>
        }
    };
    let choose = move |value: String| {
        if let Some((chosen, ..)) = End::ALL.into_iter().find(|(_, of, _)| *of == value) {
            end.set(chosen);
        }
    };
    view! {
        <div class="field">
            <label for="token-end">{i18n::token_ends()}</label>
            <select
                id="token-end"
                data-testid=testid::TOKEN_END
                on:change:target=move |event| choose(event.target().value())
            >
                {End::ALL.map(option).collect_view()}
            </select>
            <input
                node_ref=node_ref
                type="date"
                class:hidden=move || end.get() != End::Date
                aria-label=i18n::end_date()
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=testid::TOKEN_DATE
                bind:value=date
            />
            <FieldError text=error />
        </div>
    }
}

/// The token itself, and how it is used.
#[component]
fn Made(token: String, open: RwSignal<bool>) -> impl IntoView {
    let toasts = Toasts::get();
    let origin = window().location().origin().unwrap_or_default();
    let example = format!("curl -H \"Authorization: Bearer $TOKEN\" \\\n  {origin}{}", api::client::url("/projects"));
    let text = token.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            toasts.info(if dom::copy(&text).await { i18n::copied() } else { i18n::not_copied() });
        });
    };
    view! {
        <div class="dialog-form">
            <p class="muted">{i18n::copy_it_now()}</p>
            <div class="field with-button">
                <input
                    readonly
                    aria-label=i18n::token_itself()
                    data-testid=testid::TOKEN_TEXT
                    prop:value=token
                    on:focus:target=move |event| event.target().select()
                />
                <button type="button" class="btn small" autofocus data-testid=testid::TOKEN_COPY on:click=copy>
                    {i18n::copy()}
                </button>
            </div>
            <p class="muted small">{i18n::use_it_so()}</p>
            <pre tabindex="0">{example}</pre>
            <div class="row end">
                <button type="button" class="btn go" data-testid=testid::TOKEN_DONE on:click=move |_| open.set(false)>
                    {i18n::done()}
                </button>
            </div>
        </div>
    }
}

/// The end to ask for: nothing where a date was to be chosen and was not.
fn expires_at(end: End, date: &str) -> Option<Option<Timestamp>> {
    let at = |millis: f64| Some(Some(Timestamp::from_millis(millis as i64)));
    match end {
        End::Never => Some(None),
        End::Days(days) => at(js_sys::Date::now() + f64::from(days) * DAY_MILLIS),
        // The last minute of that day, where the person is.
        End::Date => {
            let end = js_sys::Date::new(&format!("{date}T23:59:59").into()).get_time();
            if end > js_sys::Date::now() { at(end) } else { None }
        }
    }
}

/// What need not be sent to be known wrong.
fn check(new: &NewAccessToken) -> [Option<String>; 3] {
    [
        new.name.is_empty().then(|| i18n::type_token_name().to_owned()),
        new.scopes.is_empty().then(|| i18n::choose_scope().to_owned()),
        new.expires_at.is_none().then(|| i18n::choose_date().to_owned()),
    ]
}

/// The field that the server means.
fn field_of(error: &ApiError) -> Option<usize> {
    match error.field() {
        Some("name") => Some(NAME),
        Some("scopes") => Some(SCOPES),
        Some("expires_at") => Some(DATE),
        _ => None,
    }
}
