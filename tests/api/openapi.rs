//! `GET /openapi.yaml`: the description of the API is the API's.

use pupil_tests::{Database, Home, Person, Server, client::send, program, workspace};
use reqwest::{Method, StatusCode};
use std::{collections::BTreeSet, fs};
use uuid::Uuid;
use yaml_serde::Value;

both_databases![
    the_description_served_is_the_one_committed,
    every_documented_path_answers,
    every_route_that_the_client_uses_is_documented,
];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn the_description_served_is_the_one_committed(server: &Server) {
    let response = send(server.client().page("/openapi.yaml")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let served = response.text().await.expect("text");
    assert!(served == committed(), "openapi.yaml is not what the code says: `pupil openapi > openapi.yaml`");
}

async fn every_documented_path_answers(server: &Server) {
    let ann = Person::new(server).await;
    let mut routes = documented();
    // Last, because nothing can be asked after it.
    routes.sort_by_key(|(_, path)| path.ends_with("/logout"));
    for (method, path) in routes {
        let unknown = fill_in(&path, || Uuid::now_v7().to_string());
        let api_path = unknown.strip_prefix("/api").expect("all of the API is below /api");
        let request = server.client().request(method.clone(), api_path);
        let status = send(request).await.status();
        assert!(!matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED), "{method} {path}: {status}");
        // What nobody may see is not there for others either, but never a wrong method or a failure.
        let status = send(ann.api.request(method.clone(), api_path)).await.status();
        assert!(status != StatusCode::METHOD_NOT_ALLOWED && !status.is_server_error(), "{method} {path}: {status}");
    }
}

async fn every_route_that_the_client_uses_is_documented(_server: &Server) {
    let documented = documented();
    for route in ROUTES {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        let path = format!("/api{path}");
        let found =
            documented.iter().any(|(known, template)| known == method && fill_in(template, || "{}".into()) == path);
        assert!(found, "{route} is not in openapi.yaml");
    }
}

#[tokio::test]
async fn the_program_prints_the_description() {
    let mut command = Home::new(Database::Sqlite).await.command();
    command.arg("openapi");
    let printed = program::run(command).await;
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    assert!(printed.stdout == committed(), "openapi.yaml is not what the code says: `pupil openapi > openapi.yaml`");
}

/// What is promised, whatever the identifiers are called.
const ROUTES: &[&str] = &[
    "POST /auth/signup",
    "POST /auth/login",
    "POST /auth/logout",
    "GET /me",
    "GET /sessions",
    "DELETE /sessions/{}",
    "GET /tokens",
    "POST /tokens",
    "DELETE /tokens/{}",
    "GET /projects",
    "POST /projects",
    "GET /projects/{}",
    "PATCH /projects/{}",
    "DELETE /projects/{}",
    "GET /projects/{}/labels",
    "POST /projects/{}/labels",
    "PATCH /labels/{}",
    "DELETE /labels/{}",
    "POST /projects/{}/images",
    "GET /projects/{}/images",
    "POST /projects/{}/images/label",
    "POST /projects/{}/images/delete",
    "POST /projects/{}/images/restore",
    "GET /images/{}",
    "PATCH /images/{}",
    "DELETE /images/{}",
    "GET /images/{}/file",
    "GET /images/{}/thumbnail",
    "POST /projects/{}/train",
    "GET /projects/{}/models",
    "GET /models/{}",
    "GET /models/{}/events",
    "POST /models/{}/cancel",
    "GET /models/{}/results",
    "POST /models/{}/predict",
    "POST /projects/{}/predict",
    "GET /health",
];

fn committed() -> String {
    let path = workspace::root().join("openapi.yaml");
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("can't read {}: {e}", path.display()))
}

/// Every method and path, with the names of its parameters in braces.
pub fn documented() -> Vec<(Method, String)> {
    let description: Value = yaml_serde::from_str(&committed()).expect("openapi.yaml is YAML");
    let paths = description["paths"].as_mapping().expect("an OpenAPI description has paths");
    let mut routes = Vec::new();
    for (path, operations) in paths {
        let path = path.as_str().expect("a path is a string");
        for method in METHODS {
            if operations.get(method).is_some() {
                routes.push((method.to_ascii_uppercase().parse().expect("a known method"), path.to_owned()));
            }
        }
    }
    routes
}

/// Puts something in the place of each parameter.
fn fill_in(path: &str, value: impl Fn() -> String) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { value() } else { segment.into() });
    segments.collect::<Vec<_>>().join("/")
}

/// The routes, below `/api`, whose queries or JSON bodies name things by their identifiers.
pub fn named_outside_of_paths() -> BTreeSet<String> {
    let description: Value = yaml_serde::from_str(&committed()).expect("openapi.yaml is YAML");
    let mut routes = BTreeSet::new();
    for (method, path) in documented() {
        let operation = &description["paths"][path.as_str()][method.as_str().to_ascii_lowercase().as_str()];
        let parameters = operation["parameters"].as_sequence().into_iter().flatten();
        let in_query = parameters.filter(|parameter| parameter["in"].as_str() == Some("query"));
        let by_query = in_query.map(|parameter| &parameter["schema"]).any(is_identifier);
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = body["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        let fields = description["components"]["schemas"][name]["properties"].as_mapping();
        let by_body = fields.into_iter().flatten().any(|(_, schema)| is_identifier(schema));
        if by_query || by_body {
            routes.insert(format!("{method} {}", path.strip_prefix("/api").unwrap_or(&path)));
        }
    }
    routes
}

/// Whether a schema has an identifier in it, alone, as an alternative to null, or in a list.
fn is_identifier(schema: &Value) -> bool {
    let reference = schema["$ref"].as_str();
    let alternatives = schema["oneOf"].as_sequence().into_iter().flatten();
    reference.is_some_and(|reference| reference.ends_with("Id"))
        || alternatives.chain(schema.get("items")).any(is_identifier)
}
