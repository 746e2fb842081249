//! Who may sign up: `PUPIL_SIGNUP`.

use dto::{ErrorCode, auth::NewUser, health::SignupMode};
use pupil_tests::{
    Database, Home, Server,
    client::{problem_in, send},
    program, refused,
};
use reqwest::{Method, StatusCode};

both_databases_own_server![closed_means_nobody, a_code_lets_in_whoever_knows_it];

const PASSWORD: &str = "correct horse battery staple";

async fn closed_means_nobody(database: Database) {
    let home = Home::new(database).await.with("PUPIL_SIGNUP", "closed").with("PUPIL_CONTACT", "Ms Lee in room 12");
    let server = Server::start(&home);
    let problem = refused(server.client().sign_up("ann", PASSWORD).await, ErrorCode::SignupClosed);
    assert!(problem.detail.contains("Ms Lee in room 12"), "{problem:?}");
    let health = server.client().health().await.expect("it is ready");
    assert_eq!((health.signup, health.contact.as_deref()), (SignupMode::Closed, Some("Ms Lee in room 12")));

    // The operator makes accounts.
    let mut add = home.command();
    add.args(["user", "add", "ann"]);
    let added = program::run(add).await;
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let password = added.stdout.lines().find_map(|line| line.strip_prefix("Password: ")).expect("it is told");
    let session = server.client().log_in("ann", password).await.expect("the account is there");
    let projects = server.client().with_token(&session.token).projects().await.expect("it is logged in").items;
    assert_eq!(projects.len(), 1, "as sign-up makes one");
}

async fn a_code_lets_in_whoever_knows_it(database: Database) {
    let home = Home::new(database).await.with("PUPIL_SIGNUP_CODE", "green frog");
    let server = Server::start(&home);
    let health = server.client().health().await.expect("it is ready");
    assert_eq!((health.signup, health.contact), (SignupMode::Code, None));
    let sign_up = |code: Option<&str>| {
        let body = NewUser { username: "ann".into(), password: PASSWORD.into(), code: code.map(str::to_owned) };
        send(server.client().request(Method::POST, "/auth/signup").json(&body))
    };
    for wrong in [None, Some(""), Some("Green frog"), Some("green frogs")] {
        let problem = problem_in(sign_up(wrong).await).await;
        assert_eq!((problem.code, problem.field()), (ErrorCode::SignupCodeWrong, Some("code")), "{wrong:?}");
        assert!(!problem.detail.contains("green"), "{problem:?}");
    }
    assert_eq!(sign_up(Some(" green frog ")).await.status(), StatusCode::CREATED);
    server.client().log_in("ann", PASSWORD).await.expect("logging in takes no code");
}

#[tokio::test]
async fn a_mode_that_makes_no_sense_is_refused() {
    for (mode, named) in [("code", "PUPIL_SIGNUP_CODE"), ("sometimes", "--signup")] {
        let mut serve = Home::new(Database::Sqlite).await.with("PUPIL_SIGNUP", mode).command();
        serve.arg("serve");
        let refused = program::run(serve).await;
        assert!(refused.code != Some(0) && refused.stderr.contains(named), "{refused:?}");
    }
}
