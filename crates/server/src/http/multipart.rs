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

/// The parts of a body, in the order sent, and a place among those who may send one now.
pub struct Parts {
    reader: Reader,
    _place: Entry,
}

struct Reader {
    multipart: Multipart,
    files: usize,
    bytes: u64,
    limits: Limits,
}

/// What a body may hold.
#[derive(Clone, Copy)]
struct Limits {
    files: usize,
    file_bytes: u64,
    request_bytes: u64,
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
        let limits = Limits {
            files: settings.max_files,
            file_bytes: settings.max_file_bytes,
            request_bytes: settings.max_request_bytes,
        };
        let _place = gates.upload(user)?;
        let multipart = Multipart::new(request.headers(), payload.into_inner());
        Ok(Self { reader: Reader { multipart, files: 0, bytes: 0, limits }, _place })
    }

    /// The next part; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Part>, ApiError> {
        self.reader.next().await
    }
}

impl Reader {
    async fn next(&mut self) -> Result<Option<Part>, ApiError> {
        let Some(field) = self.multipart.try_next().await.map_err(malformed)? else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" { self.file(field).await.map(Some) } else { self.field(name, field).await.map(Some) }
    }

    async fn file(&mut self, mut field: Field) -> Result<Part, ApiError> {
        self.files += 1;
        if self.files > self.limits.files {
            let detail =
                format!("One request takes {} files at most. Send the rest in another one.", self.limits.files);
            return Err(Problem::new(ErrorCode::TooManyFiles, detail).with("limit", self.limits.files).into());
        }
        let sent = field.content_disposition().and_then(|disposition| disposition.get_filename().map(str::to_owned));
        let name = file_name(sent.as_deref().unwrap_or_default());
        let mut content = BytesMut::new();
        let mut size = 0;
        while let Some(chunk) = field.try_next().await.map_err(malformed)? {
            self.count(chunk.len())?;
            size += chunk.len() as u64;
            // Past the limit the rest is read and dropped, so that the files behind it are still taken.
            if size > self.limits.file_bytes {
                content = BytesMut::new();
            } else {
                content.extend_from_slice(&chunk);
            }
        }
        let content = if size > self.limits.file_bytes {
            Err(size_problem(self.limits.file_bytes))
        } else {
            Ok(content.freeze())
        };
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
        if self.bytes > self.limits.request_bytes { Err(request_too_large(self.limits.request_bytes)) } else { Ok(()) }
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

/// What must hold of any body: its files are within the limits and have names that are names.
#[cfg(any(test, fuzzing))]
pub fn multipart_of_any_bytes(bytes: &[u8]) {
    use actix_web::{
        error::PayloadError,
        http::header::{HeaderMap, HeaderValue},
    };
    const LIMITS: Limits = Limits { files: 4, file_bytes: 64, request_bytes: 1024 };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=b"));
    // In two pieces, cut where the bytes say: boundaries are cut through on the way, too.
    let cut = bytes.first().map_or(0, |&place| usize::from(place).min(bytes.len()));
    let pieces = [&bytes[..cut], &bytes[cut..]].map(|piece| Ok::<_, PayloadError>(Bytes::copy_from_slice(piece)));
    let multipart = Multipart::new(&headers, futures::stream::iter(pieces));
    let mut reader = Reader { multipart, files: 0, bytes: 0, limits: LIMITS };
    futures::executor::block_on(async {
        let mut files = 0;
        while let Ok(Some(part)) = reader.next().await {
            match part {
                Part::File { name, content } => {
                    files += 1;
                    assert!(!name.trim().is_empty() && name.chars().count() <= FILE_NAME_CHARS);
                    assert!(!name.contains(['/', '\\']) && !name.contains(char::is_control));
                    if let Ok(content) = content {
                        assert!(content.len() as u64 <= LIMITS.file_bytes);
                    }
                }
                Part::Field { value, .. } => assert!(value.len() <= FIELD_BYTES),
            }
        }
        assert!(files <= LIMITS.files);
    });
}

#[cfg(test)]
mod tests {
    use super::{file_name, multipart_of_any_bytes};
    use std::{fs, path::Path};

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

    #[test]
    fn what_the_fuzzer_begins_with_and_has_found_is_read_or_refused() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        let mut count = 0;
        for folder in ["seeds", "found"] {
            // Nothing may have been found.
            let Ok(files) = fs::read_dir(fuzz.join(folder).join("multipart")) else { continue };
            for file in files {
                multipart_of_any_bytes(
                    &fs::read(file.expect("a folder can be read").path()).expect("a file can be read"),
                );
                count += 1;
            }
        }
        assert!(count > 0, "there are no inputs");
    }
}
