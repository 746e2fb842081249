//! The camera on Label: a fake one, which shows a moving picture.

use crate::{predicting, with_person, with_server};
use fantoccini::key::Key;
use pupil_tests::browser::{Page, hook};

#[tokio::test]
async fn shots_land_under_the_chosen_label() {
    with_person(async |page, _| {
        page.type_and_enter(&hook("label-add"), "before").await;
        page.wait_for(&row("before")).await;
        open(page).await;
        page.type_and_enter(&hook("camera-new-label"), "robot").await;
        page.wait_for(&row("robot")).await;
        page.wait_until_true(&format!("return {}.selectedOptions[0].text === 'robot'", element("camera-label"))).await;

        page.click(&hook("camera-shoot")).await;
        wait_for_taken(page, "1 picture taken").await;
        page.press(" ").await;
        wait_for_taken(page, "2 pictures taken").await;
        page.choose(&hook("camera-label"), "before").await;
        page.click(&hook("camera-shoot")).await;
        wait_for_taken(page, "3 pictures taken").await;

        page.wait_for_count(&cards("robot"), 2).await;
        page.wait_for_count(&cards("before"), 1).await;
        close(page).await;
        page.click(&format!("{} {}", cards("before"), hook("image-open"))).await;
        page.wait_for_text(&hook("viewer-facts"), |text| text.contains("taken with the camera")).await;
    })
    .await;
}

#[tokio::test]
async fn holding_the_shutter_takes_a_burst() {
    with_person(async |page, _| {
        open(page).await;
        page.evaluate(&press("pointerdown")).await;
        page.wait_until_true(&format!("return parseInt({}.textContent) >= 4", element("camera-count"))).await;
        page.evaluate(&press("pointerup")).await;
        let taken = taken_in_the_end(page).await;
        page.wait_for_count(&hook("image-card"), taken).await;
    })
    .await;
}

#[tokio::test]
async fn closing_lets_go_of_the_camera() {
    with_person(async |page, _| {
        open(page).await;
        page.evaluate("window.track = document.querySelector('.finder video').srcObject.getTracks()[0]").await;
        page.wait_until_true("return window.track.readyState === 'live'").await;
        close(page).await;
        page.wait_until_true("return window.track.readyState === 'ended'").await;
        page.wait_until_true("return document.activeElement.dataset.testid === 'camera-open'").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_camera_is_said() {
    with_person(async |page, _| {
        for (error, what_to_do) in [
            ("NotAllowedError", "Allow it"),
            ("NotFoundError", "Connect one"),
            ("NotReadableError", "Close that program"),
        ] {
            page.evaluate(&format!(
                "navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{error}') }}"
            ))
            .await;
            page.click(&hook("camera-open")).await;
            page.wait_for_text(&hook("camera-trouble"), |text| text.contains(what_to_do)).await;
            close(page).await;
        }
        page.evaluate("Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })").await;
        page.click(&hook("camera-open")).await;
        page.wait_for_text(&hook("camera-trouble"), |text| text.contains("https")).await;
    })
    .await;
}

#[tokio::test]
async fn shots_are_asked_about_on_predict() {
    with_server(async |page, server| {
        predicting::asker(page, server).await;
        open(page).await;
        page.click(&hook("camera-shoot")).await;
        wait_for_taken(page, "1 picture taken").await;
        close(page).await;
        page.wait_for(&hook("predict-answer")).await;
        page.wait_for_count(&hook("predict-bar"), 2).await;

        open(page).await;
        page.evaluate(&press("pointerdown")).await;
        page.wait_until_true(&format!("return parseInt({}.textContent) >= 3", element("camera-count"))).await;
        page.evaluate(&press("pointerup")).await;
        let taken = taken_in_the_end(page).await;
        close(page).await;
        page.wait_for_count(&hook("predict-row"), 1 + taken).await;
        page.wait_until_true(
            "return [...document.querySelectorAll('[data-testid=predict-row] .said')].every(row => row.textContent)",
        )
        .await;
    })
    .await;
}

/// How many pictures a burst has taken, once no more come.
async fn taken_in_the_end(page: &Page<'_>) -> usize {
    // A shot may be on its way still; two moments with the same number mean that no more come.
    page.wait_until_true(
        "const count = () => document.querySelector('[data-testid=camera-count]').textContent;
         const before = count();
         return new Promise(done => setTimeout(() => done(count() === before), 500))",
    )
    .await;
    let taken = page.evaluate(&format!("return parseInt({}.textContent)", element("camera-count"))).await;
    taken.as_u64().expect("a number") as usize
}

async fn open(page: &Page<'_>) {
    page.click(&hook("camera-open")).await;
    page.wait_for(".finder[data-state=live]").await;
    page.wait_until_true("return document.querySelector('.finder video').videoWidth > 0").await;
}

async fn close(page: &Page<'_>) {
    page.press(&char::from(Key::Escape).to_string()).await;
    page.wait_for_count("dialog[open]", 0).await;
}

async fn wait_for_taken(page: &Page<'_>, words: &str) {
    page.wait_for_text(&hook("camera-count"), |text| text == words).await;
}

/// Presses the shutter or lets go of it, which WebDriver's click does in one.
fn press(event: &str) -> String {
    format!("{}.dispatchEvent(new PointerEvent('{event}', {{ bubbles: true, button: 0 }}))", element("camera-shoot"))
}

fn element(name: &str) -> String {
    format!("document.querySelector('[data-testid={name}]')")
}

fn row(label: &str) -> String {
    format!("{}[data-label-name=\"{label}\"]", hook("label-item"))
}

fn cards(label: &str) -> String {
    format!("{}[data-label-name=\"{label}\"]", hook("image-card"))
}
