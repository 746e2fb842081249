//! Requests and answers: JSON there, JSON or a problem document back.

use crate::i18n;
use dto::{ErrorCode, Page, Problem, problem};
use gloo_net::http::{Method, Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::RefCell, fmt};
use web_sys::AbortSignal;

/// What is not answered within so many milliseconds was swallowed somewhere on the way.
const LIMIT_MS: u32 = 60_000;

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// The server answered with a problem document.
    Problem(Box<Problem>),
    /// No answer came: the server or the network is gone.
    Unreachable,
    /// An answer came that is not the documented one, with this HTTP status.
    Unreadable(u16),
    /// The page itself stopped the request.
    Aborted,
}

pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// The stable code, where the server gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// The request's field at fault, where there is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => problem.field(),
            _ => None,
        }
    }

    /// Whether there is no log-in, or it has ended. (A wrong password is a 401 too, but ends nothing.)
    pub fn is_logged_out(&self) -> bool {
        self.code().is_some_and(|code| code.status() == 401 && code != ErrorCode::WrongCredentials)
    }

    /// Whether the same request may succeed later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.code == ErrorCode::Unavailable,
            Self::Unreachable => true,
            Self::Unreadable(status) => *status == 429 || *status >= 500,
            Self::Aborted => false,
        }
    }

    /// Takes note that no answer came.
    pub(super) fn no_answer() -> Self {
        ON_UNREACHABLE.with_borrow(|callback| callback.as_ref().map(|callback| callback()));
        Self::Unreachable
    }

    /// Reads the body of an answer that was no success.
    pub(super) fn from_body(status: u16, body: &str) -> Self {
        let error = match serde_json::from_str::<Problem>(body) {
            Ok(problem) => Self::Problem(Box::new(problem)),
            // A proxy's own page stands for a server that is not there.
            Err(_) if matches!(status, 502..=504) => Self::no_answer(),
            Err(_) => Self::Unreadable(status),
        };
        if error.is_logged_out() {
            ON_LOGGED_OUT.with_borrow(|callback| callback.as_ref().map(|callback| callback()));
        }
        error
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(_) if self.is_logged_out() => f.write_str(i18n::login_ended()),
            Self::Problem(problem) => problem.fmt(f),
            Self::Unreachable => f.write_str(i18n::server_gone()),
            Self::Unreadable(status) => f.write_str(&i18n::unreadable_answer(*status)),
            Self::Aborted => f.write_str(i18n::stopped()),
        }
    }
}

thread_local! {
    static ON_LOGGED_OUT: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
    static ON_UNREACHABLE: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Calls `callback` whenever a request gets no answer.
pub fn on_unreachable(callback: impl Fn() + 'static) {
    ON_UNREACHABLE.set(Some(Box::new(callback)));
}

/// Calls `callback` whenever any answer says that there is no log-in (any more).
pub fn on_logged_out(callback: impl Fn() + 'static) {
    ON_LOGGED_OUT.set(Some(Box::new(callback)));
}

/// The address of a path of the API.
pub fn url(path: &str) -> String {
    format!("/api{path}")
}

/// Reads something.
pub async fn get<T: DeserializeOwned>(path: &str) -> ApiResult<T> {
    read(send(request(Method::GET, path).build()).await?).await
}

/// Reads one page of a list, with `query` as its query string.
pub async fn get_page<T: DeserializeOwned>(path: &str, query: &impl Serialize) -> ApiResult<Page<T>> {
    get_with(path, query).await
}

/// Reads something, with `query` as its query string.
pub async fn get_with<T: DeserializeOwned>(path: &str, query: &impl Serialize) -> ApiResult<T> {
    let pairs = pairs(query);
    let request = request(Method::GET, path).query(pairs.iter().map(|(name, value)| (name.as_str(), value)));
    read(send(request.build()).await?).await
}

/// Reads a list to its end. For lists that are short by nature.
pub async fn get_all<T: DeserializeOwned>(path: &str) -> ApiResult<Vec<T>> {
    let mut items = Vec::new();
    let mut query = PageQuery { limit: Some(dto::limits::PAGE_MAX), cursor: None };
    loop {
        let page: Page<T> = get_page(path, &query).await?;
        items.extend(page.items);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return Ok(items),
        }
    }
}

/// Reads something as the text that the server sends.
pub async fn get_text(path: &str) -> ApiResult<String> {
    let response = expect_success(send(request(Method::GET, path).build()).await?).await?;
    response.text().await.map_err(|_| ApiError::no_answer())
}

/// Sends one file as multipart, and reads the bytes of the answer.
pub(super) async fn send_file(path: &str, file: &web_sys::File) -> ApiResult<Vec<u8>> {
    let form = web_sys::FormData::new().map_err(|_| ApiError::Unreadable(0))?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| ApiError::Unreadable(0))?;
    let response = expect_success(send(request(Method::POST, path).body(form)).await?).await?;
    response.binary().await.map_err(|_| ApiError::no_answer())
}

/// Sends a JSON body and reads the answer.
pub async fn send_json<T: DeserializeOwned>(method: Method, path: &str, body: &impl Serialize) -> ApiResult<T> {
    read(send(request(method, path).json(body)).await?).await
}

/// Sends a JSON body, whose answer has none that matters.
pub async fn send_json_for_nothing(method: Method, path: &str, body: &impl Serialize) -> ApiResult<()> {
    expect_success(send(request(method, path).json(body)).await?).await.map(drop)
}

/// Sends a request without a body, whose answer has none that matters.
pub async fn send_bare(method: Method, path: &str) -> ApiResult<()> {
    expect_success(send(request(method, path).build()).await?).await.map(drop)
}

/// Where a list goes on, and how much of it to read.
#[derive(Default, Serialize)]
pub(super) struct PageQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

fn request(method: Method, path: &str) -> RequestBuilder {
    RequestBuilder::new(&url(path))
        .method(method)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(LIMIT_MS)))
        .header("Accept", &format!("application/json, {}", problem::CONTENT_TYPE))
}

async fn send(request: Result<Request, gloo_net::Error>) -> ApiResult<Response> {
    let request = request.map_err(|_| ApiError::Unreadable(0))?;
    request.send().await.map_err(|_| ApiError::no_answer())
}

async fn expect_success(response: Response) -> ApiResult<Response> {
    if response.ok() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(ApiError::from_body(response.status(), &body))
}

async fn read<T: DeserializeOwned>(response: Response) -> ApiResult<T> {
    let response = expect_success(response).await?;
    let body = response.text().await.map_err(|_| ApiError::no_answer())?;
    serde_json::from_str(&body).map_err(|_| ApiError::Unreadable(response.status()))
}

/// The fields of a flat struct, as a query string has them.
fn pairs(query: &impl Serialize) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(query) else { return Vec::new() };
    let text = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::image::ImageQuery;

    #[test]
    fn a_query_has_what_is_given_only() {
        assert_eq!(pairs(&ImageQuery::default()), []);
        let query = ImageQuery { unlabelled: Some(true), cursor: Some("a b".into()), ..Default::default() };
        let expected = [("cursor", "a b"), ("unlabelled", "true")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(pairs(&query), expected);
    }

    #[test]
    fn a_wrong_password_ends_no_session() {
        let problem = |code| ApiError::Problem(Box::new(Problem::new(code, "")));
        assert!(problem(ErrorCode::TokenExpired).is_logged_out());
        assert!(!problem(ErrorCode::WrongCredentials).is_logged_out());
        assert!(!ApiError::Unreachable.is_logged_out());
    }

    #[test]
    fn a_gateway_without_a_server_is_no_server() {
        assert_eq!(ApiError::from_body(502, "<html>"), ApiError::Unreachable);
        assert_eq!(ApiError::from_body(418, "<html>"), ApiError::Unreadable(418));
    }
}
