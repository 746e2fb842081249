//! What every answer says to browsers, and which other sites may ask.

use dto::{ErrorCode, image::Outcome};
use pupil_tests::{
    Database, File, Home, Person, Server,
    client::{problem_in, send},
    pictures::{self, Motif},
};
use reqwest::{Method, Response, StatusCode, header};
use serde_json::json;

both_databases![
    every_answer_forbids_what_it_does_not_need,
    the_page_runs_its_own_scripts_and_no_others,
    answers_of_the_api_are_kept_by_nobody,
    what_is_no_picture_never_comes_back_as_a_page,
    other_sites_may_not_ask,
];

async fn every_answer_forbids_what_it_does_not_need(server: &Server) {
    let ann = Person::new(server).await;
    let image = ann.upload(&Motif::Circles.files(1), None).await.remove(0);
    let answers = [
        send(server.client().page("/")).await,
        send(server.client().page("/icon.svg")).await,
        send(server.client().page("/openapi.yaml")).await,
        send(ann.api.request(Method::GET, "/me")).await,
        send(ann.api.request(Method::GET, "/nothing/here")).await,
        send(server.client().request(Method::GET, "/me")).await,
        send(server.client().request(Method::POST, "/auth/login").body("{")).await,
        ann.api.image_file(image.id).await,
        ann.api.thumbnail(image.id).await,
    ];
    for answer in answers {
        let url = answer.url().to_string();
        assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff", "{url}");
        assert_eq!(header_of(&answer, "referrer-policy"), "same-origin", "{url}");
        assert_eq!(header_of(&answer, "x-frame-options"), "DENY", "{url}");
        let policy = header_of(&answer, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{url}: {policy}"
        );
        let permissions = header_of(&answer, "permissions-policy");
        assert!(permissions.contains("camera=(self)") && permissions.contains("geolocation=()"), "{url}");
        // Over plain HTTP it would be a promise that cannot be kept.
        assert_eq!(header_of(&answer, "strict-transport-security"), "", "{url}");
    }
}

async fn the_page_runs_its_own_scripts_and_no_others(server: &Server) {
    let answer = send(server.client().page("/")).await;
    let policy = header_of(&answer, "content-security-policy").to_owned();
    for forbidden in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
        assert!(!policy.contains(forbidden), "{policy}");
    }
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).expect("scripts are allowed");
    assert!(scripts.contains("'self' 'wasm-unsafe-eval' 'sha256-"), "{scripts}");
}

async fn answers_of_the_api_are_kept_by_nobody(server: &Server) {
    let ann = Person::new(server).await;
    for path in ["/me", "/projects", "/health", "/nothing"] {
        let answer = send(ann.api.request(Method::GET, path)).await;
        assert!(header_of(&answer, "cache-control").contains("no-store"), "{path}");
    }
}

async fn what_is_no_picture_never_comes_back_as_a_page(server: &Server) {
    let ann = Person::new(server).await;
    let script = "<script>alert(1)</script>";
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{script}</svg>");
    let no_pictures = [
        File::new("page.html", format!("<!doctype html>{script}")),
        File::new("drawing.svg", svg.clone()),
        File::new("drawing.png", svg),
        File::new("picture.jpg", script),
    ];
    let upload = ann.api.upload(ann.project, &no_pictures, None).await.expect("the request is in order");
    assert!(upload.items.iter().all(|item| item.outcome == Outcome::Rejected), "{upload:?}");
    // A picture is a picture whatever it is called, and its name can't break out of the header.
    let names = ["x.html", "x.svg", "a; filename=b.html", "<script>alert(1)<script>.png", "ü; X-Evil: 1.png"];
    for (seed, name) in names.into_iter().enumerate() {
        let file = File::new(name, pictures::png(&Motif::Stripes.draw(seed as u64)));
        let image = ann.upload(&[file], None).await.remove(0);
        let answer = ann.api.image_file(image.id).await;
        assert_eq!(header_of(&answer, "content-type"), "image/png", "{name}");
        assert!(header_of(&answer, "content-disposition").starts_with("inline"), "{name}");
        assert_eq!(header_of(&answer, "x-evil"), "", "{name}");
        assert!(header_of(&answer, "content-security-policy").contains("sandbox"), "{name}");
    }
}

async fn other_sites_may_not_ask(server: &Server) {
    let answer = preflight(server, "https://lab.example").await;
    assert!(!answer.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    let answer =
        send(server.client().request(Method::GET, "/health").header(header::ORIGIN, "https://lab.example")).await;
    assert!(!answer.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn listed_sites_may_ask_by_token_and_never_by_cookie() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_CORS_ORIGINS", "https://lab.example, https://b.example/");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    for origin in ["https://lab.example", "https://b.example"] {
        let answer = preflight(&server, origin).await;
        assert!(answer.status().is_success());
        assert_eq!(header_of(&answer, "access-control-allow-origin"), origin);
        assert!(header_of(&answer, "access-control-allow-headers").to_ascii_lowercase().contains("authorization"));
        assert_eq!(header_of(&answer, "access-control-allow-credentials"), "");
        let answer = send(ann.api.request(Method::GET, "/me").header(header::ORIGIN, origin)).await;
        assert_eq!(header_of(&answer, "access-control-allow-origin"), origin);
        assert_eq!(header_of(&answer, "access-control-allow-credentials"), "");
    }
    let answer = preflight(&server, "https://evil.example").await;
    assert_eq!(header_of(&answer, "access-control-allow-origin"), "");

    let page = server.client().with_cookies();
    page.sign_up("by-cookie", "a long enough passphrase").await.expect("the name is new");
    let write = |origin: &str| {
        page.request(Method::POST, "/projects").json(&json!({ "name": "mine" })).header(header::ORIGIN, origin)
    };
    let answer = send(write("https://lab.example")).await;
    assert_eq!(problem_in(answer).await.code, ErrorCode::OriginRefused);
    assert_eq!(send(write(server.address())).await.status(), StatusCode::CREATED);
}

async fn preflight(server: &Server, origin: &str) -> Response {
    let request = server.client().request(Method::OPTIONS, "/projects").header(header::ORIGIN, origin);
    let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    send(request.header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization, content-type")).await
}

fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
