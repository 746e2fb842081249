//! The account, and the menus of the header.

use crate::studio::Studio;
use pupil_tests::browser::hook;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("In the garden", "label").await;
    for name in ["Ripe or unripe", "Birds at the feeder"] {
        ada.api.create_project(name).await.expect("a good name");
    }
    studio.reload().await;
    page.click(&hook("account-menu")).await;
    page.wait_for(&hook("logout")).await;
    studio.take("account-menu").await;
    page.click(&hook("account-menu")).await;
    page.click(".project-name").await;
    page.wait_for(".projects a").await;
    studio.take("account-projects-menu").await;

    page.open("/account").await;
    page.wait_for(&hook("password-new")).await;
    studio.take("account").await;
    page.type_into(&hook("password-current"), "not the one").await;
    page.type_into(&hook("password-new"), "short").await;
    page.click(&hook("password-submit")).await;
    page.wait_for_text(".field-error", |text| !text.is_empty()).await;
    studio.take("account-errors").await;
    page.click(&hook("token-new")).await;
    page.type_into(&hook("token-name"), "The camera at the door").await;
    studio.take("account-token").await;
    page.click(&hook("token-make")).await;
    page.wait_for(&hook("token-text")).await;
    studio.take("account-token-made").await;
    page.click(&hook("token-done")).await;
    page.wait_for(&hook("token-row")).await;
    page.click(&hook("account-delete")).await;
    page.wait_for(&hook("account-delete-password")).await;
    studio.take("account-delete").await;
    studio.press_escape().await;
}
