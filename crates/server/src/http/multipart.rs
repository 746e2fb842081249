//! Reading `multipart/form-data`: files, within limits, and short text fields.

use super::{
    at_once::{Entry, Gates},
    error::ApiError,
    pace::{is_stalled, stalled},
};
use crate::{app::App, ingest::size_problem};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpRequest,
    http::header,
    web::{Data, Payload},
};
use bytes::{Bytes, BytesMut};
use dto::{ErrorCode, Problem, UserId, limits::FILE_NAME_CHARS};
use futures::TryStreamExt;

/// A text field holds a label's name or a word; more is a mistake.
const FIELD_BYTES: usize = 4096;
/// What a file is called that came without a name.
const NO_NAME: &str = "unnamed";

/// One part of the body.
pub enum Part {
    /// A part called `file`: its bytes, or why they were not taken (the rest of the body is still good).
    File { name: String, content: Result<Bytes, Problem> },
    /// Any other part.
    Field { name: String, value: String },
}

/// The parts of a body, in the order sent.
pub struct Parts {
    multipart: Multipart,
    files: usize,
    bytes: u64,
    max_files: usize,
    max_file_bytes: u64,
    max_request_bytes: u64,
    _place: Entry,
}

impl Parts {
    /// Refuses what is no multipart, and what announces that it is too large, before reading any of it.
    pub fn new(request: &HttpRequest, payload: Payload, app: &App, user: UserId) -> Result<Self, ApiError> {
        let settings = &app.settings;
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !header(header::CONTENT_TYPE).to_ascii_lowercase().starts_with("multipart/form-data") {
            let detail = "Send the files as multipart/form-data, in parts called `file`.";
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, detail));
        }
        let announced: u64 = header(header::CONTENT_LENGTH).parse().unwrap_or_default();
        if announced > settings.max_request_bytes {
            return Err(request_too_large(settings.max_request_bytes));
        }
        let gates = request.app_data::<Data<Gates>>().expect("every server is built with its gates");
        Ok(Self {
            _place: gates.upload(user)?,
            multipart: Multipart::new(request.headers(), payload.into_inner()),
            files: 0,
            bytes: 0,
            max_files: settings.max_files,
            max_file_bytes: settings.max_file_bytes,
            max_request_bytes: settings.max_request_bytes,
        })
    }

    /// The next part; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Part>, ApiError> {
        let Some(field) = self.multipart.try_next().await.map_err(malformed)? else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" { self.file(field).await.map(Some) } else { self.field(name, field).await.map(Some) }
    }

    async fn file(&mut self, mut field: Field) -> Result<Part, ApiError> {
        self.files += 1;
        if self.files > self.max_files {
            let detail = format!("One request takes {} files at most. Send the rest in another one.", self.max_files);
            return Err(Problem::new(ErrorCode::TooManyFiles, detail).with("limit", self.max_files).into());
        }
        let sent = field.content_disposition().and_then(|disposition| disposition.get_filename().map(str::to_owned));
        let name = file_name(sent.as_deref().unwrap_or_default());
        let mut content = BytesMut::new();
        let mut size = 0;
        while let Some(chunk) = field.try_next().await.map_err(malformed)? {
            self.count(chunk.len())?;
            size += chunk.len() as u64;
            // Past the limit the rest is read and dropped, so that the files behind it are still taken.
            if size > self.max_file_bytes {
                content = BytesMut::new();
            } else {
                content.extend_from_slice(&chunk);
            }
        }
        let content =
            if size > self.max_file_bytes { Err(size_problem(self.max_file_bytes)) } else { Ok(content.freeze()) };
        Ok(Part::File { name, content })
    }

    async fn field(&mut self, name: String, mut field: Field) -> Result<Part, ApiError> {
        let mut value = Vec::new();
        while let Some(chunk) = field.try_next().await.map_err(malformed)? {
            self.count(chunk.len())?;
            value.extend_from_slice(&chunk);
            if value.len() > FIELD_BYTES {
                return Err(ApiError::new(ErrorCode::InvalidRequest, format!("The part `{name}` is too long.")));
            }
        }
        let value = String::from_utf8(value)
            .map_err(|_| ApiError::new(ErrorCode::InvalidRequest, format!("The part `{name}` is not UTF-8 text.")))?;
        Ok(Part::Field { name, value })
    }

    fn count(&mut self, bytes: usize) -> Result<(), ApiError> {
        self.bytes += bytes as u64;
        if self.bytes > self.max_request_bytes { Err(request_too_large(self.max_request_bytes)) } else { Ok(()) }
    }
}

fn request_too_large(limit: u64) -> ApiError {
    let detail = format!("One request takes {} MiB at most. Send fewer files at a time.", limit >> 20);
    Problem::new(ErrorCode::TooLarge, detail).with("limit", limit).into()
}

fn malformed(error: MultipartError) -> ApiError {
    if let MultipartError::Payload(error) = &error
        && is_stalled(error)
    {
        return stalled();
    }
    ApiError::new(ErrorCode::InvalidRequest, format!("The multipart body can't be read: {error}."))
}

/// The name to keep: the last path component (browsers may send folders), without control characters, not too long.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS).collect();
    if name.trim().is_empty() { NO_NAME.into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_keep_their_letters_and_lose_their_folders() {
        assert_eq!(file_name("ünïcödé 名前 🐱.jpg"), "ünïcödé 名前 🐱.jpg");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\pictures\\a.png"), "a.png");
        assert_eq!(file_name("a\nb\0.jpg"), "ab.jpg");
        assert_eq!(file_name(&"x".repeat(400)).len(), 255);
        for nameless in ["", "  ", "folder/", "\u{7}"] {
            assert_eq!(file_name(nameless), "unnamed");
        }
    }
}
