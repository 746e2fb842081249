//! `/api/auth/…` and `/api/me`: names, passwords, sessions and the cookie.

use dto::{ErrorCode, auth::Session, limits};
use futures::future::join_all;
use pupil_tests::{
    Client, Person, Server,
    client::{auth::credentials, problem_in, send},
    refused,
};
use reqwest::{Method, StatusCode, header};
use serde_json::json;
use uuid::Uuid;

both_databases![
    signing_up_answers_a_session_that_works,
    signing_up_makes_a_first_project,
    a_user_name_is_taken_whatever_its_case,
    of_many_who_sign_up_at_once_under_one_name_one_succeeds,
    names_and_passwords_have_rules,
    passwords_that_others_would_try_first_are_refused,
    logging_in_ignores_the_case_of_the_name_but_not_of_the_password,
    a_wrong_password_and_an_unknown_user_get_the_same_answer,
    logging_out_ends_this_token_and_no_other,
    the_cookie_can_be_neither_read_by_scripts_nor_sent_by_other_sites,
    logging_out_takes_the_cookie_away,
    the_cookie_alone_is_enough_to_read,
    a_write_by_cookie_must_come_from_pupils_own_page,
];

const PASSWORD: &str = "correct horse battery staple";

async fn signing_up_answers_a_session_that_works(server: &Server) {
    let name = new_name();
    let session = server.client().sign_up(&name, PASSWORD).await.expect("the name is new");
    assert_eq!(session.user.username, name);
    assert!(session.expires_at > session.user.created_at);
    let me = server.client().with_token(&session.token).me().await.expect("the token is new");
    assert_eq!(me, session.user);
}

async fn signing_up_makes_a_first_project(server: &Server) {
    let ann = Person::new(server).await;
    let projects = ann.api.projects().await.expect("the token is new").items;
    let [project] = &projects[..] else { panic!("one project was expected: {projects:?}") };
    assert!(!project.name.is_empty());
    assert_eq!((project.image_count, project.label_count, project.latest_model_id), (0, 0, None));
}

async fn a_user_name_is_taken_whatever_its_case(server: &Server) {
    let name = new_name();
    let api = server.client();
    api.sign_up(&name, PASSWORD).await.expect("the name is new");
    for same in [name.clone(), name.to_uppercase()] {
        refused(api.sign_up(&same, "another password").await, ErrorCode::UsernameTaken);
    }
}

async fn of_many_who_sign_up_at_once_under_one_name_one_succeeds(server: &Server) {
    let (api, name) = (server.client(), new_name());
    let answers = join_all((0..8).map(|_| api.sign_up(&name, PASSWORD))).await;
    let (sessions, problems): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(sessions.len(), 1);
    for problem in problems {
        refused(problem, ErrorCode::UsernameTaken);
    }
}

async fn names_and_passwords_have_rules(server: &Server) {
    let api = server.client();
    let shortest = *limits::USERNAME_CHARS.start();
    for name in ["", &"a".repeat(shortest - 1), &"a".repeat(limits::USERNAME_CHARS.end() + 1), "   "] {
        let problem = refused(api.sign_up(name, PASSWORD).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("username"), "{name:?}");
    }
    let (shortest, longest) = (*limits::PASSWORD_CHARS.start(), *limits::PASSWORD_CHARS.end());
    for password in [String::new(), "p".repeat(shortest - 1), "p".repeat(longest + 1)] {
        let problem = refused(api.sign_up(&new_name(), &password).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("password"), "{} characters", password.len());
    }
    // Characters are counted, not bytes.
    let phrase = "correct horse battery staple ".repeat(longest).chars().take(longest).collect();
    for password in ["비밀번호여덟글자".to_owned(), phrase] {
        let name = new_name();
        api.sign_up(&name, &password).await.expect("just within the rules");
        api.log_in(&name, &password).await.expect("the same password");
    }
}

async fn passwords_that_others_would_try_first_are_refused(server: &Server) {
    let (api, name) = (server.client(), new_name());
    let own = format!("{}-1234", name.to_uppercase());
    for password in ["password", "12345678", "qwertyuiop", "iloveyou", "aaaaaaaaaaaa", "P@ssw0rd1", "abcd1234", &own] {
        let problem = refused(api.sign_up(&name, password).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("password"), "{password}");
    }
    let ann = Person::new(server).await;
    let problem = refused(ann.api.change_password(&ann.password, "iloveyou").await, ErrorCode::InvalidField);
    assert_eq!(problem.field(), Some("new_password"));
}

async fn logging_in_ignores_the_case_of_the_name_but_not_of_the_password(server: &Server) {
    let ann = Person::new(server).await;
    let session =
        server.client().log_in(&ann.user.username.to_uppercase(), &ann.password).await.expect("the same name");
    assert_eq!(session.user, ann.user);
    let shouted = server.client().log_in(&ann.user.username, &ann.password.to_uppercase()).await;
    refused(shouted, ErrorCode::WrongCredentials);
}

async fn a_wrong_password_and_an_unknown_user_get_the_same_answer(server: &Server) {
    let ann = Person::new(server).await;
    let wrong = refused(server.client().log_in(&ann.user.username, PASSWORD).await, ErrorCode::WrongCredentials);
    let unknown = refused(server.client().log_in(&new_name(), PASSWORD).await, ErrorCode::WrongCredentials);
    assert_eq!((wrong.detail, wrong.more), (unknown.detail, unknown.more));
}

async fn logging_out_ends_this_token_and_no_other(server: &Server) {
    let ann = Person::new(server).await;
    let other = server.client().log_in(&ann.user.username, &ann.password).await.expect("the password is right");
    ann.api.log_out().await.expect("the token is valid");
    refused(ann.api.me().await, ErrorCode::TokenRevoked);
    refused(ann.api.log_out().await, ErrorCode::TokenRevoked);
    server.client().with_token(&other.token).me().await.expect("another session goes on");
}

async fn the_cookie_can_be_neither_read_by_scripts_nor_sent_by_other_sites(server: &Server) {
    let (name, api) = (new_name(), server.client());
    for (path, status) in [("/auth/signup", StatusCode::CREATED), ("/auth/login", StatusCode::OK)] {
        let response = send(api.request(Method::POST, path).json(&credentials(&name, PASSWORD))).await;
        assert_eq!(response.status(), status);
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("a cookie is ASCII").to_owned();
        let session: Session = response.json().await.expect("a session");
        let (value, attributes) = cookie.split_once(';').expect("a cookie with attributes");
        assert_eq!(value, format!("pupil_session={}", session.token));
        let attributes: Vec<String> = attributes.split(';').map(|text| text.trim().to_ascii_lowercase()).collect();
        for attribute in ["httponly", "samesite=strict", "path=/"] {
            assert!(attributes.iter().any(|found| found == attribute), "no {attribute} in {cookie}");
        }
        assert!(!attributes.iter().any(|found| found == "secure"), "a browser drops it over plain http: {cookie}");
    }
}

async fn logging_out_takes_the_cookie_away(server: &Server) {
    let page = logged_in_page(server).await;
    let response = send(from_own_page(&page, Method::POST, "/auth/logout")).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("a cookie is ASCII").to_ascii_lowercase();
    assert!(cookie.starts_with("pupil_session=;") && cookie.contains("max-age=0"), "{cookie}");
    refused(page.me().await, ErrorCode::Unauthenticated);
}

async fn the_cookie_alone_is_enough_to_read(server: &Server) {
    let page = logged_in_page(server).await;
    page.me().await.expect("the cookie says who");
    page.projects().await.expect("the cookie says who");
}

async fn a_write_by_cookie_must_come_from_pupils_own_page(server: &Server) {
    let page = logged_in_page(server).await;
    refused(page.create_project("without an origin").await, ErrorCode::OriginRefused);
    // A browser repeats in `Host` what stands in its address bar.
    let write = |origin: &str, host: &str| {
        let request = page.request(Method::POST, "/projects").json(&json!({ "name": origin }));
        request.header(header::ORIGIN, origin).header(header::HOST, host)
    };
    let own = server.address();
    let host = own.strip_prefix("http://").expect("an address begins with its scheme");
    let by_name = host.replace("127.0.0.1", "localhost");
    let other_scheme = format!("https://{host}");
    let other_host = format!("{own}.evil.example");
    for origin in ["null", "", "https://evil.example", "http://127.0.0.1:1", &other_host, &other_scheme, host] {
        let response = send(write(origin, host)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{origin}");
        assert_eq!(problem_in(response).await.code, ErrorCode::OriginRefused);
    }
    for host in [host, &by_name] {
        assert_eq!(send(write(&format!("http://{host}"), host)).await.status(), StatusCode::CREATED, "{host}");
    }
    assert_eq!(page.projects().await.expect("the cookie says who").items.len(), 3);
}

fn new_name() -> String {
    format!("new-{}", Uuid::new_v4().simple())
}

/// A client with the cookie of a new user and nothing else.
async fn logged_in_page(server: &Server) -> Client {
    let page = server.client().with_cookies();
    page.sign_up(&new_name(), PASSWORD).await.expect("the name is new");
    page
}

fn from_own_page(page: &Client, method: Method, path: &str) -> reqwest::RequestBuilder {
    page.request(method, path).header(header::ORIGIN, page.address())
}
