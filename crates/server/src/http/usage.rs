//! `GET /usage`: what one has, of what one may have.

use super::{caller::Account, error::ApiError};
use crate::app::App;
use actix_web::{
    get,
    web::{Data, Json},
};
use dto::{Problem, usage::Usage};

/// What one has, of what one may have
#[utoipa::path(tag = "account", responses(
    (status = 200, body = Usage),
    (status = 401, body = Problem, content_type = "application/problem+json")))]
#[get("/usage")]
pub async fn show(app: Data<App>, who: Account) -> Result<Json<Usage>, ApiError> {
    Ok(Json(app.store.usage(who.id()).await?))
}
