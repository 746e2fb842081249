//! Extractor: a JSON body whose faults are told only once it is known that the caller may write here at all.

use super::error::ApiError;
use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web::Json};
use futures::future::{FutureExt, LocalBoxFuture};
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// A JSON body, read but not yet judged. Check first whose the thing is, then [`read`](Self::read).
pub struct Body<T>(Result<Json<T>, Error>);

impl<T> Body<T> {
    /// The body, or why it can't be used.
    pub fn read(self) -> Result<T, ApiError> {
        self.0.map(Json::into_inner).map_err(|error| match error.as_error::<ApiError>() {
            Some(error) => (*error.problem).clone().into(),
            None => super::server::unreadable_json(&error),
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Infallible;
    type Future = LocalBoxFuture<'static, Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Json::from_request(request, payload).map(|json| Ok(Self(json))).boxed_local()
    }
}
