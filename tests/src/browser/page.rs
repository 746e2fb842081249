//! A page as a person uses it: look, click, type, wait.
//!
//! Everything waits until it can be done, because a page that is being drawn anew has no element for a moment.

use super::chrome::Chrome;
use crate::deadline::eventually;
use fantoccini::{Client, Locator, elements::Element, error::CmdError, key::Key};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The selector of what carries a `data-testid`.
pub fn hook(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// One browser's page of one server.
pub struct Page<'a> {
    chrome: &'a Chrome,
    client: &'a Client,
    address: &'a str,
}

impl<'a> Page<'a> {
    pub fn new(chrome: &'a Chrome, address: &'a str) -> Self {
        Self { chrome, client: chrome.client(), address }
    }

    /// Goes to a path of the server.
    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.expect("the server answers");
    }

    pub async fn reload(&self) {
        self.client.refresh().await.expect("the server answers");
    }

    /// Makes the page this large, in pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        self.chrome.resize(width, height).await;
    }

    /// Has the page believe that the person prefers `dark` or `light`, and nothing that moves.
    pub async fn prefer(&self, color_scheme: &str) {
        self.chrome.prefer(color_scheme).await;
    }

    /// What can be seen of the page now, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a page can be pictured")
    }

    /// Drops files and folders from outside the browser.
    pub async fn drop_files(&self, paths: &[&Path]) {
        self.chrome.drop_files(paths).await;
    }

    /// Ends the log-in without the page's knowledge.
    pub async fn clear_cookies(&self) {
        self.chrome.clear_cookies().await;
    }

    /// The path of the address, without the server's.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("a page has an address").path().to_owned()
    }

    /// Waits for an element.
    pub async fn wait_for(&self, css: &str) {
        self.attempt(css, "it is there", async |_| Ok(())).await;
    }

    /// Waits until there are so many elements.
    pub async fn wait_for_count(&self, css: &str, count: usize) {
        eventually(&format!("there are {count} {css}"), async || (self.count(css).await == count).then_some(())).await;
    }

    /// Waits until a script returns true.
    pub async fn wait_until_true(&self, script: &str) {
        eventually(script, async || {
            let answer = self.client.execute(script, Vec::new()).await;
            answer.is_ok_and(|value| value == true).then_some(())
        })
        .await;
    }

    /// Waits until an element's text is as wished, and returns it.
    pub async fn wait_for_text(&self, css: &str, is_right: impl Fn(&str) -> bool) -> String {
        eventually(&format!("the text of {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.text().await.ok().filter(|text| is_right(text))
        })
        .await
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |elements| elements.len())
    }

    /// An attribute of the first such element.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.attempt(css, "it has the attribute", async |element| Ok(element.attr(name).await?.unwrap_or_default()))
            .await
    }

    pub async fn click(&self, css: &str) {
        self.attempt(css, "it can be clicked", async |element| element.click().await).await;
    }

    /// Types text after what a field holds.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.attempt(css, "it can be typed into", async |element| element.send_keys(text).await).await;
    }

    /// Replaces what a field holds, and presses Enter.
    pub async fn replace_and_enter(&self, css: &str, text: &str) {
        let (control, enter) = (char::from(Key::Control), char::from(Key::Enter));
        // A second Control lets go of the first.
        let keys = format!("{control}a{control}{text}{enter}");
        self.attempt(css, "it can be typed into", async |element| element.send_keys(&keys).await).await;
    }

    /// Types text and presses Enter.
    pub async fn type_and_enter(&self, css: &str, text: &str) {
        self.type_into(css, &format!("{text}{}", char::from(Key::Enter))).await;
    }

    /// Presses a key wherever the focus is.
    pub async fn press(&self, key: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(key).await.expect("a key can be pressed");
    }

    /// Chooses an option of a select box by its text.
    pub async fn choose(&self, css: &str, option: &str) {
        self.attempt(css, option, async |element| element.select_by_label(option).await).await;
    }

    /// Gives files to a file input, which need not be seen.
    pub async fn pick_files(&self, css: &str, files: &[PathBuf]) {
        let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let keys = paths.join("\n");
        self.attempt(css, "it takes files", async |element| element.send_keys(&keys).await).await;
    }

    /// What a script returns.
    pub async fn evaluate(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script is in order")
    }

    /// Takes note that the page was refused something, which Chromium tells the console. Whatever else that was told
    /// fails.
    pub async fn expect_refusal(&self, path: &str, status: u16) {
        let errors = self.chrome.console_errors().await;
        let is_it = |error: &String| error.contains(path) && error.contains(&status.to_string());
        assert!(!errors.is_empty() && errors.iter().all(is_it), "{errors:#?}");
    }

    /// Does something with the first such element, as soon as it is there and lets it be done.
    async fn attempt<T>(&self, css: &str, what: &str, action: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        eventually(&format!("{css}: {what}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            action(element).await.ok()
        })
        .await
    }
}
