//! What one request may take: bytes, time, and a place among the others.

use dto::{ErrorCode, image::Outcome};
use futures::{StreamExt, future::join_all, stream};
use pupil_tests::{
    Database, Home, Person, Server,
    client::{auth::credentials, problem_in, send},
    deadline::eventually,
    pictures::Motif,
    refused,
};
use reqwest::{
    Body, Method, StatusCode, header,
    multipart::{Form, Part},
};
use std::fs;
use uuid::Uuid;

both_databases_own_server![more_requests_than_can_be_worked_on_are_told_to_come_again];
both_databases![strangers_send_little];

async fn more_requests_than_can_be_worked_on_are_told_to_come_again(database: Database) {
    let home = Home::new(database).await.with("PUPIL_MAX_REQUESTS", "1");
    let server = Server::start(&home);
    let sign_up = async || {
        let body = credentials(&format!("user-{}", Uuid::new_v4().simple()), "a long enough passphrase");
        send(server.client().request(Method::POST, "/auth/signup").json(&body)).await
    };
    let answers = join_all((0..30).map(|_| sign_up())).await;
    // Whoever watches over the server is answered all the same.
    let watch = server.client();
    let (health, _) = tokio::join!(watch.health(), sign_up());
    health.expect("it is ready");
    let mut refusals = 0;
    for answer in answers {
        if answer.status() == StatusCode::CREATED {
            continue;
        }
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(problem_in(answer).await.code, ErrorCode::Busy);
        refusals += 1;
    }
    assert!((1..30).contains(&refusals), "{refusals} of 30 were refused");
    assert_eq!(sign_up().await.status(), StatusCode::CREATED);
}

/// What somebody sends who has no token is a name and a password.
async fn strangers_send_little(server: &Server) {
    let long = "x".repeat(100_000);
    let request = |path: &str| server.client().request(Method::POST, path).json(&credentials("ann", &long));
    assert_eq!(problem_in(send(request("/auth/login")).await).await.code, ErrorCode::TooLarge);
    assert_eq!(problem_in(send(request("/projects")).await).await.code, ErrorCode::Unauthenticated);
    let forged = request("/projects").bearer_auth("a.b.c");
    assert_eq!(problem_in(send(forged).await).await.code, ErrorCode::TokenInvalid);
    // In pieces, so that no length tells it beforehand.
    let pieces = stream::iter((0..10).map(|_| Ok::<_, std::io::Error>("y".repeat(10_000)))).boxed();
    let request = server.client().request(Method::POST, "/auth/login");
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::wrap_stream(pieces));
    assert_eq!(problem_in(send(request).await).await.code, ErrorCode::TooLarge);
    let ann = Person::new(server).await;
    let request = ann.api.request(Method::POST, "/projects").json(&serde_json::json!({ "name": "n", "more": long }));
    assert_eq!(send(request).await.status(), StatusCode::CREATED);
}

/// A table that somebody else has locked is what takes long.
#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let database = Database::Postgres;
    if !database.is_available() {
        return;
    }
    let home = Home::new(database).await.with("PUPIL_REQUEST_SECONDS", "1");
    let url = home.setting("DATABASE_URL").to_owned();
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let (other, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("the server runs");
    tokio::spawn(connection);
    other.batch_execute("BEGIN; LOCK TABLE projects IN ACCESS EXCLUSIVE MODE").await.expect("nobody has it locked");
    let answer = send(ann.api.request(Method::GET, "/projects")).await;
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "private, no-store");
    let problem = refused(Err::<(), _>(problem_in(answer).await), ErrorCode::Unavailable);
    assert!(problem.detail.contains(" 1 s"), "{problem:?}");
    other.batch_execute("ROLLBACK").await.expect("it was begun");
    eventually("it goes on", async || ann.api.projects().await.ok()).await;
}

/// Half of the places are for others, whatever one's requests say that they bring.
#[tokio::test]
async fn one_user_does_not_take_all_places() {
    let database = Database::Postgres;
    if !database.is_available() {
        return;
    }
    let home = Home::new(database).await.with("PUPIL_MAX_REQUESTS", "2");
    let url = home.setting("DATABASE_URL").to_owned();
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let (other, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("the server runs");
    tokio::spawn(connection);
    other.batch_execute("BEGIN; LOCK TABLE projects IN ACCESS EXCLUSIVE MODE").await.expect("nobody has it locked");
    let hanging = ann.api.request(Method::GET, "/projects").header(header::CONTENT_TYPE, "multipart/form-data");
    // It may meet one of those that look whether it has its place.
    let hanging = tokio::spawn(async move {
        loop {
            let answer = send(hanging.try_clone().expect("it has no body")).await;
            if answer.status() != StatusCode::TOO_MANY_REQUESTS {
                return answer;
            }
        }
    });
    let problem = eventually("her first has its place", async || ann.api.me().await.err()).await;
    assert_eq!((problem.code, problem.more["limit"].as_u64()), (ErrorCode::TooManyAtOnce, Some(1)));
    bob.api.me().await.expect("the other place is his");
    other.batch_execute("ROLLBACK").await.expect("it was begun");
    assert_eq!(hanging.await.expect("no panic").status(), StatusCode::OK);
    ann.api.me().await.expect("there is room again");
}

/// 200 MB go by without being kept.
#[tokio::test]
async fn a_huge_file_is_refused_and_those_beside_it_are_stored() {
    const MEGABYTE: usize = 1 << 20;
    const SIZE: usize = 200 * MEGABYTE;
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let [first, last] = [1, 2].map(|seed| Motif::Circles.files_from(seed, 1).remove(0));
    let start = resident(server.process_id());
    forget_peak(server.process_id());
    let pieces = stream::iter((0..SIZE / MEGABYTE).map(|_| Ok::<_, std::io::Error>(vec![7; MEGABYTE]))).boxed();
    let huge = Part::stream_with_length(Body::wrap_stream(pieces), SIZE as u64).file_name("huge.jpg");
    let form = Form::new().part("file", first.part()).part("file", huge).part("file", last.part());
    let upload = ann.api.upload_form(ann.project, form).await.expect("the request is in order");
    let outcomes: Vec<Outcome> = upload.items.iter().map(|item| item.outcome).collect();
    assert_eq!(outcomes, [Outcome::Stored, Outcome::Rejected, Outcome::Stored]);
    assert_eq!(upload.items[1].problem.as_ref().map(|problem| problem.code), Some(ErrorCode::TooLarge));
    let grown = peak(server.process_id()).saturating_sub(start);
    assert!(grown < SIZE / 2, "{} MB more were held", grown >> 20);
}

fn resident(process: u32) -> usize {
    status(process, "VmRSS:")
}

fn peak(process: u32) -> usize {
    status(process, "VmHWM:")
}

fn forget_peak(process: u32) {
    fs::write(format!("/proc/{process}/clear_refs"), "5").expect("it is a child of this process");
}

/// A line of the kernel's account of a process, in bytes.
fn status(process: u32, name: &str) -> usize {
    let text = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel tells it");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}
