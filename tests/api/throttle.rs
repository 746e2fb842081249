//! Guessing is kept slow, and a class of pupils is not.

use dto::ErrorCode;
use futures::future::join_all;
use pupil_tests::{
    Client, Database, Home, Person, Server,
    client::{auth::credentials, problem_in, send},
    refused,
};
use reqwest::{Method, Response, StatusCode, header};
use std::time::{Duration, Instant};

both_databases_own_server![
    a_password_can_be_guessed_a_few_times_and_then_one_has_to_wait,
    a_class_behind_one_address_can_log_in,
    one_address_can_try_so_much_and_no_more,
    an_unknown_user_a_wrong_password_and_a_disabled_user_take_as_long,
];

const PASSWORD: &str = "correct horse battery staple";

async fn a_password_can_be_guessed_a_few_times_and_then_one_has_to_wait(database: Database) {
    let home = Home::new(database).await.with("PUPIL_LOGINS_PER_ACCOUNT", "5");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    for _ in 0..5 {
        refused(server.client().log_in(&ann.user.username, "a guess of somebody").await, ErrorCode::WrongCredentials);
    }
    // The right one too: nobody learns that it is.
    for name in [ann.user.username.clone(), ann.user.username.to_uppercase(), format!(" {} ", ann.user.username)] {
        wait_for_a_while(log_in(&server.client(), &name, &ann.password, &[]).await).await;
    }
    // A name that nobody has answers the same.
    for _ in 0..5 {
        refused(server.client().log_in("nobody", "a guess of somebody").await, ErrorCode::WrongCredentials);
    }
    wait_for_a_while(log_in(&server.client(), "nobody", PASSWORD, &[]).await).await;
    // Nor can it be guessed by whoever finds the page open.
    refused(ann.api.delete_account("a guess of somebody").await, ErrorCode::TooManyRequests);
    refused(ann.api.change_password("a guess of somebody", PASSWORD).await, ErrorCode::TooManyRequests);
    ann.api.me().await.expect("whoever is logged in stays so");
    server.client().log_in(&bob.user.username, &bob.password).await.expect("others are not held up");
}

async fn a_class_behind_one_address_can_log_in(database: Database) {
    // The defaults, as an operator has them.
    let home =
        Home::new(database).await.with("PUPIL_LOGINS_PER_ADDRESS", "120").with("PUPIL_SIGNUPS_PER_ADDRESS", "120");
    let server = Server::start(&home);
    let pupils: Vec<String> = (1..=30).map(|number| format!("pupil-no-{number}")).collect();
    let signed_up = join_all(pupils.iter().map(async |name| server.client().sign_up(name, PASSWORD).await)).await;
    assert!(signed_up.iter().all(Result::is_ok), "{:?}", signed_up.iter().find_map(|answer| answer.as_ref().err()));
    let logged_in = join_all(pupils.iter().map(async |name| {
        refused(server.client().log_in(name, "mistyped").await, ErrorCode::WrongCredentials);
        server.client().log_in(name, PASSWORD).await
    }))
    .await;
    assert!(logged_in.iter().all(Result::is_ok), "{:?}", logged_in.iter().find_map(|answer| answer.as_ref().err()));
}

async fn one_address_can_try_so_much_and_no_more(database: Database) {
    let home = Home::new(database).await.with("PUPIL_LOGINS_PER_ADDRESS", "8").with("PUPIL_SIGNUPS_PER_ADDRESS", "2");
    let home = home.with("PUPIL_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.1");
    let server = Server::start(&home);
    let client = server.client();
    let from = |address: &'static str| [("X-Forwarded-For", address)];
    for number in 0..8 {
        let name = format!("user-{number}");
        assert_eq!(log_in(&client, &name, PASSWORD, &from("192.0.2.1")).await.status(), StatusCode::UNAUTHORIZED);
    }
    wait_for_a_while(log_in(&client, "user-8", PASSWORD, &from("192.0.2.1")).await).await;
    // What the caller itself wrote before the proxy's word makes no other address of it.
    wait_for_a_while(log_in(&client, "user-8", PASSWORD, &from("198.51.100.1, 192.0.2.1, 10.0.0.1")).await).await;
    assert_eq!(log_in(&client, "user-8", PASSWORD, &from("192.0.2.2")).await.status(), StatusCode::UNAUTHORIZED);

    client.sign_up("first", PASSWORD).await.expect("the name is new");
    client.sign_up("second", PASSWORD).await.expect("the name is new");
    refused(client.sign_up("third", PASSWORD).await, ErrorCode::TooManyRequests);
    let third = client.request(Method::POST, "/auth/signup").header("X-Forwarded-For", "192.0.2.3");
    assert_eq!(send(third.json(&credentials("third", PASSWORD))).await.status(), StatusCode::CREATED);
    drop(server);

    // Without such a setting nobody's word counts.
    let home = Home::new(database).await.with("PUPIL_LOGINS_PER_ADDRESS", "2");
    let server = Server::start(&home);
    for (number, address) in ["192.0.2.1", "192.0.2.2"].into_iter().enumerate() {
        let name = format!("user-{number}");
        assert_eq!(log_in(&server.client(), &name, PASSWORD, &from(address)).await.status(), StatusCode::UNAUTHORIZED);
    }
    wait_for_a_while(log_in(&server.client(), "user-3", PASSWORD, &from("192.0.2.3")).await).await;
}

async fn an_unknown_user_a_wrong_password_and_a_disabled_user_take_as_long(database: Database) {
    let home = Home::new(database).await.with("PUPIL_LOGINS_PER_ACCOUNT", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let mut disable = home.command();
    disable.args(["user", "disable", &bob.user.username]);
    assert_eq!(pupil_tests::program::run(disable).await.code, Some(0));
    let attempts =
        [(ann.user.username.as_str(), PASSWORD), ("nobody-at-all", PASSWORD), (&bob.user.username, &bob.password)];
    let mut fastest = [Duration::MAX; 3];
    let mut answers = Vec::new();
    let alike = |fastest: &[Duration; 3]| {
        let (quickest, slowest) = (fastest.iter().min().expect("three"), fastest.iter().max().expect("three"));
        *slowest < *quickest * 2
    };
    // Turn by turn, and as often as it takes: whatever else the machine does makes some slower, and none faster. An answer
    // without hashing would be quicker by far each time.
    for round in 0..300 {
        if round >= 10 && alike(&fastest) {
            break;
        }
        for ((name, password), fastest) in attempts.iter().zip(&mut fastest) {
            let start = Instant::now();
            let problem = refused(server.client().log_in(name, password).await, ErrorCode::WrongCredentials);
            *fastest = start.elapsed().min(*fastest);
            answers.push((problem.detail, problem.more));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(alike(&fastest), "{fastest:?}");
}

async fn log_in(client: &Client, username: &str, password: &str, headers: &[(&str, &str)]) -> Response {
    let request = client.request(Method::POST, "/auth/login").json(&credentials(username, password));
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// It is refused for now, and told for how long.
async fn wait_for_a_while(response: Response) {
    let header = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let problem = problem_in(response).await;
    assert_eq!(problem.code, ErrorCode::TooManyRequests, "{problem:?}");
    let seconds = problem.more["retry_after"].as_u64().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(header, Some(seconds.to_string()));
}
