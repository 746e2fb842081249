//! Errors: always a problem document, whoever makes them.

use dto::{ErrorCode, Problem, limits};
use pupil_tests::{
    Person, Server,
    client::{problem_in, send},
    pictures::Motif,
};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::json;
use uuid::Uuid;

both_databases![
    an_unknown_path_is_a_problem,
    a_wrong_method_is_a_problem_that_names_the_right_ones,
    json_that_can_not_be_used_is_refused,
    a_body_that_is_not_declared_as_json_is_refused,
    unknown_fields_are_ignored,
    a_json_body_that_is_too_large_is_refused,
    a_list_of_too_many_images_is_refused,
    an_id_that_is_none_is_a_problem,
    whose_it_is_is_checked_before_what_is_sent,
    the_log_can_be_searched_by_request_id,
];

async fn an_unknown_path_is_a_problem(server: &Server) {
    let ann = Person::new(server).await;
    for path in ["/unknown", "/projects/", "/images", "/models//", "/", ""] {
        for method in [Method::GET, Method::POST] {
            let problem = answer(ann.api.request(method, path)).await;
            assert_eq!(problem.code, ErrorCode::NotFound, "{path}");
        }
    }
    assert_eq!(answer(server.client().request(Method::GET, "/unknown")).await.code, ErrorCode::NotFound);
}

async fn a_wrong_method_is_a_problem_that_names_the_right_ones(server: &Server) {
    let ann = Person::new(server).await;
    let project = format!("/projects/{}", ann.project);
    let wrong = [
        (Method::PUT, project.clone(), "PATCH"),
        (Method::DELETE, "/projects".into(), "POST"),
        (Method::GET, format!("{project}/train"), "POST"),
        (Method::POST, "/health".into(), "GET"),
    ];
    for (method, path, right) in wrong {
        let response = send(ann.api.request(method, &path)).await;
        let allowed = response.headers().get(header::ALLOW).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert!(allowed.contains(right), "{path} allows {allowed:?}");
        assert_eq!(problem_in(response).await.code, ErrorCode::MethodNotAllowed, "{path}");
    }
}

async fn json_that_can_not_be_used_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    for body in ["", "{", "null", "[]", "{}", "{\"name\": 1}", "{\"name\": null}", "\u{feff}{\"name\": \"x\"}"] {
        assert_eq!(answer(new_project(&ann, body)).await.code, ErrorCode::InvalidJson, "{body:?}");
    }
    let not_utf8 = new_project(&ann, "").body(b"{\"name\": \"\xff\"}".to_vec());
    assert_eq!(answer(not_utf8).await.code, ErrorCode::InvalidJson);
    let deep = format!("{{\"name\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(answer(new_project(&ann, &deep)).await.code, ErrorCode::InvalidJson);
    assert_eq!(ann.api.projects().await.expect("one's own").items.len(), 1);
}

async fn a_body_that_is_not_declared_as_json_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let projects = || ann.api.request(Method::POST, "/projects").body("{\"name\": \"x\"}");
    assert_eq!(answer(projects()).await.code, ErrorCode::UnsupportedMediaType);
    let form = projects().header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(answer(form).await.code, ErrorCode::UnsupportedMediaType);
    let with_charset = projects().header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    assert_eq!(send(with_charset).await.status(), StatusCode::CREATED);
}

async fn unknown_fields_are_ignored(server: &Server) {
    let ann = Person::new(server).await;
    let from_the_future = json!({ "name": "x", "colour": "blue" }).to_string();
    assert_eq!(send(new_project(&ann, &from_the_future)).await.status(), StatusCode::CREATED);
}

async fn a_json_body_that_is_too_large_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let problem = answer(new_project(&ann, &json!({ "name": "x".repeat(4 << 20) }).to_string())).await;
    assert_eq!(problem.code, ErrorCode::TooLarge);
    assert!(problem.more["limit"].is_u64(), "{problem:?}");
}

async fn a_list_of_too_many_images_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let ids: Vec<Uuid> = (0..=limits::IDS_PER_REQUEST).map(|_| Uuid::now_v7()).collect();
    for change in ["label", "delete", "restore"] {
        let path = format!("/projects/{}/images/{change}", ann.project);
        let body = json!({ "image_ids": ids, "label_id": null });
        let problem = answer(ann.api.request(Method::POST, &path).json(&body)).await;
        assert_eq!((problem.code, problem.field()), (ErrorCode::InvalidField, Some("image_ids")), "{change}");
    }
}

async fn an_id_that_is_none_is_a_problem(server: &Server) {
    let ann = Person::new(server).await;
    for path in ["/projects/x", "/projects/1/images", "/images/x/file", "/models/x", "/models/x/events"] {
        let problem = answer(ann.api.request(Method::GET, path)).await;
        assert!(matches!(problem.code, ErrorCode::NotFound | ErrorCode::InvalidRequest), "{path}: {problem:?}");
    }
}

async fn whose_it_is_is_checked_before_what_is_sent(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let project = format!("/projects/{}", ann.project);
    let label = ann.api.create_label(ann.project, "cats").await.expect("a new name").id;
    let image = ann.upload_motif(Motif::Circles, 1).await[0].id;
    let writes = [
        (Method::PATCH, project.clone()),
        (Method::POST, format!("{project}/labels")),
        (Method::POST, format!("{project}/images")),
        (Method::POST, format!("{project}/images/label")),
        (Method::POST, format!("{project}/images/delete")),
        (Method::POST, format!("{project}/images/restore")),
        (Method::POST, format!("{project}/train")),
        (Method::POST, format!("{project}/predict")),
        (Method::PATCH, format!("/labels/{label}")),
        (Method::PATCH, format!("/images/{image}")),
    ];
    for (method, path) in writes {
        let broken = |person: &Person| {
            person.api.request(method.clone(), &path).body("{").header("content-type", "application/json")
        };
        assert_eq!(answer(broken(&bob)).await.code, ErrorCode::NotFound, "{path}");
        assert_ne!(answer(broken(&ann)).await.code, ErrorCode::NotFound, "{path}");
    }
}

async fn the_log_can_be_searched_by_request_id(server: &Server) {
    let problem = answer(server.client().request(Method::GET, "/unknown")).await;
    let id = problem.request_id.expect("checked by the client");
    pupil_tests::deadline::eventually("the request is in the log", async || server.log().contains(&id).then_some(()))
        .await;
}

async fn answer(request: RequestBuilder) -> Problem {
    problem_in(send(request).await).await
}

fn new_project(person: &Person, body: &str) -> RequestBuilder {
    let request = person.api.request(Method::POST, "/projects").header(header::CONTENT_TYPE, "application/json");
    request.body(body.to_owned())
}
