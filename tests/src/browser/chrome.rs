//! Chromium under WebDriver, with a fresh profile.

use crate::{
    notice::{notice, strict},
    spawner, workspace,
};
use fantoccini::{Client, ClientBuilder};
use futures::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};
use tempfile::TempDir;

/// Tall enough that the grid draws every picture of the tests; it draws no more than can be seen.
const WINDOW: &str = "--window-size=1440,2000";
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--hide-scrollbars",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // A camera that shows a moving picture, and a person who says yes to it.
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    WINDOW,
];

/// How often a driver is started until one stays.
const DRIVER_TRIES: u32 = 4;

/// A running browser.
pub struct Chrome {
    driver: Child,
    client: Client,
    /// The session's address at the driver.
    session: String,
    _profile: TempDir,
}

impl Chrome {
    /// Starts a browser; says so where there is none.
    ///
    /// # Panics
    /// On CI, when there is none, and when it can't be started.
    pub async fn start() -> Option<Self> {
        let (Some(driver_program), Some(browser)) = (
            program("CHROMEDRIVER", &["chromedriver"]),
            program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]),
        ) else {
            let reason = "chromium and chromedriver are not both here; `cargo xtask test` gets them";
            assert!(!strict(), "{reason}");
            notice(&format!("skipped: {reason}"));
            return None;
        };
        let (driver, driver_address) = start_driver(&driver_program);
        let profile = tempfile::tempdir_in(workspace::run_folder()).expect("the run's folder can be written");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&browser, profile.path()))
            .connect(&driver_address)
            .await
            .unwrap_or_else(|e| panic!("the browser does not start: {e}"));
        let session = client.session_id().await.ok().flatten().expect("a browser has a session");
        let session = format!("{driver_address}/session/{session}");
        Some(Self { driver, client, session, _profile: profile })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes the page this large, in pixels; a window could not be as narrow as a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chromium("Emulation.setDeviceMetricsOverride", &size).await;
    }

    /// Has pages believe that the person prefers dark or light, and nothing that moves.
    pub async fn prefer(&self, color_scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": color_scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.chromium("Emulation.setEmulatedMedia", &json!({ "features": features })).await;
    }

    /// Drops files and folders from outside the browser onto the middle of the page.
    pub async fn drop_files(&self, paths: &[&Path]) {
        let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": kind, "x": 700, "y": 300, "data": data });
            self.chromium("Input.dispatchDragEvent", &event).await;
        }
    }

    /// Forgets every cookie, as if the log-in's time had run out.
    pub async fn clear_cookies(&self) {
        self.chromium("Network.clearBrowserCookies", &json!({})).await;
    }

    /// Runs a test; if it fails, keeps a picture of the page and closes the browser before failing.
    pub async fn run(&self, test: impl Future<Output = ()>) {
        let Err(failure) = AssertUnwindSafe(test).catch_unwind().await else { return };
        let path = workspace::run_folder().join("failed.png");
        match self.client.screenshot().await {
            Ok(png) if fs::write(&path, &png).is_ok() => eprintln!("the page at that moment: {}", path.display()),
            _ => eprintln!("the page at that moment could not be pictured"),
        }
        eprintln!("its console: {:#?}", self.console_errors().await);
        self.client.clone().close().await.ok();
        resume_unwind(failure);
    }

    /// Errors that the page has told the console since the last call.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" })).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        let is_error = |entry: &&Value| entry["level"] == "SEVERE";
        let messages = entries.iter().filter(is_error).map(|entry| entry["message"].as_str().unwrap_or_default());
        messages.filter(|message| !is_an_answer(message)).map(str::to_owned).collect()
    }

    /// Ends the browser in good order.
    pub async fn close(self) {
        self.client.clone().close().await.expect("the browser can be closed");
    }

    /// A command of Chromium's own protocol.
    async fn chromium(&self, command: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    /// A command that only Chromium's driver knows.
    async fn command(&self, path: &str, body: &Value) -> Value {
        let answer = reqwest::Client::new().post(format!("{}/{path}", self.session)).json(body).send().await;
        let answer: Value = answer.expect("the driver answers").json().await.expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Chromium tells the console of every refusal, also of the one that the page asks for at its start: a 401 to `/me` means
/// that nobody is logged in.
fn is_an_answer(message: &str) -> bool {
    message.contains("/api/me ") && message.contains("status of 401")
}

/// Starts the driver on a free port, which it tells.
///
/// It takes one that is free for IPv4, and ends if that is taken for IPv6: among many at once this happens, and the next
/// one has another port.
fn start_driver(program: &Path) -> (Child, String) {
    let started = (0..DRIVER_TRIES).find_map(|_| try_to_start_driver(program));
    started.unwrap_or_else(|| panic!("{} ends without telling its port", program.display()))
}

fn try_to_start_driver(program: &Path) -> Option<(Child, String)> {
    let mut command = Command::new(program);
    command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut driver = spawner::spawn(command).unwrap_or_else(|e| panic!("can't run {}: {e}", program.display()));
    let mut lines = BufReader::new(driver.stdout.take().expect("it was asked for")).lines().map_while(Result::ok);
    let mut said = Vec::new();
    for line in lines.by_ref() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
            // Left unread, its output would stop it.
            thread::spawn(move || lines.for_each(drop));
            return Some((driver, address));
        }
        said.push(line);
    }
    eprintln!("{} ended: {:?}, having said {said:?}", program.display(), driver.wait());
    None
}

fn capabilities(browser: &Path, profile: &Path) -> Map<String, Value> {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
    let capabilities = json!({
        "goog:chromeOptions": { "binary": browser, "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    capabilities.as_object().cloned().expect("it is an object")
}

/// The program that a variable names, else the first of these on the path.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let on_path = |name: &&str| {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
    };
    env::var_os(variable).map(PathBuf::from).or_else(|| names.iter().find_map(on_path))
}
