//! Sending files. `fetch` can't tell how much of a body has left, so this goes through `XMLHttpRequest`.

use super::client::{self, ApiError, ApiResult};
use futures::channel::oneshot;
use serde::de::DeserializeOwned;
use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};
use wasm_bindgen::prelude::*;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

/// Of a request of which nothing was heard for so many milliseconds nothing will be.
const SILENCE_MS: f64 = 120_000.0;

type ProgressListener = Closure<dyn FnMut(ProgressEvent)>;

/// A request under way: awaiting it gives the answer, dropping it stops the request.
pub struct Sending<T> {
    xhr: Option<XmlHttpRequest>,
    answer: oneshot::Receiver<ApiResult<String>>,
    // The browser calls into these for as long as the request lives.
    _on_end: Closure<dyn FnMut()>,
    _on_progress: ProgressListener,
    _answer_type: PhantomData<fn() -> T>,
}

/// Starts a multipart POST of `files`, as parts named `file`, after the text parts `fields`.
pub(super) fn send<'a, T>(
    path: &str,
    files: &[web_sys::File],
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    on_progress: impl Fn(f64, f64) + 'static,
) -> Sending<T> {
    let (sender, answer) = oneshot::channel();
    let mut sender = Some(sender);
    let xhr = XmlHttpRequest::new().ok();
    let on_progress: ProgressListener = Closure::new({
        let (xhr, began) = (xhr.clone(), js_sys::Date::now());
        move |event: ProgressEvent| {
            if let Some(xhr) = &xhr {
                // It counts from the beginning of the request.
                xhr.set_timeout((js_sys::Date::now() - began + SILENCE_MS) as u32);
            }
            on_progress(event.loaded(), event.total());
        }
    });
    let xhr = xhr.filter(|xhr| open(xhr, path, files, fields, &on_progress).is_some());
    let on_end = Closure::new({
        let xhr = xhr.clone();
        move || {
            if let (Some(sender), Some(xhr)) = (sender.take(), &xhr) {
                // The receiver is gone only when nobody waits any more.
                let _ = sender.send(outcome(xhr));
            }
        }
    });
    if let Some(xhr) = &xhr {
        xhr.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
    }
    Sending { xhr, answer, _on_end: on_end, _on_progress: on_progress, _answer_type: PhantomData }
}

/// `None` when the browser refuses to make the request at all.
fn open<'a>(
    xhr: &XmlHttpRequest,
    path: &str,
    files: &[web_sys::File],
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    on_progress: &ProgressListener,
) -> Option<()> {
    let form = FormData::new().ok()?;
    for (name, value) in fields {
        form.append_with_str(name, value).ok()?;
    }
    for file in files {
        form.append_with_blob_and_filename("file", file, &file.name()).ok()?;
    }
    xhr.open("POST", &client::url(path)).ok()?;
    xhr.upload().ok()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    xhr.set_timeout(SILENCE_MS as u32);
    xhr.send_with_opt_form_data(Some(&form)).ok()
}

fn outcome(xhr: &XmlHttpRequest) -> ApiResult<String> {
    let status = xhr.status().unwrap_or(0);
    let body = xhr.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(ApiError::no_answer()),
        200..=299 => Ok(body),
        _ => Err(ApiError::from_body(status, &body)),
    }
}

impl<T: DeserializeOwned> Future for Sending<T> {
    type Output = ApiResult<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.xhr.is_none() {
            return Poll::Ready(Err(ApiError::Unreachable));
        }
        Pin::new(&mut self.answer).poll(context).map(|answer| {
            let body = answer.unwrap_or(Err(ApiError::Aborted))?;
            serde_json::from_str(&body).map_err(|_| ApiError::Unreadable(200))
        })
    }
}

impl<T> Drop for Sending<T> {
    fn drop(&mut self) {
        if let Some(xhr) = self.xhr.take() {
            xhr.set_onloadend(None);
            if let Ok(upload) = xhr.upload() {
                upload.set_onprogress(None);
            }
            // Harmless when the request is over.
            let _ = xhr.abort();
        }
    }
}
