//! The web page's tests: a real Chromium against a real server.

mod account;
mod camera;
mod crowds;
mod damaged;
mod evaluation;
mod label;
mod likeness;
mod pictures;
mod predicting;
mod projects;
mod suggestions;
mod training;
mod uploads;
mod walk;

use pupil_tests::{
    Database, Home, Server,
    browser::{Chrome, Page, hook},
    notice::notice,
    workspace::{self, FIRST_LOAD_BYTES},
};

#[tokio::test]
async fn a_person_teaches_pupil_from_sign_up_to_prediction() {
    with_page(async |page| walk::from_sign_up_to_prediction(page).await).await;
}

#[tokio::test]
async fn the_first_load_is_small() {
    with_page(async |page| {
        page.open("/").await;
        page.wait_for(&hook("login-submit")).await;
        let bytes = page
            .evaluate(
                "return performance.getEntries()
                    .filter(entry => entry.transferSize)
                    .reduce((sum, entry) => sum + entry.transferSize, 0)",
            )
            .await;
        let bytes = bytes.as_u64().expect("a number of bytes");
        notice(&format!("the first load of the page takes {} kB over the wire", bytes / 1000));
        assert!((10_000..=FIRST_LOAD_BYTES).contains(&bytes), "{bytes} bytes");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_wider_than_a_phone() {
    with_page(async |page| {
        page.resize(390, 844).await;
        page.open("/").await;
        page.wait_for(&hook("login-submit")).await;
        walk::sign_up(page, &walk::Account::new()).await;
        for step in ["step-label", "step-train", "step-predict"] {
            page.click(&hook(step)).await;
            page.wait_until_true(&format!(
                "return document.querySelector('[data-testid={step}]').getAttribute('aria-current') === 'step'"
            ))
            .await;
            assert_fits(page, step).await;
        }
        for (path, part) in [("/projects", "project-card"), ("/account", "password-new")] {
            page.open(path).await;
            page.wait_for(&hook(part)).await;
            assert_fits(page, path).await;
        }
    })
    .await;
}

async fn assert_fits(page: &Page<'_>, what: &str) {
    let overhang = page.evaluate("return document.documentElement.scrollWidth - window.innerWidth").await;
    assert!(overhang.as_i64().is_some_and(|pixels| pixels <= 0), "{what} is {overhang} pixels too wide");
}

/// Runs a test as somebody who has just signed up.
async fn with_person(test: impl AsyncFnOnce(&Page<'_>, &walk::Account)) {
    with_page(async |page| {
        let account = walk::Account::new();
        page.open("/").await;
        walk::sign_up(page, &account).await;
        test(page, &account).await;
    })
    .await;
}

/// Runs a test in a fresh browser on a fresh server. Whatever the page says to the console as an error fails it.
async fn with_page(test: impl AsyncFnOnce(&Page<'_>)) {
    with_server(async |page, _| test(page).await).await;
}

/// The same, for tests that talk to the server too.
async fn with_server(test: impl AsyncFnOnce(&Page<'_>, &Server)) {
    with_home(&Home::new(Database::Sqlite).await, test).await;
}

/// The same, for tests of a server with settings of its own.
async fn with_home(home: &Home, test: impl AsyncFnOnce(&Page<'_>, &Server)) {
    let index = workspace::web_folder().join("index.html");
    assert!(index.is_file(), "there is no {}: build the page with `cargo xtask web` first", index.display());
    let Some(chrome) = Chrome::start().await else { return };
    let server = Server::start(home);
    let page = Page::new(&chrome, server.address());
    chrome.run(test(&page, &server)).await;
    assert_eq!(chrome.console_errors().await, [] as [String; 0]);
    chrome.close().await;
}
