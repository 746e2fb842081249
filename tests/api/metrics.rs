//! `GET /metrics`, the log for programs, and `GET /api/health/live`.

use dto::{ErrorCode, model::TrainRequest};
use pupil_tests::{
    Database, File, Home, Person, Server, client::send, database, deadline::eventually, pictures::Motif, refused,
    spawner, workspace,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    process::Stdio,
};

both_databases_own_server![what_happens_is_counted, many_uploads_are_one_job_and_a_worker_tells_of_its_own_work];

/// The numbers of a scrape by name and labels, as they stand in its text.
type Scrape = HashMap<String, f64>;

async fn what_happens_is_counted(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(6).await;
    ann.api.upload(ann.project, &[File::new("notes.txt", "no picture")], None).await.expect("with its own outcome");
    ann.train_as(&TrainRequest::default()).await.expect("there is enough");
    ann.api.predict_in_project(ann.project, &Motif::Circles.files(2)).await.expect("there is a model");
    refused(ann.api.project(dto::ProjectId(uuid::Uuid::now_v7())).await, ErrorCode::NotFound);

    let scrape = eventually("all pictures are embedded and the queues are empty", async || {
        let scrape = scraped(get(&server, "/metrics")).await;
        let is_idle = |queue: &str| scrape.get(&format!("pupil_jobs_waiting{{queue=\"{queue}\"}}")) == Some(&0.0);
        // The run may have embedded some that the job was about to.
        let embedded = scrape.get("pupil_embeddings_total").is_some_and(|&embedded| embedded >= 12.0);
        (embedded && is_idle("embed") && is_idle("train")).then_some(scrape)
    })
    .await;
    let count = |name: &str| *scrape.get(name).unwrap_or_else(|| panic!("{name} is not among {scrape:#?}"));
    assert_eq!(count("pupil_images_stored_total"), 12.0);
    assert_eq!(count("pupil_files_rejected_total{code=\"not_an_image\"}"), 1.0);
    assert_eq!(count("pupil_predictions_total"), 2.0);
    assert_eq!(count("pupil_runs_total{mode=\"instant\",status=\"ready\"}"), 1.0);
    assert_eq!(count("pupil_run_seconds_count{mode=\"instant\"}"), 1.0);
    assert_eq!(count("pupil_errors_total{code=\"not_found\"}"), 1.0);
    let project = "method=\"GET\",route=\"/api/projects/{id}\"";
    assert_eq!(count(&format!("pupil_http_requests_total{{{project},status=\"404\"}}")), 1.0);
    assert!(count(&format!("pupil_http_request_seconds_count{{{project}}}")) >= 1.0);
    assert_eq!(count("pupil_http_requests_in_flight"), 1.0, "the one that asks");
    assert!(count("process_resident_memory_bytes") > 1e7);
    // What the dashboard draws and the documentation explains is there under that name.
    for page in ["docs/grafana/pupil.json", "docs/operations.md"] {
        let text = std::fs::read_to_string(workspace::root().join(page)).expect("a part of the project");
        let names: Vec<&str> =
            text.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).filter(|word| is_metric(word)).collect();
        assert!(names.len() >= 10, "{page} tells of {names:?}");
        for name in names {
            let is_told = scrape.keys().any(|told| told.starts_with(name));
            assert!(is_told, "{page} tells of {name}, and the server does not");
        }
    }
    assert!(!scrape.keys().any(|name| name.contains(&ann.project.to_string())), "nothing of a user's is told");
}

/// The server leaves the work to a worker, which has an address for its metrics alone.
async fn many_uploads_are_one_job_and_a_worker_tells_of_its_own_work(database: Database) {
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    for first in (0..12).step_by(3) {
        ann.upload(&Motif::Circles.files_from(first, 3), None).await;
    }
    bob.upload(&Motif::Stripes.files(2), None).await;
    let scrape = scraped(get(&server, "/metrics")).await;
    assert_eq!(scrape["pupil_jobs_waiting{queue=\"embed\"}"], 2.0, "one for each project, however many uploads");
    assert!(!scrape.contains_key("pupil_embeddings_total"));

    let mut worker = home.command();
    worker.arg("worker").env("PUPIL_METRICS_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut worker = spawner::spawn(worker).expect("the program can be run");
    let mut lines = BufReader::new(worker.stdout.take().expect("it was asked for")).lines().map_while(Result::ok);
    let address = lines.find_map(|line| Some(line.strip_prefix("Metrics are at ")?.to_owned())).expect("it says where");
    let http = reqwest::Client::new();
    eventually("it has embedded all of them", async || {
        let scrape = scraped(http.get(&address)).await;
        let is_done = scrape.get("pupil_embeddings_total") == Some(&14.0);
        (is_done && scrape["pupil_jobs_waiting{queue=\"embed\"}"] == 0.0).then_some(())
    })
    .await;
    let base = address.trim_end_matches("/metrics");
    for (path, status) in [("/api/health/live", 204), ("/api/health", 200), ("/api/projects", 404), ("/", 404)] {
        let answer = http.get(format!("{base}{path}")).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{path}");
    }
    worker.kill().expect("it runs");
    worker.wait().expect("it is a child");
}

#[tokio::test]
async fn only_the_operator_reads_the_metrics() {
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    for header in ["X-Forwarded-For", "Forwarded", "Via"] {
        let response = get(&server, "/metrics").header(header, "203.0.113.7").send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{header}: somebody asks through a proxy");
    }
    drop(server);

    // A proxy need not say that it is one; that there is one, the settings do.
    let behind = Home::new(Database::Sqlite).await.with("PUPIL_PUBLIC_URL", "https://pupil.example.org");
    let server = Server::start(&behind);
    let response = get(&server, "/metrics").send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    drop(server);

    let home = home.with("PUPIL_METRICS_TOKEN", "the collector's own");
    let server = Server::start(&home);
    for wrong in ["", "Bearer ", "Bearer another", "the collector's own"] {
        let response = get(&server, "/metrics").header("Authorization", wrong).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    let asked = get(&server, "/metrics").header("X-Forwarded-For", "203.0.113.7").bearer_auth("the collector's own");
    assert!(scraped(asked).await.contains_key("pupil_http_requests_in_flight"));
}

#[tokio::test]
async fn any_address_and_method_is_counted_under_a_name_that_is_known() {
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let http = reqwest::Client::new();
    for number in 0..5 {
        let method = reqwest::Method::from_bytes(format!("MADE{number}").as_bytes()).expect("a token");
        let url = format!("{}/api/made/up/{number}", server.address());
        http.request(method, url).send().await.expect("an answer");
    }
    let scrape = scraped(get(&server, "/metrics")).await;
    assert_eq!(scrape["pupil_http_requests_total{method=\"other\",route=\"other\",status=\"404\"}"], 5.0);
    assert!(!scrape.keys().any(|name| name.contains("MADE") || name.contains("made")), "{scrape:#?}");
}

/// Only PostgreSQL lets somebody else take a table away.
#[tokio::test]
async fn queues_that_can_not_be_counted_have_no_number() {
    if !Database::Postgres.is_available() {
        return;
    }
    let home = Home::new(Database::Postgres).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload(&Motif::Circles.files(2), None).await;
    const NAMES: [&str; 3] = ["pupil_jobs_waiting", "pupil_jobs_running", "pupil_job_oldest_seconds"];
    let told = async || {
        let scrape = scraped(get(&server, "/metrics")).await;
        NAMES.map(|name| scrape[&format!("{name}{{queue=\"embed\"}}")])
    };
    assert_eq!(told().await[..2], [1.0, 0.0]);
    database::execute(&home, "ALTER TABLE apalis.jobs RENAME TO away", &[]).await;
    let numbers = told().await;
    assert!(numbers.iter().all(|number| number.is_nan()), "{numbers:?}");
    database::execute(&home, "ALTER TABLE apalis.away RENAME TO jobs", &[]).await;
    assert_eq!(told().await[..2], [1.0, 0.0]);
}

/// A table that somebody else has locked is what takes long.
#[tokio::test]
async fn a_request_that_is_given_up_is_counted() {
    if !Database::Postgres.is_available() {
        return;
    }
    let home = Home::new(Database::Postgres).await.with("PUPIL_REQUEST_SECONDS", "1");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let url = home.setting("DATABASE_URL");
    let (other, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the server runs");
    tokio::spawn(connection);
    other.batch_execute("BEGIN; LOCK TABLE projects IN ACCESS EXCLUSIVE MODE").await.expect("nobody has it locked");
    let path = format!("/projects/{}", ann.project);
    let answer = send(ann.api.request(Method::GET, &path)).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    other.batch_execute("ROLLBACK").await.expect("it was begun");
    let scrape = scraped(get(&server, "/metrics")).await;
    let route = "method=\"GET\",route=\"/api/projects/{id}\"";
    let times = scrape.get(&format!("pupil_http_requests_total{{{route},status=\"503\"}}"));
    assert_eq!(times, Some(&1.0), "{scrape:#?}");
    assert_eq!(scrape.get(&format!("pupil_http_request_seconds_count{{{route}}}")), Some(&1.0), "{scrape:#?}");
}

#[tokio::test]
async fn every_line_of_the_log_for_programs_is_json_and_finds_its_request() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_LOG_FORMAT", "json");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let problem = refused(ann.api.project(dto::ProjectId(uuid::Uuid::now_v7())).await, ErrorCode::NotFound);
    let id = problem.request_id.expect("every problem has one");
    let lines: Vec<Value> = server
        .log()
        .lines()
        // Its address is said on standard output, which the log here has too.
        .filter(|line| !line.starts_with("Pupil is listening"))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let told: Vec<&Value> = lines.iter().filter(|line| line["request_id"] == id.as_str()).collect();
    assert_eq!(told.len(), 1, "{lines:#?}");
    assert_eq!((told[0]["message"].as_str(), told[0]["status"].as_u64()), (Some("not_found"), Some(404)));
}

#[tokio::test]
async fn a_process_is_alive_whatever_its_database_does() {
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let response = get(&server, "/api/health/live").send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

fn is_metric(word: &str) -> bool {
    [
        "pupil_http_",
        "pupil_job",
        "pupil_run",
        "pupil_images_",
        "pupil_embeddings_",
        "pupil_predictions_",
        "pupil_errors_",
    ]
    .iter()
    .any(|beginning| word.starts_with(beginning))
}

fn get(server: &Server, path: &str) -> RequestBuilder {
    reqwest::Client::new().get(format!("{}{path}", server.address()))
}

async fn scraped(request: RequestBuilder) -> Scrape {
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = response.text().await.expect("text");
    let samples = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
        })
        .collect()
}
