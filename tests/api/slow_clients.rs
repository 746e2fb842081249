//! Clients that trickle, stall, or hold on: they are let go, and keep nobody out.

use dto::ErrorCode;
use pupil_tests::{
    Database, File, Home, Person, Server,
    client::send,
    deadline::{PATIENCE, eventually},
    pictures::{self, Motif},
    raw::{Raw, head, multipart},
    refused,
};
use reqwest::Method;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::{Duration, Instant};
use tokio::time::{interval, sleep};

/// As many as trickle at once.
const CROWD: usize = 1000;
/// Nobody else waits longer for an answer meanwhile; a busy machine needs most of it.
const OTHERS_WAIT: Duration = Duration::from_secs(10);

/// Half of them dawdle over their headers, half over their body.
#[tokio::test]
async fn a_thousand_trickling_connections_keep_nobody_out() {
    allow_many_files();
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let mut one = Raw::connect(&server.client()).await;
        let begun = match number % 2 {
            0 => "GET /api/health HTTP/1.1\r\nHost: pupil\r\n".to_owned(),
            _ => head("POST", "/auth/login", None, "application/json", 4000),
        };
        assert!(one.send(begun).await);
        crowd.push(one);
    }
    let others = async {
        let mut asked = 0;
        for _ in 0..10 {
            let start = Instant::now();
            let ann = Person::new(&server).await;
            ann.upload(&Motif::Circles.files(1), None).await;
            assert!(start.elapsed() < OTHERS_WAIT, "others waited {:?}", start.elapsed());
            asked += 1;
            sleep(Duration::from_millis(500)).await;
        }
        asked
    };
    let crowd = async {
        let (start, mut seconds) = (Instant::now(), interval(Duration::from_secs(1)));
        while !crowd.is_empty() {
            assert!(start.elapsed() < PATIENCE, "{} connections are still held", crowd.len());
            seconds.tick().await;
            let mut still_there = Vec::new();
            for mut one in crowd {
                match one.heard() {
                    Some(answer) => assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}"),
                    None => {
                        if one.send("x").await {
                            still_there.push(one);
                        }
                    }
                }
            }
            crowd = still_there;
        }
    };
    let (asked, ()) = tokio::join!(others, crowd);
    assert_eq!(asked, 10);
}

/// 2 kB a second are slow and enough; nothing is not.
#[tokio::test]
async fn an_upload_may_be_slow_but_must_move() {
    let server = Server::shared(Database::Sqlite).await;
    let ann = Person::new(server).await;
    let picture = pictures::png(&Motif::Circles.draw(7));
    let (content_type, body) = multipart("slow.png", &picture);
    let path = format!("/projects/{}/images", ann.project);
    let request = head("POST", &path, Some(&ann.token), content_type, body.len());
    let start = Instant::now();
    let slow = async {
        let mut raw = Raw::connect(&ann.api).await;
        assert!(raw.send(&request).await);
        // Longer than the server's patience with one that stands still.
        let pieces = body.chunks(body.len().div_ceil(50));
        for piece in pieces {
            sleep(Duration::from_millis(500)).await;
            assert!(raw.send(piece).await);
        }
        raw.answer().await
    };
    let stalled = async {
        let mut raw = Raw::connect(&ann.api).await;
        assert!(raw.send(&request).await && raw.send(&body[..body.len() / 2]).await);
        raw.answer().await
    };
    let (slow, stalled) = tokio::join!(slow, stalled);
    assert!(slow.starts_with("HTTP/1.1 200 ") && slow.contains("\"stored\":1"), "{slow}");
    assert!(start.elapsed() > Duration::from_secs(20));
    assert!(stalled.starts_with("HTTP/1.1 408 ") && stalled.contains("request_timeout"), "{stalled}");
}

/// It asks for a large picture and takes some kilobytes of it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_that_nobody_takes_is_broken_off() {
    let server = Server::shared(Database::Sqlite).await;
    let ann = Person::new(server).await;
    // More than what systems take in between.
    let noise = image::RgbImage::from_fn(2400, 1800, |_, _| {
        image::Rgb(fastrand::u32(..).to_le_bytes()[..3].try_into().expect("3"))
    });
    let picture = File::new("noise.png", pictures::png(&noise));
    let bytes = picture.bytes.len();
    let image = ann.upload(&[picture], None).await.remove(0);
    let mut raw = Raw::connect_narrow(&ann.api).await;
    assert!(raw.send(head("GET", &format!("/images/{}/file", image.id), Some(&ann.token), "text/plain", 0)).await);
    let begun = raw.answer().await;
    assert!(begun.starts_with("HTTP/1.1 200 "), "{begun}");
    // The server's end of the connection is one that leads to this port.
    let other_end = format!(":{:04X} 01 ", raw.port());
    let is_held =
        || std::fs::read_to_string("/proc/net/tcp").expect("on Linux").lines().any(|line| line.contains(&other_end));
    assert!(is_held());
    eventually("the server lets go of it", async || (!is_held()).then_some(())).await;
    assert!(raw.count_rest().await < bytes / 2);
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let server = Server::shared(Database::Sqlite).await;
    let long = format!("X-Long: {}\r\n", "x".repeat(300_000));
    let many: String = (0..500).map(|number| format!("X-{number}: 1\r\n")).collect();
    for headers in [long, many] {
        let mut raw = Raw::connect(&server.client()).await;
        raw.send(format!("GET /api/health HTTP/1.1\r\nHost: pupil\r\n{headers}\r\n")).await;
        let answer = raw.answer().await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    server.client().health().await.expect("it goes on");
}

#[tokio::test]
async fn one_user_has_so_many_uploads_under_way() {
    let server = Server::shared(Database::Sqlite).await;
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let picture = pictures::png(&Motif::Circles.draw(8));
    let (content_type, body) = multipart("one.png", &picture);
    let path = format!("/projects/{}/images", ann.project);
    let mut open = Vec::new();
    // More than sixteen, of which the rest are refused.
    for _ in 0..20 {
        let mut raw = Raw::connect(&ann.api).await;
        assert!(raw.send(head("POST", &path, Some(&ann.token), content_type, body.len())).await);
        assert!(raw.send(&body[..10]).await);
        open.push(raw);
    }
    let mut refusals = Vec::new();
    eventually("four are refused", || {
        open.retain(|raw| {
            raw.heard().is_none_or(|answer| {
                refusals.push(answer);
                false
            })
        });
        std::future::ready((refusals.len() == 4).then_some(()))
    })
    .await;
    assert!(refusals.iter().all(|answer| answer.starts_with("HTTP/1.1 429 ")), "{refusals:?}");
    let files = Motif::Stripes.files(1);
    let full = refused(ann.api.upload(ann.project, &files, None).await, ErrorCode::TooManyAtOnce);
    assert_eq!(full.more["limit"].as_u64(), Some(16));
    bob.upload(&files, None).await;
    // One ends well, and makes room.
    let mut one = open.pop().expect("there are sixteen");
    assert!(one.send(&body[10..]).await);
    assert!(one.answer().await.starts_with("HTTP/1.1 200 "));
    ann.upload(&files, None).await;
}

#[tokio::test]
async fn one_user_follows_so_many_runs() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(2).await;
    // Nobody works, so that it stays queued.
    let run = ann.api.train(ann.project, &Default::default()).await.expect("enough to learn from").id;
    let path = format!("/models/{run}/events");
    let mut open = Vec::new();
    for _ in 0..32 {
        let response = send(ann.api.request(Method::GET, &path)).await;
        assert!(response.status().is_success());
        open.push(response);
    }
    let full = send(ann.api.request(Method::GET, &path)).await;
    assert!(full.headers().contains_key("retry-after"));
    refused(Err::<(), _>(pupil_tests::client::problem_in(full).await), ErrorCode::TooManyAtOnce);
    open.clear();
    eventually("closed streams make room", async || {
        send(ann.api.request(Method::GET, &path)).await.status().is_success().then_some(())
    })
    .await;
}

/// A thousand sockets are more than a process may open unless it asks.
fn allow_many_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("up to the maximum is allowed");
}
