//! Signing up, logging in, and the account page.

use crate::{with_home, with_server};
use dto::{ErrorCode, access::Scope};
use pupil_tests::{
    Database, Home, Person,
    browser::{Page, hook, visit},
    pictures::Motif,
    refused,
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

const NEW_PASSWORD: &str = "correct horse battery staple";

#[tokio::test]
async fn signing_up_tells_its_rules_and_what_is_wrong_where_it_is() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        page.click(&hook("login-switch")).await;
        page.wait_for_count(".rule", 3).await;
        page.type_into(&hook("login-username"), "a b").await;
        page.type_into(&hook("login-password"), "short").await;
        page.wait_for_text("#password-help", |text| text.contains("3 more to go")).await;
        page.click(&hook("login-submit")).await;
        page.wait_for_text("#username-help .field-error", |text| !text.is_empty()).await;
        page.wait_for_text("#password-help .field-error", |text| !text.is_empty()).await;

        replace(page, "login-username", &ann.user.username).await;
        page.type_into(&hook("login-password"), " no more").await;
        page.wait_for_count(".rule.met", 3).await;
        page.click(&hook("login-submit")).await;
        page.wait_for_text("#username-help .field-error", |text| text.contains("has this user name already")).await;
        assert_eq!(value(page, "login-password").await, "short no more");
        page.expect_refusal("/api/auth/signup", 409).await;

        replace(page, "login-username", &format!("{}-2", ann.user.username)).await;
        page.click(&hook("login-submit")).await;
        page.wait_for(&format!("{}[aria-current=step]", hook("step-label"))).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_keeps_what_was_typed() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        page.type_into(&hook("login-username"), &ann.user.username).await;
        page.type_into(&hook("login-password"), "something else").await;
        page.click(&hook("login-submit")).await;
        page.wait_for_text(".login .field-error", |text| text.contains("wrong")).await;
        assert_eq!(value(page, "login-username").await, ann.user.username);
        assert_eq!(value(page, "login-password").await, "something else");
        page.expect_refusal("/api/auth/login", 401).await;
        replace(page, "login-password", &ann.password).await;
        page.click(&hook("login-submit")).await;
        page.wait_for(&hook("account-menu")).await;
    })
    .await;
}

#[tokio::test]
async fn logging_in_leads_to_the_project_used_last() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        let second = ann.api.create_project("Second").await.expect("a good name").id;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.wait_for_count(&hook("project-card"), 2).await;
        page.click(&format!("[data-project-id=\"{}\"] .cover", ann.project)).await;
        page.wait_for(&hook("step-label")).await;
        page.open(&visit::address(second, "train")).await;
        page.wait_for_text(".project-name", |text| text == "Second").await;
        visit::log_out(page).await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.wait_for(&hook("step-label")).await;
        assert_eq!(page.path().await, visit::address(second, "label"));
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_other_log_ins() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.click(&hook("account-menu")).await;
        page.click(&hook("account-link")).await;
        page.type_into(&hook("password-current"), "something else").await;
        page.type_into(&hook("password-new"), NEW_PASSWORD).await;
        page.click(&hook("password-submit")).await;
        page.wait_for_text("#current-password-help .field-error", |text| !text.is_empty()).await;
        page.expect_refusal("/api/me/password", 403).await;

        replace(page, "password-current", &ann.password).await;
        page.click(&hook("password-submit")).await;
        page.wait_for_text(".toast", |text| text.contains("All other log-ins have ended")).await;
        refused(ann.api.me().await, ErrorCode::TokenRevoked);
        server.client().log_in(&ann.user.username, NEW_PASSWORD).await.expect("the new password");
        page.reload().await;
        page.wait_for(&hook("password-current")).await;
    })
    .await;
}

#[tokio::test]
async fn an_account_is_deleted_with_its_password() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.open("/account").await;
        page.wait_for_text(".account-page", |text| text.contains("1 project with 0 pictures")).await;
        page.click(&hook("account-delete")).await;
        page.type_into(&hook("account-delete-password"), "something else").await;
        page.click(&hook("account-delete-yes")).await;
        page.wait_for_text("#delete-password-help .field-error", |text| !text.is_empty()).await;
        page.expect_refusal("/api/me/delete", 403).await;
        ann.api.me().await.expect("nothing is deleted");

        replace(page, "account-delete-password", &ann.password).await;
        page.click(&hook("account-delete-yes")).await;
        page.wait_for(&hook("login-username")).await;
        refused(server.client().log_in(&ann.user.username, &ann.password).await, ErrorCode::WrongCredentials);
    })
    .await;
}

#[tokio::test]
async fn an_access_token_is_made_used_and_revoked() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.open("/account").await;
        page.wait_for_text("[aria-labelledby=tokens-title] .empty", |text| text.contains("No access tokens yet")).await;

        page.click(&hook("token-new")).await;
        page.wait_for(&format!("{}:focus", hook("token-name"))).await;
        page.click(&hook("token-scope-read")).await;
        page.click(&hook("token-make")).await;
        // Both that is missing is told where it is missing.
        page.wait_for_count("dialog[open] .field-error", 2).await;
        page.type_into(&hook("token-name"), "nightly upload").await;
        page.click(&hook("token-scope-read")).await;
        page.click(&hook("token-scope-write")).await;
        page.choose(&hook("token-project"), "My first project").await;
        page.choose(&hook("token-end"), "On a date…").await;
        page.click(&hook("token-make")).await;
        page.wait_for_text("dialog[open] .field-error", |text| text.contains("day")).await;
        page.choose(&hook("token-end"), "In a year").await;
        page.click(&hook("token-make")).await;
        page.wait_for(&hook("token-text")).await;
        let token = value(page, "token-text").await;
        let script = server.client().with_token(&token);
        assert_eq!(script.project(ann.project).await.expect("it may read").id, ann.project);
        let [made] = &ann.api.tokens().await.expect("a log-in may").items[..] else { panic!("one was expected") };
        assert_eq!((&made.scopes[..], made.project_id), (&[Scope::Read, Scope::Write][..], Some(ann.project)));

        page.click(&hook("token-done")).await;
        let in_list = ["nightly upload", "See, change · in My first project", "ends in 36"];
        page.wait_for_text(&hook("token-row"), |text| in_list.iter().all(|part| text.contains(part))).await;
        let shown = page.evaluate("return document.documentElement.outerHTML").await;
        assert!(!shown.as_str().expect("text").contains(&token), "it is shown once");

        page.click(&hook("token-revoke")).await;
        page.click(&hook("confirm-yes")).await;
        page.wait_for_count(&hook("token-row"), 0).await;
        refused(script.me().await, ErrorCode::TokenRevoked);
    })
    .await;
}

#[tokio::test]
async fn log_ins_are_listed_and_ended() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.open("/account").await;
        page.wait_for_count(&hook("session-row"), 2).await;
        page.wait_for_text(&hook("session-row"), |text| text.contains("Chrome on Linux") && text.contains("this one"))
            .await;
        page.click(&hook("session-end")).await;
        page.wait_for_count(&hook("session-row"), 1).await;
        refused(ann.api.me().await, ErrorCode::TokenRevoked);
        page.reload().await;
        page.wait_for_count(&hook("session-row"), 1).await;
    })
    .await;
}

#[tokio::test]
async fn what_one_uses_stands_beside_what_one_may() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_MAX_IMAGES", "4").with("PUPIL_MAX_PROJECTS", "2");
    with_home(&home, async |page, server| {
        let ann = Person::new(server).await;
        ann.upload_motif(Motif::Circles, 3).await;
        visit::open_project(page, &ann, "label").await;
        let folder = TempDir::new().expect("a temporary folder");
        let files: Vec<PathBuf> = Motif::Stripes
            .files(2)
            .into_iter()
            .map(|file| {
                let path = folder.path().join(file.name);
                fs::write(&path, file.bytes).expect("the folder can be written");
                path
            })
            .collect();
        page.pick_files(&hook("file-input"), &files).await;
        page.wait_for_text(&hook("upload-failed"), |text| text.contains("There is room for 4 pictures")).await;
        page.expect_refusal("/images", 409).await;
        // Given up; else the page would ask before it is left.
        page.click(".upload .icon-only").await;
        page.wait_for_count(&hook("upload-failed"), 0).await;
        page.open("/account").await;
        let rows = ["Pictures 3 of 4", "Projects 1 of 2", "Trainings at once 0 of 10"];
        page.wait_for_text(&hook("usage"), |text| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            rows.iter().all(|row| text.contains(row))
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn where_sign_up_is_closed_the_page_says_whom_to_ask() {
    let home =
        Home::new(Database::Sqlite).await.with("PUPIL_SIGNUP", "closed").with("PUPIL_CONTACT", "Ms Lee, room 12");
    with_home(&home, async |page, _| {
        page.open("/").await;
        page.wait_for_text(&hook("login-closed"), |text| text.contains("Ms Lee, room 12")).await;
        assert_eq!(page.count(&hook("login-switch")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn where_sign_up_takes_a_code_the_page_asks_for_it() {
    with_home(&Home::new(Database::Sqlite).await.with("PUPIL_SIGNUP_CODE", "green frog"), async |page, _| {
        page.open("/").await;
        page.click(&hook("login-switch")).await;
        page.type_into(&hook("login-username"), "ann").await;
        page.type_into(&hook("login-password"), NEW_PASSWORD).await;
        page.click(&hook("login-submit")).await;
        page.wait_for_text("#code-help .field-error", |text| text.contains("Type the code")).await;
        page.type_into(&hook("login-code"), "a guess").await;
        page.click(&hook("login-submit")).await;
        page.wait_for_text("#code-help .field-error", |text| text.contains("not the code")).await;
        page.expect_refusal("/api/auth/signup", 403).await;
        replace(page, "login-code", "green frog").await;
        page.click(&hook("login-submit")).await;
        page.wait_for(&format!("{}[aria-current=step]", hook("step-label"))).await;
    })
    .await;
}

async fn value(page: &Page<'_>, name: &str) -> String {
    let value = page.evaluate(&format!("return document.querySelector('[data-testid={name}]').value")).await;
    value.as_str().expect("a field has a value").to_owned()
}

async fn replace(page: &Page<'_>, name: &str, text: &str) {
    page.evaluate(&format!("document.querySelector('[data-testid={name}]').select()")).await;
    page.type_into(&hook(name), text).await;
}
