//! Who may do what: a walk over every route and method of openapi.yaml, as everybody who must not.
//!
//! What somebody has is compared before and after, as a whole; and nothing of it may stand in what others are answered.

mod calls;
mod things;

use crate::{openapi, tokens};
use calls::{Call, Needs, ROUTES};
use dto::{
    ErrorCode,
    access::{NewAccessToken, Scope},
};
use jsonwebtoken::Algorithm;
use pupil_tests::{Client, Person, Server, client::send, server::SECRET};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use things::{Everything, Things, all_scopes, identifiers};
use uuid::Uuid;

both_databases![
    without_a_valid_token_every_route_is_closed,
    another_users_things_are_neither_seen_nor_changed,
    an_access_token_does_what_its_scopes_say,
    an_access_token_of_one_project_reaches_no_other,
];

/// A route that was added belongs into the walk's table, with what it asks for and how to call it.
#[test]
fn the_walk_covers_every_documented_route() {
    let documented = openapi::documented().into_iter().map(|(method, path)| {
        let path = path.strip_prefix("/api").expect("all of the API is below /api").to_owned();
        format!("{method} {path}")
    });
    let documented: BTreeSet<String> = documented.collect();
    let walked: BTreeSet<String> = ROUTES.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(documented.difference(&walked).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the walk's table");
    assert_eq!(walked.difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new(), "no longer documented");
}

/// The walk must know the bodies and queries that name things, or it does not try another's things in them.
#[test]
fn the_walk_names_things_wherever_the_description_does() {
    let [one, other] = [things(1), things(2)];
    let named = openapi::named_outside_of_paths();
    assert!(named.len() > 5, "{named:?}");
    for (route, _) in ROUTES {
        let differs = Call::new(route, &one, &one) != Call::new(route, &one, &other);
        assert_eq!(named.contains(*route), differs, "{route}");
    }
}

async fn without_a_valid_token_every_route_is_closed(server: &Server) {
    let ann = Person::new(server).await;
    let things = Things::of(&ann, ann.project).await;
    let before = Everything::of(&ann.api, &things).await;
    let script = ann.api.create_token(&all_scopes("expired", None)).await.expect("a log-in may");
    let mut expired = tokens::claims_of(&script.token);
    expired["exp"] = json!(tokens::now() - 1);
    ann.api.revoke_token(script.access_token.id).await.expect("it is there");
    let other_session = server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    let mut old_session = tokens::claims_of(&other_session.token);
    server.client().with_token(&other_session.token).log_out().await.expect("it is logged in");
    old_session["exp"] = json!(tokens::now() - 1);
    let forged = |claims: &Value| server.client().with_token(&tokens::sign(claims, Algorithm::HS256, SECRET));
    let callers = [
        ("nobody", server.client(), ErrorCode::Unauthenticated),
        ("an expired access token", forged(&expired), ErrorCode::TokenExpired),
        ("an expired log-in", forged(&old_session), ErrorCode::TokenExpired),
        ("a revoked access token", server.client().with_token(&script.token), ErrorCode::TokenRevoked),
        ("an ended log-in", server.client().with_token(&other_session.token), ErrorCode::TokenRevoked),
    ];
    for (who, caller, code) in callers {
        for (route, needs) in ROUTES {
            let answer = Answer::to(&caller, Call::new(route, &things, &things)).await;
            answer.has_nothing_of(&before, who, route);
            if *needs != Needs::Nothing {
                assert_eq!(answer.code, Some(code), "{who}: {route}");
            }
        }
        Everything::of(&ann.api, &things).await.assert_same_as(&before, &format!("after {who}"));
    }
}

async fn another_users_things_are_neither_seen_nor_changed(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let (anns, bobs) = (Things::of(&ann, ann.project).await, Things::of(&bob, bob.project).await);
    let before = Everything::of(&ann.api, &anns).await;
    let bobs_before = Everything::of(&bob.api, &bobs).await;

    for (route, _) in ROUTES.iter().filter(|(route, _)| Call::names_something(route)) {
        let answer = Answer::to(&bob.api, Call::new(route, &anns, &anns)).await;
        assert_eq!(answer.code, Some(ErrorCode::NotFound), "{route}");
        answer.has_nothing_of(&before, "another user", route);
    }
    Everything::of(&ann.api, &anns).await.assert_same_as(&before, "after another user's requests");

    smuggle(&bob.api, &bobs, &anns, &before).await;
    Everything::of(&ann.api, &anns).await.assert_same_as(&before, "after another user named these in a body");
    Everything::of(&bob.api, &bobs).await.assert_same_as(&bobs_before, "after another's things were named in a body");

    // What is not about something is about one's own, the log-out last.
    for (route, _) in ROUTES.iter().filter(|(route, _)| !Call::names_something(route)) {
        let answer = Answer::to(&bob.api, Call::new(route, &bobs, &bobs)).await;
        answer.has_nothing_of(&before, "another user", route);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains(&ann.user.username) && !text.contains(&ann.user.id.to_string()), "{route}: {text}");
    }
    Everything::of(&ann.api, &anns).await.assert_same_as(&before, "after another user's requests for their own things");
}

async fn an_access_token_does_what_its_scopes_say(server: &Server) {
    let ann = Person::new(server).await;
    let things = Things::of(&ann, ann.project).await;
    let mut scripts = Vec::new();
    for (scope, needs) in [(Scope::Read, Needs::Read), (Scope::Write, Needs::Write), (Scope::Predict, Needs::Predict)] {
        let new = NewAccessToken { scopes: vec![scope], ..all_scopes("one scope", None) };
        let script = ann.api.create_token(&new).await.expect("a log-in may");
        scripts.push((server.client().with_token(&script.token), needs));
    }
    let before = Everything::of(&ann.api, &things).await;
    for (script, may) in &scripts {
        for (route, needs) in ROUTES.iter().filter(|(_, needs)| *needs != Needs::Nothing) {
            if needs != may {
                let answer = Answer::to(script, Call::new(route, &things, &things)).await;
                assert_eq!(answer.code, Some(ErrorCode::ScopeMissing), "{may:?} for {route}");
                let scope = match needs {
                    Needs::Read => json!("read"),
                    Needs::Write => json!("write"),
                    Needs::Predict => json!("predict"),
                    Needs::LogIn | Needs::Nothing => Value::Null,
                };
                assert_eq!(answer.json()["scope"], scope, "{route}");
                answer.has_nothing_of(&before, "a token without the scope", route);
            } else if *may != Needs::Write {
                let answer = Answer::to(script, Call::new(route, &things, &things)).await;
                assert!(answer.status.is_success(), "{may:?} for {route}: {}", answer.status);
            }
        }
    }
    Everything::of(&ann.api, &things).await.assert_same_as(&before, "after tokens without the scope");
    let created = scripts[1].0.create_project("by a script").await.expect("it may write");
    scripts[1].0.delete_project(created.id).await.expect("it may write");
}

async fn an_access_token_of_one_project_reaches_no_other(server: &Server) {
    let ann = Person::new(server).await;
    let second = ann.api.create_project("the only one").await.expect("a new name").id;
    let (first, second) = (Things::of(&ann, ann.project).await, Things::of(&ann, second).await);
    let script = ann.api.create_token(&all_scopes("one project", Some(second.project))).await.expect("a log-in may");
    let script = server.client().with_token(&script.token);
    let (before, seconds_before) = (Everything::of(&ann.api, &first).await, Everything::of(&ann.api, &second).await);

    for (route, needs) in ROUTES.iter().filter(|(_, needs)| *needs != Needs::Nothing) {
        let answer = Answer::to(&script, Call::new(route, &first, &first)).await;
        answer.has_nothing_of(&before, "a token of another project", route);
        match (needs, Call::names_something(route)) {
            (Needs::LogIn, _) | (Needs::Write, false) => {
                assert_eq!(answer.code, Some(ErrorCode::ScopeMissing), "{route}");
            }
            (_, true) => assert_eq!(answer.code, Some(ErrorCode::NotFound), "{route}"),
            (_, false) => assert_eq!(answer.status, StatusCode::OK, "{route}"),
        }
    }
    Everything::of(&ann.api, &first).await.assert_same_as(&before, "after a token of another project");

    // A path may name two things: each of them has to be of the project.
    for route in ["GET /models/{id}/images/{image_id}/heatmap", "GET /models/{id}/compare/{other}"] {
        let mixed = Things { images: first.images.clone(), earlier: first.earlier, ..second.clone() };
        let answer = Answer::to(&script, Call::new(route, &mixed, &second)).await;
        assert_eq!(answer.code, Some(ErrorCode::NotFound), "{route}");
    }
    smuggle(&script, &second, &first, &before).await;
    Everything::of(&ann.api, &first).await.assert_same_as(&before, "after these were named in a body");
    Everything::of(&ann.api, &second).await.assert_same_as(&seconds_before, "after others were named in a body");

    let listed = script.projects().await.expect("it may read").items;
    assert_eq!(listed.iter().map(|project| project.id).collect::<Vec<_>>(), [second.project]);
    for (route, needs) in ROUTES.iter().filter(|(_, needs)| matches!(needs, Needs::Read | Needs::Predict)) {
        let answer = Answer::to(&script, Call::new(route, &second, &second)).await;
        assert!(answer.status.is_success(), "{needs:?} in its own project: {route}: {}", answer.status);
    }
}

/// Names another's things in bodies and queries of requests that are about one's own.
async fn smuggle(caller: &Client, own: &Things, anothers: &Things, everything: &Everything) {
    let mut tried = 0;
    for (route, _) in ROUTES {
        for mixed in own.each_exchanged(anothers) {
            let call = Call::new(route, own, &mixed);
            if call == Call::new(route, own, own) {
                continue;
            }
            tried += 1;
            let answer = Answer::to(caller, call).await;
            answer.has_nothing_of(everything, "somebody who names it in a body", route);
        }
    }
    assert!(tried > 10, "{tried}");
}

/// What a request was answered.
struct Answer {
    status: StatusCode,
    code: Option<ErrorCode>,
    body: Vec<u8>,
}

impl Answer {
    async fn to(caller: &Client, call: Call) -> Self {
        let response = send(call.by(caller)).await;
        let status = response.status();
        let body = response.bytes().await.expect("the answer is whole").to_vec();
        let problem = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        let code = serde_json::from_value(problem["code"].clone()).ok().filter(|_| !status.is_success());
        Self { status, code, body }
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    #[track_caller]
    fn has_nothing_of(&self, everything: &Everything, who: &str, route: &str) {
        assert!(!self.status.is_server_error(), "{who}: {route}: {}", self.status);
        let known = everything.identifiers();
        let seen: Vec<Uuid> = identifiers(&self.body).filter(|id| known.contains(id)).collect();
        assert!(seen.is_empty(), "{who} sees {seen:?}: {route}: {}", String::from_utf8_lossy(&self.body));
    }
}

/// Things that are nobody's, to look at calls without making them.
fn things(seed: u128) -> Things {
    let mut next = seed << 64;
    let mut id = || {
        next += 1;
        Uuid::from_u128(next)
    };
    Things {
        project: dto::ProjectId(id()),
        label: dto::LabelId(id()),
        images: vec![dto::ImageId(id()), dto::ImageId(id())],
        model: dto::ModelId(id()),
        earlier: dto::ModelId(id()),
        session: dto::SessionId(id()),
        token: dto::TokenId(id()),
    }
}
