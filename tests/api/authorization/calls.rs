//! How to call every route of the API.

use super::things::Things;
use pupil_tests::{Client, files::form, pictures::Motif};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Read,
    Write,
    Predict,
    /// A log-in: no access token will do.
    LogIn,
}

use Needs::{LogIn, Nothing, Predict, Read, Write};

/// Every route of openapi.yaml, with what it asks for.
pub const ROUTES: &[(&str, Needs)] = &[
    ("GET /health", Nothing),
    ("GET /health/live", Nothing),
    ("POST /auth/signup", Nothing),
    ("POST /auth/login", Nothing),
    ("GET /me", Read),
    ("POST /me/password", LogIn),
    ("POST /me/delete", LogIn),
    ("GET /usage", LogIn),
    ("GET /sessions", LogIn),
    ("DELETE /sessions/{id}", LogIn),
    ("GET /tokens", LogIn),
    ("POST /tokens", LogIn),
    ("DELETE /tokens/{id}", LogIn),
    ("GET /projects", Read),
    ("POST /projects", Write),
    ("GET /projects/{id}", Read),
    ("PATCH /projects/{id}", Write),
    ("DELETE /projects/{id}", Write),
    ("GET /projects/{id}/labels", Read),
    ("POST /projects/{id}/labels", Write),
    ("PATCH /labels/{id}", Write),
    ("DELETE /labels/{id}", Write),
    ("GET /projects/{id}/images", Read),
    ("POST /projects/{id}/images", Write),
    ("POST /projects/{id}/images/label", Write),
    ("POST /projects/{id}/images/delete", Write),
    ("POST /projects/{id}/images/restore", Write),
    ("POST /projects/{id}/images/confirm", Write),
    ("GET /images/{id}", Read),
    ("PATCH /images/{id}", Write),
    ("DELETE /images/{id}", Write),
    ("GET /images/{id}/file", Read),
    ("GET /images/{id}/thumbnail", Read),
    ("GET /projects/{id}/suggestions", Read),
    ("POST /projects/{id}/suggestions/accept", Write),
    ("GET /projects/{id}/duplicates", Read),
    ("GET /projects/{id}/map", Read),
    ("POST /projects/{id}/train", Write),
    ("GET /projects/{id}/models", Read),
    ("GET /models/{id}", Read),
    ("PATCH /models/{id}", Write),
    ("DELETE /models/{id}", Write),
    ("POST /models/{id}/cancel", Write),
    ("GET /models/{id}/events", Read),
    ("GET /models/{id}/results", Read),
    ("GET /models/{id}/evaluation", Read),
    ("GET /models/{id}/label-errors", Read),
    ("GET /models/{id}/compare/{other}", Read),
    ("GET /models/{id}/card", Read),
    ("GET /models/{id}/images/{image_id}/heatmap", Read),
    ("POST /models/{id}/heatmap", Predict),
    ("POST /models/{id}/predict", Predict),
    ("POST /projects/{id}/predict", Predict),
    // Last, because nothing can be asked after it.
    ("POST /auth/logout", LogIn),
];

/// Nobody's password but that of whoever the walk itself signs up.
const PASSWORD: &str = "not the password of anybody";

/// A request that is ready to be sent by anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    method: Method,
    path: String,
    body: Body,
}

#[derive(Clone, Debug, PartialEq)]
enum Body {
    Empty,
    Json(Value),
    /// One part called `file`.
    Picture,
}

impl Call {
    /// The route at these things; what its query or body names is from those.
    pub fn new(route: &str, at: &Things, from: &Things) -> Self {
        let (method, template) = route.split_once(' ').expect("a method and a path");
        let path = format!("{}{}", fill_in(template, at), query(route, from));
        Self { method: method.parse().expect("a known method"), path, body: body(route, from) }
    }

    /// Whether the path names something.
    pub fn names_something(route: &str) -> bool {
        route.contains('{')
    }

    pub fn by(&self, client: &Client) -> RequestBuilder {
        let request = client.request(self.method.clone(), &self.path);
        match &self.body {
            Body::Empty => request,
            Body::Json(body) => request.json(body),
            Body::Picture => request.multipart(form(&Motif::Circles.files_from(900, 1))),
        }
    }
}

/// Puts a thing in the place of each parameter; the segment before says of what kind it is.
fn fill_in(template: &str, at: &Things) -> String {
    let mut kind = "";
    let mut filled = Vec::new();
    for part in template.split('/') {
        filled.push(if part.starts_with('{') { at.of_kind(kind).to_string() } else { part.to_owned() });
        kind = part;
    }
    filled.join("/")
}

fn query(route: &str, from: &Things) -> String {
    match route {
        "GET /projects/{id}/images"
        | "GET /projects/{id}/suggestions"
        | "GET /models/{id}/results"
        | "GET /models/{id}/images/{image_id}/heatmap"
        | "POST /models/{id}/heatmap" => format!("?label={}", from.label),
        _ => String::new(),
    }
}

fn body(route: &str, from: &Things) -> Body {
    let Things { project, label, images, model, .. } = from;
    match route {
        "POST /auth/signup" | "POST /auth/login" => {
            Body::Json(json!({ "username": "the-walker", "password": PASSWORD }))
        }
        "POST /me/password" => Body::Json(json!({ "current_password": PASSWORD, "new_password": PASSWORD })),
        "POST /me/delete" => Body::Json(json!({ "password": PASSWORD })),
        "POST /tokens" => Body::Json(json!({ "name": "walk", "scopes": ["read"], "project_id": project })),
        "POST /projects" | "POST /projects/{id}/labels" | "PATCH /models/{id}" => Body::Json(json!({ "name": "walk" })),
        "PATCH /labels/{id}" => Body::Json(json!({ "name": "walk", "position": 1 })),
        "PATCH /projects/{id}" => Body::Json(json!({ "name": "walk", "active_model_id": model })),
        "POST /projects/{id}/images/label" => Body::Json(json!({ "image_ids": images, "label_id": label })),
        "POST /projects/{id}/images/delete"
        | "POST /projects/{id}/images/restore"
        | "POST /projects/{id}/images/confirm" => Body::Json(json!({ "image_ids": images })),
        "PATCH /images/{id}" => Body::Json(json!({ "label_id": label })),
        "POST /projects/{id}/suggestions/accept" => {
            Body::Json(json!({ "model_id": model, "image_ids": images, "label_id": label }))
        }
        "POST /projects/{id}/train" => Body::Json(json!({ "mode": "instant" })),
        "POST /projects/{id}/images"
        | "POST /models/{id}/heatmap"
        | "POST /models/{id}/predict"
        | "POST /projects/{id}/predict" => Body::Picture,
        _ => Body::Empty,
    }
}
