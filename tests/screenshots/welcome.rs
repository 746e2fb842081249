//! Before anybody is logged in.

use crate::studio::Studio;
use pupil_tests::browser::hook;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    page.open("/").await;
    page.wait_for(&hook("login-submit")).await;
    studio.take("welcome-login").await;
    page.type_into(&hook("login-username"), "ada").await;
    page.type_into(&hook("login-password"), "not the one").await;
    page.click(&hook("login-submit")).await;
    page.wait_for(".field-error").await;
    studio.take("welcome-login-wrong").await;

    page.open("/").await;
    page.click(&hook("login-switch")).await;
    page.wait_for(".rule").await;
    studio.take("welcome-sign-up").await;
    page.type_into(&hook("login-username"), "a b").await;
    page.type_into(&hook("login-password"), "short").await;
    page.click(&hook("login-submit")).await;
    page.wait_for_text("#username-help .field-error", |text| !text.is_empty()).await;
    studio.take("welcome-sign-up-errors").await;
}
