//! Someone with an account who comes to the page.

use super::page::{Page, hook};
use crate::person::Person;
use dto::ProjectId;

/// Logs in on the page that greets.
pub async fn log_in(page: &Page<'_>, username: &str, password: &str) {
    page.type_into(&hook("login-username"), username).await;
    page.type_into(&hook("login-password"), password).await;
    page.click(&hook("login-submit")).await;
    page.wait_for(&hook("account-menu")).await;
}

/// Logs in and goes to a page of the person's project: `label`, `train` or `predict`.
pub async fn open_project(page: &Page<'_>, person: &Person, step: &str) {
    page.open("/").await;
    log_in(page, &person.user.username, &person.password).await;
    page.open(&address(person.project, step)).await;
    page.wait_for(&format!("{}[aria-current=step]", hook(&format!("step-{step}")))).await;
}

pub async fn log_out(page: &Page<'_>) {
    page.click(&hook("account-menu")).await;
    page.click(&hook("logout")).await;
    page.wait_for(&hook("login-username")).await;
}

pub fn address(project: ProjectId, step: &str) -> String {
    format!("/projects/{project}/{step}")
}
