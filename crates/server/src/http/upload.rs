//! `POST /projects/{id}/images`: many files in, one outcome each, one transaction.

use super::{
    caller::Writer,
    check_name,
    error::ApiError,
    multipart::{Part, Parts},
};
use crate::{
    app::App,
    ingest::{FILES_AT_ONCE, IngestError, Kept, LARGE_FILE_BYTES, per_file},
    metrics,
};
use actix_web::{
    HttpRequest, post,
    web::{Data, Json, Path, Payload},
};
use bytes::Bytes;
use dto::{
    ErrorCode, Problem, ProjectId,
    image::{Outcome, Source, Upload, UploadedFile},
};
use futures::{StreamExt, stream::FuturesOrdered};
use std::sync::Arc;
use store::{Added, NewImage, Room};

/// The parts of an upload, for the description of the API.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the multipart body")]
pub struct UploadForm {
    /// A picture; any number of them.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
    /// Name of the label to give all of them; made if new.
    label: Option<String>,
    /// How they came in.
    source: Option<Source>,
}

/// Upload images
///
/// Each file has its own outcome: one that can't be used doesn't harm the others. The same bytes twice are one image.
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)),
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = Upload),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "quota_reached"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large or too_many_files")))]
#[post("/projects/{id}/images")]
pub async fn upload(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    request: HttpRequest,
    payload: Payload,
) -> Result<Json<Upload>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let mut parts = Parts::new(&request, payload, &app, who.id())?;
    let room = Arc::new(app.store.room(who.id(), *project).await?);
    let form = receive(&app, &room, &mut parts).await?;

    let kept = form.files.iter().filter_map(|(_, file)| file.as_ref().ok());
    let pictures: Vec<NewImage> = kept.map(|kept| kept.image.clone()).collect();
    let added = app.store.add_images(who.id(), *project, form.label.as_deref(), form.source, &pictures).await?;
    metrics::stored(added.iter().filter(|added| !added.duplicate).count() as u64);
    if added.iter().any(|added| !added.image.embedded) {
        app.jobs.embed_soon(*project).await;
    }
    if form.label.is_some() {
        app.labels_changed(*project);
    }
    Ok(Json(Upload::new(outcomes(form.files, added))))
}

/// What an upload said, its pictures stored but without rows.
struct Form {
    files: Vec<Received>,
    label: Option<String>,
    source: Source,
}

async fn receive(app: &App, room: &Arc<Room>, parts: &mut Parts) -> Result<Form, ApiError> {
    let mut form = Form { files: Vec::new(), label: None, source: Source::default() };
    let mut pending = FuturesOrdered::new();
    while let Some(part) = parts.next().await? {
        match part {
            Part::File { name, content } => {
                let large = content.as_ref().is_ok_and(|bytes| bytes.len() >= LARGE_FILE_BYTES);
                // Spawned, so that it goes on while the next part is received.
                pending.push_back(tokio::spawn(keep(app.clone(), room.clone(), name, content)));
                while pending.len() >= FILES_AT_ONCE || (large && !pending.is_empty()) {
                    form.files.extend(joined(pending.next().await)?);
                }
            }
            Part::Field { name, value } if name == "label" => {
                let label = check_name(&value)
                    .map_err(|_| ApiError::field("label", "A label's name has 1 to 100 characters."))?;
                form.label = Some(label.to_owned());
            }
            Part::Field { name, value } if name == "source" => {
                form.source = Source::parse(&value)
                    .ok_or_else(|| ApiError::field("source", "The source is upload, webcam or import."))?;
            }
            Part::Field { name, .. } => {
                let detail = format!("There is no part `{name}`; an upload has `file`, `label` and `source`.");
                return Err(ApiError::new(ErrorCode::InvalidRequest, detail));
            }
        }
    }
    while let Some(result) = pending.next().await {
        form.files.extend(joined(Some(result))?);
    }
    if form.files.is_empty() {
        let detail = "There is no file in the request. Send pictures in parts called `file`.";
        return Err(ApiError::new(ErrorCode::InvalidRequest, detail));
    }
    Ok(form)
}

/// A file's name, and what became of it.
type Received = (String, Result<Kept, Problem>);

async fn keep(app: App, room: Arc<Room>, name: String, content: Result<Bytes, Problem>) -> Result<Received, ApiError> {
    let kept = match content {
        Err(problem) => Err(problem),
        Ok(bytes) => per_file(app.ingest.keep(name.clone(), bytes, &room).await)?,
    };
    if let Err(problem) = &kept {
        metrics::rejected(problem.code);
    }
    Ok((name, kept))
}

fn joined(
    result: Option<Result<Result<Received, ApiError>, tokio::task::JoinError>>,
) -> Result<Option<Received>, ApiError> {
    match result {
        None => Ok(None),
        Some(Ok(kept)) => kept.map(Some),
        Some(Err(_)) => Err(IngestError::Thread.into()),
    }
}

/// One outcome per file, in the order sent: `added` has one item for each that was a picture.
fn outcomes(files: Vec<Received>, added: Vec<Added>) -> Vec<UploadedFile> {
    let mut added = added.into_iter();
    let outcome = |(file_name, file): Received| match file {
        Err(problem) => UploadedFile {
            file_name,
            outcome: Outcome::Rejected,
            image: None,
            problem: Some(problem),
            kept_label_id: None,
            metadata_kept: false,
        },
        Ok(Kept { metadata_kept, .. }) => {
            let added = added.next();
            let duplicate = added.as_ref().is_some_and(|added| added.duplicate);
            UploadedFile {
                file_name,
                outcome: if duplicate { Outcome::Duplicate } else { Outcome::Stored },
                kept_label_id: added.as_ref().and_then(|added| added.kept_label_id),
                image: added.map(|added| added.image),
                problem: None,
                metadata_kept,
            }
        }
    };
    files.into_iter().map(outcome).collect()
}
