//! `/api/sessions`: where one is logged in; and secrets that change under open log-ins.

use dto::{ErrorCode, SessionId};
use pupil_tests::{
    Database, Home, Person, Server,
    client::{auth::credentials, send},
    program, refused,
};
use reqwest::{Method, StatusCode, header};
use std::{fs, os::unix::fs::PermissionsExt};
use uuid::Uuid;

both_databases![
    log_ins_are_listed_with_what_they_were_made_with,
    a_log_in_can_be_ended_from_another,
    the_list_is_paged
];
both_databases_own_server![an_old_secret_is_good_as_long_as_it_is_kept, the_secret_of_the_data_folder_can_be_rotated];

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn log_ins_are_listed_with_what_they_were_made_with(server: &Server) {
    let ann = Person::new(server).await;
    let log_in = server.client().request(Method::POST, "/auth/login").header(header::USER_AGENT, FIREFOX);
    let response = send(log_in.json(&credentials(&ann.user.username, &ann.password))).await;
    assert_eq!(response.status(), StatusCode::OK);
    let sessions = ann.api.sessions().await.expect("one's own").items;
    let [newer, older] = &sessions[..] else { panic!("two were expected: {sessions:?}") };
    assert_eq!((newer.agent.as_str(), newer.current), ("Firefox on Windows", false));
    assert!(older.current, "it is the one that asks");
    for session in &sessions {
        assert!(session.created_at <= session.last_used_at && session.last_used_at < session.expires_at, "{session:?}");
    }
    let bob = Person::new(server).await;
    assert_eq!(bob.api.sessions().await.expect("one's own").items.len(), 1);
}

async fn a_log_in_can_be_ended_from_another(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let other = server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    let other = server.client().with_token(&other.token);
    let sessions = ann.api.sessions().await.expect("one's own").items;
    let theirs = sessions.iter().find(|session| !session.current).expect("there is another");
    refused(bob.api.end_session(theirs.id).await, ErrorCode::NotFound);
    other.me().await.expect("nobody has ended it");
    ann.api.end_session(theirs.id).await.expect("one's own");
    refused(other.me().await, ErrorCode::TokenRevoked);
    refused(ann.api.end_session(theirs.id).await, ErrorCode::NotFound);
    refused(ann.api.end_session(SessionId(Uuid::now_v7())).await, ErrorCode::NotFound);
    let left = ann.api.sessions().await.expect("one's own").items;
    assert_eq!(left.len(), 1);
    ann.api.end_session(left[0].id).await.expect("one's own, too");
    refused(ann.api.me().await, ErrorCode::TokenRevoked);
}

async fn the_list_is_paged(server: &Server) {
    let ann = Person::new(server).await;
    for _ in 0..2 {
        server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    }
    let all: Vec<_> = ann.api.sessions().await.expect("one's own").items.iter().map(|session| session.id).collect();
    let page = async |query: &str| -> serde_json::Value {
        let response = send(ann.api.request(Method::GET, &format!("/sessions?limit=2{query}"))).await;
        response.json().await.expect("a page")
    };
    let first = page("").await;
    let cursor = first["next_cursor"].as_str().expect("there is more");
    let second = page(&format!("&cursor={cursor}")).await;
    let ids = [&first, &second].into_iter().flat_map(|page| page["items"].as_array().expect("a list"));
    let ids: Vec<SessionId> = ids.map(|item| serde_json::from_value(item["id"].clone()).expect("an id")).collect();
    assert_eq!(ids, all);
}

async fn an_old_secret_is_good_as_long_as_it_is_kept(database: Database) {
    let (old, new) = ("an-old-secret-of-forty-characters-or-so", "a-new-secret-that-is-quite-as-long-as-it");
    let home = Home::new(database).await.with("PUPIL_SECRET", old);
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    assert!(server.stop().success());

    // Later settings hold over earlier ones.
    let home = home.with("PUPIL_SECRET", format!("{new}, {old}"));
    let server = Server::start(&home);
    let ann = ann.at(&server);
    ann.api.me().await.expect("the old secret is accepted");
    let newer = server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password").token;
    assert!(server.stop().success());

    let home = home.with("PUPIL_SECRET", new);
    let server = Server::start(&home);
    refused(ann.at(&server).api.me().await, ErrorCode::TokenInvalid);
    server.client().with_token(&newer).me().await.expect("it was signed with the first of both");
}

async fn the_secret_of_the_data_folder_can_be_rotated(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let mut rotate = home.command();
    rotate.arg("rotate-secret");
    let rotated = program::run(rotate).await;
    assert_eq!(rotated.code, Some(0), "{}", rotated.stderr);
    let file = home.data_folder().join("secret");
    let text = fs::read_to_string(&file).expect("it is there");
    let secrets: Vec<&str> = text.lines().collect();
    assert!(secrets.len() == 2 && secrets[0] != secrets[1], "{} lines", secrets.len());
    assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert!(!rotated.stdout.contains(secrets[0]), "a secret is not for the screen");
    ann.api.me().await.expect("the server that runs goes on");
    assert!(server.stop().success());
    let server = Server::start(&home);
    let ann = ann.at(&server);
    ann.api.me().await.expect("the log-in goes on");
    server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
}
