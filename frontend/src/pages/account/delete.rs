//! Deleting one's account: says what is lost, and asks for the password.

use crate::state::reading::Reading;
use crate::{
    api::{self, ApiResult},
    components::{dialog::Dialog, password_field::PasswordField, testid, toast::Toasts},
    i18n,
    session::{Login, Session},
};
use dto::project::Project;
use leptos::{ev, prelude::*, task::spawn_local};

#[component]
pub fn DeleteAccount(projects: Reading<ApiResult<Vec<Project>>>) -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let open = RwSignal::new(false);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let what_is_lost = move || match projects.get() {
        Some(Ok(projects)) => {
            let images = projects.iter().map(|project| project.image_count).sum();
            i18n::what_is_lost(projects.len() as u64, images)
        }
        Some(Err(_)) => i18n::everything_is_lost().to_owned(),
        None => i18n::counting_what_is_lost().to_owned(),
    };
    // What was typed is not left lying about.
    Effect::new(move || {
        if !open.get() {
            password.set(String::new());
            error.set(None);
        }
    });
    let delete = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = password.get_untracked();
        if typed.is_empty() {
            error.set(Some(i18n::type_password().into()));
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = api::account::delete(&typed).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    session.login.set(Login::LoggedOut { by_choice: true });
                    toasts.info(i18n::account_deleted());
                }
                Err(problem) => drop(error.try_set(Some(problem.to_string()))),
            }
        });
    };
    view! {
        <section class="card settings" aria-labelledby="delete-title">
            <h2 id="delete-title">{i18n::delete_account()}</h2>
            <p class="muted">{what_is_lost} " " {i18n::for_good()}</p>
            <div class="row end">
                <button
                    type="button"
                    class="btn danger"
                    data-testid=testid::ACCOUNT_DELETE
                    on:click=move |_| open.set(true)
                >
                    {i18n::delete_account()}
                </button>
            </div>
        </section>
        <Dialog open=open name=i18n::delete_account_title()>
            <form class="dialog-form" novalidate on:submit=delete>
                <h2>{i18n::delete_account_title()}</h2>
                <p class="muted">{what_is_lost} " " {i18n::for_good()}</p>
                <PasswordField
                    id="delete-password"
                    label=i18n::password()
                    value=password
                    is_new=false
                    error=error
                    testid=testid::ACCOUNT_DELETE_PASSWORD
                />
                <div class="row end">
                    <button type="button" class="btn" on:click=move |_| open.set(false)>
                        {i18n::cancel()}
                    </button>
                    <button
                        type="submit"
                        class="btn bad"
                        disabled=move || busy.get()
                        data-testid=testid::ACCOUNT_DELETE_YES
                    >
                        {i18n::delete_for_good()}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
