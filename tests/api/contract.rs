//! The API against its own description: schemathesis makes up requests from it, fit and unfit ones, and judges the answers
//! by it.

use pupil_tests::{
    Database, Home, Person, Server,
    notice::{notice, strict},
    program,
};
use std::{env, fs, path::Path, process::Command};

/// Another seed tries other requests; with the same one a failure comes again.
const SEED: &str = "20261124";
/// Of making up requests; each way of asking has this long.
const SECONDS: &str = "40";

/// What is not held against the API, and why.
const WAIVERS: &str = r#"
# Some rules can't be written in a schema, and requests that break them are refused with 400, 413, 415 or 422: a cursor is
# one that a list gave out, a name is not blank, a multipart body has a file, and the file is a picture.
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 415, 422, 429]

# A file that is no picture does not harm the others of its request: its problem stands in its place, in a 200.
[[operations]]
include-path-regex = "/(images|predict)$"
include-method = "POST"
checks.negative_data_rejection.expected-statuses = ["2xx", "4xx", "5xx"]

"#;

/// Operations that end the log-in which all others need; strangers try them.
const LAST_ONES: [&str; 3] = ["/api/auth/logout", "/api/me/delete", "/api/me/password"];

/// Left to strangers: the data of a server-sent event is text, which holds the JSON that the description shows, and schemathesis
/// does not look into it. The tests of `events` do.
const EVENTS: &str = "/api/models/{id}/events";

#[tokio::test]
async fn a_user_gets_what_the_description_says() {
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let [circles, _] = ann.upload_both(4).await;
    let (model, other) = (ann.train().await.id, ann.train().await.id);
    let label = circles[0].label_id.expect("it was uploaded under one");
    // So that requests get past "there is no such thing"; what removes things makes its own.
    let things = [
        ("projects", ann.project.to_string(), String::new()),
        ("labels", label.to_string(), String::new()),
        ("images", circles[0].id.to_string(), String::new()),
        ("models", model.to_string(), format!(", image_id = \"{}\", other = \"{other}\"", circles[1].id)),
    ];
    let things = things.map(|(kind, id, more)| {
        format!(
            "[[operations]]\ninclude-path-regex = \"^/api/{kind}/.id\"\nexclude-method = \"DELETE\"\n\
             parameters = {{ id = \"{id}\"{more} }}\n"
        )
    });
    let bearer = format!("Authorization: Bearer {}", ann.token);
    let left_out = LAST_ONES.iter().chain([&EVENTS]).flat_map(|path| ["--exclude-path", path]);
    let arguments: Vec<&str> = ["--header", &bearer].into_iter().chain(left_out).collect();
    conforms(&server, home.data_folder(), &things.concat(), &arguments).await;
    ann.api.me().await.expect("it lives, and so does the log-in");
}

#[tokio::test]
async fn a_stranger_gets_what_the_description_says() {
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    conforms(&server, home.data_folder(), "", &[]).await;
    server.client().health().await.expect("it lives");
}

async fn conforms(server: &Server, folder: &Path, things: &str, arguments: &[&str]) {
    let Some(packages) = env::var_os("PUPIL_TEST_SCHEMATHESIS") else {
        let reason = "schemathesis is not here (PUPIL_TEST_SCHEMATHESIS); `cargo xtask test` gets it";
        assert!(!strict(), "{reason}");
        return notice(&format!("skipped: {reason}"));
    };
    let waivers = folder.join("schemathesis.toml");
    fs::write(&waivers, format!("{WAIVERS}{things}")).expect("one's own folder");
    let mut command = Command::new("python3");
    command
        .env("PYTHONPATH", packages)
        // Where it keeps what it has learned.
        .current_dir(folder)
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(&waivers)
        .args(["run", &format!("{}/openapi.yaml", server.address())])
        .args(["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"])
        .args(["--seed", SEED, "--max-time", SECONDS, "--max-examples", "20", "--no-color"])
        .args(arguments);
    let told = program::run(command).await;
    assert_eq!(told.code, Some(0), "{}\n{}", told.stdout, told.stderr);
}
