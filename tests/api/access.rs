//! `/api/tokens`: access tokens for scripts.

use dto::{
    ErrorCode, Timestamp, TokenId,
    access::{NewAccessToken, Scope},
    limits,
    model::{ModelEvent, TrainRequest},
};
use pupil_tests::{
    Database, Home, Person, Server,
    client::{problem_in, send},
    deadline::eventually,
    pictures::Motif,
    refused,
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases![
    a_token_is_shown_once_and_works,
    scopes_are_taken_alone_and_together,
    a_token_lasts_as_long_as_was_asked_for,
    a_token_that_makes_no_sense_is_refused,
    a_revoked_token_is_refused_at_once,
    the_last_use_is_noted,
    a_token_goes_with_its_project,
    a_new_password_leaves_tokens_unless_asked_to_end_them,
    a_token_in_the_cookie_is_no_log_in,
    there_are_so_many_tokens_and_no_more,
];

both_databases_own_server![what_a_token_listens_to_ends_with_it];

const DAY_MILLIS: i64 = 24 * 3600 * 1000;

fn token(name: &str, scopes: &[Scope]) -> NewAccessToken {
    NewAccessToken { name: name.into(), scopes: scopes.to_vec(), project_id: None, expires_at: None }
}

async fn a_token_is_shown_once_and_works(server: &Server) {
    let ann = Person::new(server).await;
    assert!(ann.api.tokens().await.expect("one's own").items.is_empty());
    let made = ann.api.create_token(&token("  nightly upload ", &[Scope::Read])).await.expect("a log-in may");
    assert_eq!((made.access_token.name.as_str(), made.access_token.last_used_at), ("nightly upload", None));
    assert_eq!(ann.api.tokens().await.expect("one's own").items, std::slice::from_ref(&made.access_token));
    let listed = send(ann.api.request(Method::GET, "/tokens")).await.text().await.expect("text");
    assert!(!listed.contains(&made.token), "it is kept nowhere");

    let script = server.client().with_token(&made.token);
    assert_eq!(script.me().await.expect("it may read"), ann.user);
    assert_eq!(script.project(ann.project).await.expect("it may read").id, ann.project);
    let bob = Person::new(server).await;
    assert!(bob.api.tokens().await.expect("one's own").items.is_empty());
}

async fn scopes_are_taken_alone_and_together(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    ann.train().await;
    let with = async |scopes: &[Scope]| {
        let made = ann.api.create_token(&token("a script", scopes)).await.expect("a log-in may");
        server.client().with_token(&made.token)
    };
    // A camera that only uploads sees nothing.
    let camera = with(&[Scope::Write]).await;
    camera.upload(ann.project, &Motif::Circles.files_from(700, 1), None).await.expect("it may write");
    let problem = refused(camera.projects().await, ErrorCode::ScopeMissing);
    assert_eq!(problem.more["scope"], json!("read"));
    // A program at the door only asks.
    let door = with(&[Scope::Predict]).await;
    door.predict_in_project(ann.project, &Motif::Circles.files_from(800, 1)).await.expect("it may predict");
    refused(door.project(ann.project).await, ErrorCode::ScopeMissing);

    let both = with(&[Scope::Predict, Scope::Read, Scope::Predict]).await;
    both.predict_in_project(ann.project, &Motif::Circles.files_from(800, 1)).await.expect("it may predict");
    both.project(ann.project).await.expect("it may read");
    refused(both.create_project("x").await, ErrorCode::ScopeMissing);
    let newest = &ann.api.tokens().await.expect("one's own").items[0];
    assert_eq!(newest.scopes, [Scope::Read, Scope::Predict], "each once");
}

async fn a_token_lasts_as_long_as_was_asked_for(server: &Server) {
    let ann = Person::new(server).await;
    let default = ann.api.create_token(&token("default", &[Scope::Read])).await.expect("a log-in may").access_token;
    let expires_at = default.expires_at.expect("it ends");
    let days = (expires_at.millis() - default.created_at.millis()) as f64 / DAY_MILLIS as f64;
    assert!((days - f64::from(limits::ACCESS_TOKEN_DAYS)).abs() < 0.01, "{days}");

    let never = NewAccessToken { expires_at: Some(None), ..token("never", &[Scope::Read]) };
    let never = ann.api.create_token(&never).await.expect("a log-in may");
    assert_eq!(never.access_token.expires_at, None);
    server.client().with_token(&never.token).me().await.expect("it does not end");

    let soon = Timestamp::from_millis(default.created_at.millis() / 1000 * 1000 + 2_000);
    let soon = NewAccessToken { expires_at: Some(Some(soon)), ..token("soon", &[Scope::Read]) };
    let made = ann.api.create_token(&soon).await.expect("a log-in may");
    let script = server.client().with_token(&made.token);
    let problem = eventually("the token has expired", async || script.me().await.err()).await;
    assert_eq!(problem.code, ErrorCode::TokenExpired);
    let listed = ann.api.tokens().await.expect("one's own").items;
    assert!(listed.iter().any(|listed| listed.id == made.access_token.id), "it is still shown, as expired");
}

async fn a_token_that_makes_no_sense_is_refused(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let good = token("good", &[Scope::Read]);
    let long_ago = Some(Some(Timestamp::from_millis(1_000)));
    let too_late = Some(Some(Timestamp::from_millis(200_000_000_000_000)));
    let bad = [
        (NewAccessToken { name: " ".into(), ..good.clone() }, "name"),
        (NewAccessToken { scopes: Vec::new(), ..good.clone() }, "scopes"),
        (NewAccessToken { expires_at: long_ago, ..good.clone() }, "expires_at"),
        (NewAccessToken { expires_at: too_late, ..good.clone() }, "expires_at"),
    ];
    for (new, field) in bad {
        let problem = refused(ann.api.create_token(&new).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some(field));
    }
    let of_bob = NewAccessToken { project_id: Some(bob.project), ..good };
    refused(ann.api.create_token(&of_bob).await, ErrorCode::NotFound);
    for body in [json!({ "name": "x", "scopes": ["admin"] }), json!({ "name": "x" }), json!({ "scopes": ["read"] })] {
        let response = send(ann.api.request(Method::POST, "/tokens").json(&body)).await;
        assert_eq!(problem_in(response).await.code, ErrorCode::InvalidJson, "{body}");
    }
    assert!(ann.api.tokens().await.expect("one's own").items.is_empty());
}

async fn a_revoked_token_is_refused_at_once(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let made = ann.api.create_token(&token("short-lived", &[Scope::Read])).await.expect("a log-in may");
    let script = server.client().with_token(&made.token);
    script.me().await.expect("it is new");
    refused(bob.api.revoke_token(made.access_token.id).await, ErrorCode::NotFound);
    refused(script.revoke_token(made.access_token.id).await, ErrorCode::ScopeMissing);
    script.me().await.expect("nobody has revoked it");
    ann.api.revoke_token(made.access_token.id).await.expect("one's own");
    refused(script.me().await, ErrorCode::TokenRevoked);
    refused(ann.api.revoke_token(made.access_token.id).await, ErrorCode::NotFound);
    refused(ann.api.revoke_token(TokenId(Uuid::now_v7())).await, ErrorCode::NotFound);
    assert!(ann.api.tokens().await.expect("one's own").items.is_empty());
    ann.api.me().await.expect("the log-in goes on");
}

/// A run that nobody works on, followed with two tokens of which one is ended.
async fn what_a_token_listens_to_ends_with_it(database: Database) {
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(4).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    let made = ann.api.create_token(&token("a listener", &[Scope::Read])).await.expect("a log-in may");
    let mut revoked = server.client().with_token(&made.token).events(run).await.expect("it may read");
    // Long enough to begin with.
    let end = Timestamp::from_millis(made.access_token.created_at.millis() + 4_000);
    let short = NewAccessToken { expires_at: Some(Some(end)), ..token("a short one", &[Scope::Read]) };
    let short = ann.api.create_token(&short).await.expect("a log-in may");
    let mut expired = server.client().with_token(&short.token).events(run).await.expect("it may read");
    let mut other = ann.api.events(run).await.expect("one's own");
    for events in [&mut revoked, &mut expired, &mut other] {
        // The last of what is known at first.
        while !matches!(events.next().await.expect("it goes on"), ModelEvent::Progress(_)) {}
    }
    ann.api.revoke_token(made.access_token.id).await.expect("one's own");
    eventually("the short token ends", async || {
        let problem = server.client().with_token(&short.token).me().await.err()?;
        (problem.code == ErrorCode::TokenExpired).then_some(())
    })
    .await;
    ann.api.cancel(run).await.expect("it is queued");
    assert_eq!(revoked.next().await, None, "it is told nothing more");
    assert_eq!(expired.next().await, None, "nor is this one");
    assert!(matches!(other.to_end().await.pop(), Some(ModelEvent::Cancelled(_))));
}

async fn the_last_use_is_noted(server: &Server) {
    let ann = Person::new(server).await;
    let made = ann.api.create_token(&token("used", &[Scope::Read])).await.expect("a log-in may");
    server.client().with_token(&made.token).me().await.expect("it may read");
    let noted = eventually("the use is noted", async || {
        let listed = ann.api.tokens().await.expect("one's own").items;
        listed[0].last_used_at
    })
    .await;
    assert!(noted >= made.access_token.created_at);
    // Again within the minute: once is enough.
    server.client().with_token(&made.token).me().await.expect("it may read");
    assert_eq!(ann.api.tokens().await.expect("one's own").items[0].last_used_at, Some(noted));
}

async fn a_token_goes_with_its_project(server: &Server) {
    let ann = Person::new(server).await;
    let project = ann.api.create_project("for a while").await.expect("a new name").id;
    let new = NewAccessToken { project_id: Some(project), ..token("of a project", &[Scope::Read]) };
    let made = ann.api.create_token(&new).await.expect("a log-in may");
    assert_eq!(made.access_token.project_id, Some(project));
    let script = server.client().with_token(&made.token);
    script.project(project).await.expect("its own");
    ann.api.delete_project(project).await.expect("one's own");
    refused(script.projects().await, ErrorCode::TokenInvalid);
    assert!(ann.api.tokens().await.expect("one's own").items.is_empty());
}

async fn a_new_password_leaves_tokens_unless_asked_to_end_them(server: &Server) {
    const NEW_PASSWORD: &str = "correct horse battery staple";
    let ann = Person::new(server).await;
    let made = ann.api.create_token(&token("a script", &[Scope::Read])).await.expect("a log-in may");
    let script = server.client().with_token(&made.token);
    ann.api.change_password(&ann.password, NEW_PASSWORD).await.expect("the password is right");
    script.me().await.expect("scripts go on");
    let body = json!({ "current_password": NEW_PASSWORD, "new_password": ann.password, "end_access_tokens": true });
    let response = send(ann.api.request(Method::POST, "/me/password").json(&body)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    refused(script.me().await, ErrorCode::TokenRevoked);
    assert!(ann.api.tokens().await.expect("the log-in goes on").items.is_empty());
}

async fn a_token_in_the_cookie_is_no_log_in(server: &Server) {
    let ann = Person::new(server).await;
    let made = ann.api.create_token(&token("a script", &Scope::ALL)).await.expect("a log-in may");
    let cookie = format!("pupil_session={}", made.token);
    let request = server.client().request(Method::GET, "/sessions").header(header::COOKIE, cookie);
    assert_eq!(problem_in(send(request).await).await.code, ErrorCode::ScopeMissing);
}

async fn there_are_so_many_tokens_and_no_more(server: &Server) {
    let ann = Person::new(server).await;
    let new = token("one of many", &[Scope::Read]);
    let first = ann.api.create_token(&new).await.expect("a log-in may").access_token.id;
    for _ in 1..limits::ACCESS_TOKENS_PER_USER {
        ann.api.create_token(&new).await.expect("there is room");
    }
    let problem = refused(ann.api.create_token(&new).await, ErrorCode::QuotaReached);
    assert_eq!(problem.more["limit"], Value::from(limits::ACCESS_TOKENS_PER_USER));
    ann.api.revoke_token(first).await.expect("one's own");
    ann.api.create_token(&new).await.expect("there is room again");
}
