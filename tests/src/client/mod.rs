//! A typed client of the REST API: what it sends and gets are the types of `dto`.
//!
//! Every method checks what the API promises of all answers: the success status that goes with the request, and a
//! complete problem document for everything else.

mod access;
mod account;
pub mod auth;
mod images;
mod insight;
mod models;
mod projects;

use dto::{ErrorCode, Problem, problem};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde::de::DeserializeOwned;

/// What was asked for, or why not.
pub type Answer<T> = Result<T, Problem>;

/// Talks to one server, for nobody or for the owner of a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
}

impl Client {
    /// A client of the server at `address` (`http://host:port`), without a token.
    pub fn new(address: &str) -> Self {
        Self { http: reqwest::Client::new(), address: address.into(), token: None }
    }

    /// The same, with a token for each request.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// A browser's way to log in: no token, but a jar of its own for cookies.
    pub fn with_cookies(&self) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).build().expect("nothing is asked of the system");
        Self { http, address: self.address.clone(), token: None }
    }

    /// The server's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A request to the API, for tests of the protocol itself. `path` begins after `/api`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api{path}", self.address));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A request for something outside the API.
    pub fn page(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.address))
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    fn patch(&self, path: &str) -> RequestBuilder {
        self.request(Method::PATCH, path)
    }

    fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }
}

/// Sends a request that is known to reach the server.
pub async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap_or_else(|e| panic!("the server did not answer: {e:?}"))
}

/// Sends a request that answers `success` with a JSON body, or a problem.
pub async fn ask<T: DeserializeOwned>(request: RequestBuilder, success: StatusCode) -> Answer<T> {
    let response = send(request).await;
    if !response.status().is_success() {
        return Err(problem_in(response).await);
    }
    assert_eq!(response.status(), success, "the status of a success is part of the API: {}", response.url());
    let (url, body) = (response.url().clone(), text(response).await);
    Ok(serde_json::from_str(&body).unwrap_or_else(|e| panic!("{url} answered something else: {e}\n{body}")))
}

/// Sends a request that answers 204 and nothing else, or a problem.
pub async fn ask_nothing(request: RequestBuilder) -> Answer<()> {
    let response = send(request).await;
    if !response.status().is_success() {
        return Err(problem_in(response).await);
    }
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(text(response).await, "");
    Ok(())
}

/// Reads an error answer, and checks that it is a problem document with everything in it that there must be.
pub async fn problem_in(response: Response) -> Problem {
    let (status, url) = (response.status(), response.url().clone());
    let content_type = response.headers().get(header::CONTENT_TYPE).cloned();
    let body = text(response).await;
    let content_type = content_type.and_then(|value| Some(value.to_str().ok()?.to_owned())).unwrap_or_default();
    assert!(content_type.starts_with(problem::CONTENT_TYPE), "{url} answered {status} as {content_type:?}: {body}");
    let problem: Problem =
        serde_json::from_str(&body).unwrap_or_else(|e| panic!("{url} answered no problem document: {e}\n{body}"));
    check(&problem);
    assert_eq!(problem.status, status.as_u16(), "{problem:?}");
    assert!(problem.request_id.as_ref().is_some_and(|id| !id.is_empty()), "{problem:?}");
    problem
}

/// The problem that a request was refused with.
///
/// # Panics
/// When it was not refused, or for another reason than `code`.
#[track_caller]
pub fn refused<T>(answer: Answer<T>, code: ErrorCode) -> Problem {
    let Err(problem) = answer else { panic!("{} was expected, but the request succeeded", code.as_str()) };
    assert_eq!(problem.code, code, "{problem:?}");
    problem
}

/// What holds for every problem, also for one inside another answer.
#[track_caller]
pub fn check(problem: &Problem) {
    assert_ne!(problem.code, ErrorCode::Unknown, "{problem:?}");
    assert_eq!(problem.kind, format!("urn:pupil:{}", problem.code.as_str()));
    assert_eq!(problem.title, problem.code.title());
    assert_eq!(problem.status, problem.code.status(), "{problem:?}");
    assert!(!problem.detail.is_empty(), "{problem:?}");
}

async fn text(response: Response) -> String {
    response.text().await.unwrap_or_else(|e| panic!("the answer broke off: {e}"))
}
