//! The description of the REST API, made from the handlers' own attributes.

use super::server::routes;
use actix_web::App;
use std::collections::HashMap;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, PathItem, Ref, Response, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pupil",
        description = "Teach a computer to tell pictures apart: upload images, label them, train, predict. \
            Errors are RFC 9457 problem details with a stable `code`; lists are paged by cursor; times are RFC 3339. \
            An access token needs the scope `read` for every GET, `predict` for asking models about new pictures, and \
            `write` for the rest; one's log-ins, access tokens, password and account take a log-in.",
    ),
    security(("bearer" = []), ("cookie" = [])),
    modifiers(&Security),
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description(super::identity::COOKIE, "Writes need Pupil's own Origin too.");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The description as it is committed in `openapi.yaml` and served at `/openapi.yaml`.
pub fn yaml() -> Result<String, impl std::error::Error + Send + Sync + 'static> {
    description().to_yaml()
}

/// The methods that each path takes, as the header `Allow` lists them.
pub fn methods() -> HashMap<String, String> {
    let methods = |item: PathItem| {
        let all = [
            ("GET", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
        ];
        all.into_iter().filter_map(|(name, there)| there.then_some(name)).collect::<Vec<_>>().join(", ")
    };
    description().paths.paths.into_iter().map(|(path, item)| (path, methods(item))).collect()
}

fn description() -> utoipa::openapi::OpenApi {
    let mut api = App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes).split_for_parts().1;
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".into(), any_problem().into());
        }
    }
    api
}

/// What every operation may answer, beside what it says itself: not logged in, not found, too large, busy…
fn any_problem() -> Response {
    ResponseBuilder::new()
        .description("Any other problem; `code` says which")
        .content(
            dto::problem::CONTENT_TYPE,
            ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
        )
        .build()
}
