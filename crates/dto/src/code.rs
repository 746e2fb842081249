//! The catalogue of error codes: the one place that gives each its HTTP status and title.

use serde::{Deserialize, Serialize};

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// A stable name for what went wrong. Programs may rely on it; the sentences beside it may change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code of a newer server that this client does not know.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code that a server of this version sends.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it stands in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// A short sentence that is the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* Self::Unknown => "Unknown error" }
            }
        }
    };
}

catalogue! {
    /// The body is not JSON, or not of the documented shape.
    InvalidJson = "invalid_json", 400, "The request's JSON can't be used";
    /// A path, query or multipart part is not as documented.
    InvalidRequest = "invalid_request", 400, "The request can't be understood";
    /// A field breaks a rule; `field` names it.
    InvalidField = "invalid_field", 422, "A field's value can't be used";
    /// No token came with a request that needs one.
    Unauthenticated = "unauthenticated", 401, "Log in first";
    /// The token is not one of ours, or was altered.
    TokenInvalid = "token_invalid", 401, "The token is not valid";
    /// The token's time has run out.
    TokenExpired = "token_expired", 401, "The token has expired";
    /// The token was ended: by a log-out, by its user, or with the account.
    TokenRevoked = "token_revoked", 401, "The token has been ended";
    /// Unknown user or wrong password: deliberately the same answer.
    WrongCredentials = "wrong_credentials", 401, "User name or password is wrong";
    /// The password that confirms a change of the account is not the user's.
    WrongPassword = "wrong_password", 403, "The password is wrong";
    /// The access token has not the scope that this takes; `scope` names it.
    ScopeMissing = "scope_missing", 403, "The access token may not do this";
    /// Nobody can sign up by themselves on this server.
    SignupClosed = "signup_closed", 403, "Sign-up is closed";
    /// Signing up takes a code, and this is not it.
    SignupCodeWrong = "signup_code_wrong", 403, "The sign-up code is wrong";
    /// A write by cookie that did not come from Pupil's own page.
    OriginRefused = "origin_refused", 403, "The request came from another site";
    /// There is no such thing, or it is another user's.
    NotFound = "not_found", 404, "Not found";
    /// The path exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The rest of the request did not arrive in time.
    RequestTimeout = "request_timeout", 408, "The request stopped half-way";
    /// The user name belongs to someone else.
    UsernameTaken = "username_taken", 409, "The user name is taken";
    /// The project has a label of that name already.
    LabelExists = "label_exists", 409, "The label exists already";
    /// Too few labels or images; `missing` says what.
    NotEnoughImages = "not_enough_images", 409, "There is too little to learn from";
    /// The backbone that was asked for has no weights on this server.
    WeightsMissing = "weights_missing", 409, "The backbone's weights are missing";
    /// The project has no model that is ready.
    NoModel = "no_model", 409, "There is no trained model yet";
    /// The suggestions come from another model by now.
    SuggestionsChanged = "suggestions_changed", 409, "The suggestions have changed";
    /// The model is still being trained, or its training did not succeed.
    ModelNotReady = "model_not_ready", 409, "The model is not ready";
    /// The model is ready, failed or cancelled: there is nothing to cancel.
    NotRunning = "not_running", 409, "The training is over";
    /// A user has as many images, bytes, projects or labels as allowed; `limit` says how many that is.
    QuotaReached = "quota_reached", 409, "There is no room for more";
    /// A body, or one file in it, is larger than allowed; `limit` says how much is.
    TooLarge = "too_large", 413, "Too large";
    /// More files in one request than allowed; `limit` says how many are.
    TooManyFiles = "too_many_files", 413, "Too many files in one request";
    /// The body's `Content-Type` is not the documented one.
    UnsupportedMediaType = "unsupported_media_type", 415, "The content type is not supported";
    /// Something was tried too often; `retry_after` says how many seconds to wait, as the header `Retry-After` does.
    TooManyRequests = "too_many_requests", 429, "Too many attempts";
    /// A file of zero bytes.
    FileEmpty = "file_empty", 422, "The file is empty";
    /// The bytes are no picture that Pupil knows.
    NotAnImage = "not_an_image", 422, "Not a picture";
    /// A picture in a format that Pupil does not read.
    UnsupportedFormat = "unsupported_format", 422, "The picture's format is not supported";
    /// A picture that is cut short or damaged.
    ImageDamaged = "image_damaged", 422, "The picture is damaged";
    /// A picture with more pixels than allowed.
    TooManyPixels = "too_many_pixels", 422, "The picture has too many pixels";
    /// A user has as many uploads, streams or runs under way as allowed; `limit` says how many that is.
    TooManyAtOnce = "too_many_at_once", 429, "Too many at once";
    /// A training run that went wrong; the detail says how.
    TrainingFailed = "training_failed", 500, "Training did not succeed";
    /// A model's file is missing or is not as it was written; other models are not affected.
    ModelDamaged = "model_damaged", 500, "The model's file is damaged";
    /// Something broke inside; the log has the details under `request_id`.
    Internal = "internal", 500, "Something went wrong on the server";
    /// The database, the store or the engine can't answer now.
    Unavailable = "unavailable", 503, "Not available right now";
    /// More requests at once than the server takes; `Retry-After` says when to come again.
    Busy = "busy", 503, "Too busy right now";
    /// The disk is full.
    StorageFull = "storage_full", 507, "The server's disk is full";
}

/// By hand, because the derived schema does not see names that a macro gives.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ErrorCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A stable name for what went wrong. Newer servers may send others."))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ErrorCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for (i, code) in ErrorCode::ALL.iter().enumerate() {
            let json = serde_json::to_string(code).expect("an enum of strings");
            assert_eq!(json, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).expect("what was just written"), *code);
            assert!(!ErrorCode::ALL[..i].iter().any(|other| other.as_str() == code.as_str()));
            assert!((400..600).contains(&code.status()));
        }
    }

    #[test]
    fn an_unknown_code_is_read_too() {
        let code: ErrorCode = serde_json::from_str("\"from_the_future\"").expect("any string");
        assert_eq!(code, ErrorCode::Unknown);
    }
}
