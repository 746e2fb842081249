//! The program's own face: `--help`, and bad settings.

use pupil_tests::{
    Database, Home,
    program::{self, Finished},
};
use std::{fs, net::TcpListener};

/// Every setting that a user may want to know of.
const SETTINGS: &[&str] = &[
    "PUPIL_LISTEN",
    "PUPIL_DATA_DIR",
    "DATABASE_URL",
    "PUPIL_SECRET",
    "PUPIL_SIGNUP",
    "PUPIL_TRUSTED_PROXIES",
    "PUPIL_WEIGHTS_RESNET18",
    "PUPIL_WEIGHTS_EFFICIENTNET_LITE0",
    "PUPIL_WEB_DIR",
    "PUPIL_LOG",
    "PUPIL_WORKERS",
];

#[tokio::test]
async fn help_lists_the_commands_and_their_settings() {
    let home = Home::new(Database::Sqlite).await;
    let help = pupil(&home, &["--help"]).await;
    assert_eq!(help.code, Some(0));
    assert!(help.stdout.contains("serve"), "{}", help.stdout);
    let help = pupil(&home, &["serve", "--help"]).await;
    assert_eq!(help.code, Some(0));
    for setting in SETTINGS {
        assert!(help.stdout.contains(setting), "{setting} is not in\n{}", help.stdout);
    }
}

#[tokio::test]
async fn the_version_is_told() {
    let version = pupil(&Home::new(Database::Sqlite).await, &["--version"]).await;
    assert_eq!((version.code, version.stdout.trim()), (Some(0), concat!("pupil ", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn an_unknown_command_is_refused() {
    let home = Home::new(Database::Sqlite).await;
    assert_refused(&pupil(&home, &["sevre"]).await, "sevre");
    assert_refused(&pupil(&home, &["serve", "--no-such-option"]).await, "--no-such-option");
}

#[tokio::test]
async fn a_bad_setting_is_named_in_one_clear_line() {
    let bad = [
        ("PUPIL_LISTEN", "nonsense", "PUPIL_LISTEN"),
        ("PUPIL_SECRET", "too short", "PUPIL_SECRET"),
        // What isn't even of the right kind is refused under the name of the flag.
        ("PUPIL_WORKERS", "some", "--workers"),
        ("DATABASE_URL", "mysql://root@localhost/pupil", "DATABASE_URL"),
    ];
    for (setting, value, named) in bad {
        let home = Home::new(Database::Sqlite).await.with(setting, value);
        assert_refused(&pupil(&home, &["serve"]).await, named);
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let home = Home::new(Database::Sqlite).await.with("PUPIL_LISTEN", &address);
    assert_refused(&pupil(&home, &["serve"]).await, &address);
}

#[tokio::test]
async fn a_data_folder_that_can_not_be_made_is_named() {
    let home = Home::new(Database::Sqlite).await;
    let file = home.data_folder().join("a-file");
    fs::write(&file, "").expect("the folder can be written");
    let inside = file.join("data").display().to_string();
    let home = home.with("PUPIL_DATA_DIR", &inside);
    assert_refused(&pupil(&home, &["serve"]).await, &inside);
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named_without_its_password() {
    let url = "postgres://pupil:open-sesame@127.0.0.1:1/pupil";
    let home = Home::new(Database::Sqlite).await.with("DATABASE_URL", url);
    let refused = pupil(&home, &["serve"]).await;
    assert_refused(&refused, "127.0.0.1");
    assert!(!refused.stderr.contains("open-sesame") && !refused.stdout.contains("open-sesame"), "{}", refused.stderr);
}

async fn pupil(home: &Home, arguments: &[&str]) -> Finished {
    let mut command = home.command();
    command.args(arguments);
    program::run(command).await
}

/// It ends with an error that names what is wrong, to a person and not to a programmer.
#[track_caller]
fn assert_refused(finished: &Finished, named: &str) {
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    assert!(finished.stderr.contains(named), "{named} is not in\n{}", finished.stderr);
    for of_a_crash in ["panicked", "backtrace", "RUST_BACKTRACE"] {
        assert!(!finished.stderr.contains(of_a_crash), "{}", finished.stderr);
    }
    assert!(finished.stderr.lines().count() <= 10, "{}", finished.stderr);
}
