//! Extractors: what a handler asks of whoever calls it, said in its signature.
//!
//! A handler that takes a [`Reader`], [`Writer`] or [`Asker`] is open to a log-in, and to an access token that has the
//! scope; one that takes an [`Account`] to a log-in alone. What an access token of one project may reach is decided here
//! too, once for all routes: everything that a path names has to be of that project.

use super::{error::ApiError, identity::Identity};
use crate::app::App;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use dto::{ErrorCode, Problem, ProjectId, UserId, access::Scope, auth::User};
use futures::future::{FutureExt, LocalBoxFuture};
use std::marker::PhantomData;
use store::Access;
use uuid::Uuid;

/// What a handler needs its caller to be allowed.
pub trait Need {
    /// The scope that an access token must have; `None` where none will do.
    const SCOPE: Option<Scope>;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $caller:ident, $need:ident = $scope:expr;)*) => {$(
        pub struct $need;
        impl Need for $need {
            const SCOPE: Option<Scope> = $scope;
        }
        $(#[$doc])*
        pub type $caller = Caller<$need>;
    )*};
}

needs! {
    /// Sees things.
    Reader, Read = Some(Scope::Read);
    /// Changes things.
    Writer, Write = Some(Scope::Write);
    /// Asks models about pictures of their own.
    Asker, Predict = Some(Scope::Predict);
    /// A person at their own account: nobody's script.
    Account, LogIn = None;
}

/// Whoever calls, allowed to.
pub struct Caller<N> {
    pub user: User,
    /// The identifier of the token that came with the request.
    pub token_id: Uuid,
    /// The only project that there is for this caller; `None` for all of the user's. What the path names has been checked
    /// against it already.
    pub project: Option<ProjectId>,
    need: PhantomData<N>,
}

impl<N> Caller<N> {
    pub fn id(&self) -> UserId {
        self.user.id
    }
}

impl<N: Need> FromRequest for Caller<N> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let Identity { user, token_id, access } = Identity::of(&request).await?;
            let project = allowed(&access, N::SCOPE)?;
            if let Some(project) = project {
                stay_within(project, &request, user.id).await?;
            }
            Ok(Self { user, token_id, project, need: PhantomData })
        }
        .boxed_local()
    }
}

/// Whether the scope is among those of the token; if so, the project that it is limited to.
fn allowed(access: &Access, needed: Option<Scope>) -> Result<Option<ProjectId>, ApiError> {
    match (access, needed) {
        (Access::Session, _) => Ok(None),
        (Access::Script { scopes, project }, Some(scope)) if scopes.contains(&scope) => Ok(*project),
        (Access::Script { .. }, Some(scope)) => {
            let scope = scope.as_str();
            let detail =
                format!("This access token may not do that: it needs the scope “{scope}”. Make one that has it.");
            Err(Problem::new(ErrorCode::ScopeMissing, detail).with("scope", scope).into())
        }
        (Access::Script { .. }, None) => {
            let detail = "No access token may do that. Log in with user name and password.";
            Err(ApiError::new(ErrorCode::ScopeMissing, detail))
        }
    }
}

/// Checks that everything that the path names is of the project: what is not, is not there.
async fn stay_within(project: ProjectId, request: &HttpRequest, owner: UserId) -> Result<(), ApiError> {
    let app = request.app_data::<Data<App>>().expect("every server is built with its app");
    let nothing = || ApiError::new(ErrorCode::NotFound, "There is nothing under this identifier.");
    let pattern = request.match_pattern().ok_or_else(nothing)?;
    let named = named_in(&pattern, request.path());
    // A change that is to nothing in particular would be to the account.
    if named.is_empty() && !request.method().is_safe() {
        let detail = "This access token is for one project only, and can't make others.";
        return Err(ApiError::new(ErrorCode::ScopeMissing, detail));
    }
    for (kind, id) in named {
        let id: Uuid = id.parse().map_err(|_| nothing())?;
        let of = match kind {
            "projects" => ProjectId(id),
            "labels" => app.store.project_of_label(owner, dto::LabelId(id)).await?,
            "images" => app.store.project_of_image(owner, dto::ImageId(id)).await?,
            "models" | "compare" => app.store.project_of_model(owner, dto::ModelId(id)).await?,
            // A kind that is not known here belongs to no project.
            _ => return Err(nothing()),
        };
        if of != project {
            return Err(ApiError::not_found(kind.trim_end_matches('s')));
        }
    }
    Ok(())
}

/// The identifiers in a path, each with the segment before it, which says of what kind it is.
fn named_in<'a>(pattern: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut kind = "";
    let mut named = Vec::new();
    for (segment, value) in pattern.split('/').zip(path.split('/')) {
        if segment.starts_with('{') {
            named.push((kind, value));
        }
        kind = segment;
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_of_a_path_is_found_with_its_kind() {
        let found = named_in("/api/models/{id}/images/{image_id}/heatmap", "/api/models/1/images/2/heatmap");
        assert_eq!(found, [("models", "1"), ("images", "2")]);
        assert_eq!(named_in("/api/models/{id}/compare/{other}", "/api/models/1/compare/2")[1], ("compare", "2"));
        assert_eq!(named_in("/api/projects", "/api/projects"), []);
    }

    #[test]
    fn scopes_do_not_include_one_another() {
        let script = |scopes: &[Scope]| Access::Script { scopes: scopes.to_vec(), project: None };
        for needed in Scope::ALL {
            for scope in Scope::ALL {
                assert_eq!(allowed(&script(&[scope]), Some(needed)).is_ok(), scope == needed);
            }
            assert!(allowed(&Access::Session, Some(needed)).is_ok());
        }
        assert!(allowed(&script(&Scope::ALL), None).is_err());
        assert!(allowed(&Access::Session, None).is_ok());
    }
}
