//! `/projects/{id}/suggestions`: labels for images that have none, never written without being asked.

use super::{
    body::Body,
    caller::{Reader, Writer},
    error::ApiError,
    images_bulk::check_count,
    page_limit,
};
use crate::{
    app::App,
    suggestions::{Suggested, rank},
};
use actix_web::{
    get, post,
    web::{Data, Json, Path, Query},
};
use dto::{
    ErrorCode, ImageId, LabelId, Problem, ProjectId,
    suggestion::{AcceptSuggestions, Accepted, AcceptedSuggestions, SuggestionQuery, Suggestions},
};
use std::collections::{BTreeMap, HashSet};
use store::page_of;

/// Suggested labels for unlabelled images
///
/// From the newest instant model that is ready, a draft included.
#[utoipa::path(tag = "suggestions", params(("id" = ProjectId, Path), SuggestionQuery), responses(
    (status = 200, body = Suggestions),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "no_model")))]
#[get("/projects/{id}/suggestions")]
pub async fn list(
    app: Data<App>,
    who: Reader,
    project: Path<ProjectId>,
    query: Query<SuggestionQuery>,
) -> Result<Json<Suggestions>, ApiError> {
    let limit = page_limit(query.limit)?;
    check_share(query.at_least)?;
    let order = query.order.unwrap_or_default();
    let mut suggested = Suggested::of_project(&app, who.id(), *project).await?;
    suggested.retain(query.label, query.at_least);
    suggested.sort(order);
    let page = page_of(&suggested.items, query.cursor.as_deref(), limit, |item| rank(item, order))?;
    Ok(Json(Suggestions {
        model_id: suggested.model,
        total: suggested.items.len() as u64,
        pending: suggested.pending,
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Accept suggestions
///
/// Writes the suggested labels: one, some, or all above a probability. Images labelled meanwhile stay as they are.
#[utoipa::path(tag = "suggestions", params(("id" = ProjectId, Path)), request_body = AcceptSuggestions, responses(
    (status = 200, body = AcceptedSuggestions),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "suggestions_changed: another model has been trained since; or no_model"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field")))]
#[post("/projects/{id}/suggestions/accept")]
pub async fn accept(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<AcceptSuggestions>,
) -> Result<Json<AcceptedSuggestions>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let asked = body.read()?;
    check(&asked)?;
    let mut suggested = Suggested::of_project(&app, who.id(), *project).await?;
    if suggested.model != asked.model_id {
        let detail = "A newer model suggests labels by now. Look at its suggestions, and accept those.";
        return Err(Problem::new(ErrorCode::SuggestionsChanged, detail)
            .with("model_id", suggested.model.to_string())
            .into());
    }
    suggested.retain(asked.label_id, asked.at_least);
    let chosen: Option<HashSet<ImageId>> = asked.image_ids.map(|ids| ids.into_iter().collect());
    let mut by_label: BTreeMap<LabelId, Vec<ImageId>> = BTreeMap::new();
    for item in suggested.items {
        if chosen.as_ref().is_none_or(|chosen| chosen.contains(&item.image_id)) {
            by_label.entry(item.label_id).or_default().push(item.image_id);
        }
    }
    let by_label: Vec<_> = by_label.into_iter().collect();
    let accepted = app.store.accept_labels(who.id(), *project, &by_label).await?;
    app.labels_changed(*project);
    let labels: Vec<Accepted> = accepted
        .into_iter()
        .filter(|(_, image_ids)| !image_ids.is_empty())
        .map(|(label_id, image_ids)| Accepted { label_id, image_ids })
        .collect();
    let changed = labels.iter().map(|label| label.image_ids.len() as u64).sum();
    Ok(Json(AcceptedSuggestions { changed, labels }))
}

fn check(asked: &AcceptSuggestions) -> Result<(), ApiError> {
    check_share(asked.at_least)?;
    if let Some(ids) = &asked.image_ids {
        check_count(ids)?;
    }
    // Whatever was left out by mistake must not label everything.
    if asked.image_ids.is_none() && asked.at_least.is_none() && asked.label_id.is_none() {
        let detail = "Say which suggestions to accept: by `image_ids`, `at_least` or `label_id`.";
        return Err(ApiError::field("image_ids", detail));
    }
    Ok(())
}

fn check_share(share: Option<f64>) -> Result<(), ApiError> {
    match share {
        Some(share) if !(0.0..=1.0).contains(&share) => {
            Err(ApiError::field("at_least", "A probability is between 0 and 1; 0.9 means 90 %."))
        }
        _ => Ok(()),
    }
}
