//! What somebody has: one of each kind to name in a call, and all of it to compare.

use super::calls::{Call, Needs, ROUTES};
use dto::{
    ImageId, LabelId, ModelId, ProjectId, SessionId, TokenId,
    access::{NewAccessToken, Scope},
    image::ImageQuery,
    suggestion::SuggestionQuery,
};
use pupil_tests::{Client, Person, client::send, deadline::eventually, pictures::Motif};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A project with something of every kind, and what its owner has besides.
#[derive(Clone)]
pub struct Things {
    pub project: ProjectId,
    pub label: LabelId,
    pub images: Vec<ImageId>,
    pub model: ModelId,
    /// To compare with.
    pub earlier: ModelId,
    pub session: SessionId,
    pub token: TokenId,
}

impl Things {
    /// Fills a project of this person, and waits until nothing in it changes by itself any more.
    pub async fn of(person: &Person, project: ProjectId) -> Self {
        let person = person.in_project(project);
        let [images, _] = person.upload_both(8).await;
        let earlier = person.train().await.id;
        let unlabelled = person.upload(&Motif::Circles.files_from(600, 3), None).await;
        let model = person.train().await.id;
        eventually("all is embedded", async || {
            let images = person.api.images(project, &ImageQuery::default()).await.expect("one's own").items;
            let suggested = person.api.suggestions(project, &SuggestionQuery::default()).await.expect("it is trained");
            (images.iter().all(|image| image.embedded) && suggested.pending == 0).then_some(())
        })
        .await;
        let labels = person.api.labels(project).await.expect("one's own").items;
        let token = person.api.create_token(&all_scopes("a script", None)).await.expect("a log-in may").access_token;
        Self {
            project,
            label: labels[0].id,
            images: [images[0].id, unlabelled[0].id].into(),
            model,
            earlier,
            session: person.api.sessions().await.expect("a log-in may").items[0].id,
            token: token.id,
        }
    }

    /// The thing to name after this segment of a path.
    pub fn of_kind(&self, kind: &str) -> Uuid {
        match kind {
            "projects" => self.project.0,
            "labels" => self.label.0,
            "images" => self.images[0].0,
            "models" => self.model.0,
            "compare" => self.earlier.0,
            "sessions" => self.session.0,
            "tokens" => self.token.0,
            _ => panic!("what is named after “{kind}”? Tell the walk."),
        }
    }

    /// Copies of these things, each with one kind exchanged for another's.
    pub fn each_exchanged(&self, other: &Self) -> Vec<Self> {
        vec![
            Self { project: other.project, ..self.clone() },
            Self { label: other.label, ..self.clone() },
            Self { images: other.images.clone(), ..self.clone() },
            Self { images: vec![self.images[0], other.images[1]], ..self.clone() },
            Self { model: other.model, ..self.clone() },
            other.clone(),
        ]
    }
}

/// A token for everything, in one project or in all.
pub fn all_scopes(name: &str, project_id: Option<ProjectId>) -> NewAccessToken {
    NewAccessToken { name: name.into(), scopes: Scope::ALL.to_vec(), project_id, expires_at: None }
}

/// Everything that its owner can see, by route; of what is noted about the asking itself, nothing.
#[derive(PartialEq)]
pub struct Everything(BTreeMap<&'static str, Vec<u8>>);

impl Everything {
    pub async fn of(owner: &Client, things: &Things) -> Self {
        let mut seen = BTreeMap::new();
        for (route, needs) in ROUTES {
            if !route.starts_with("GET") || *needs == Needs::Nothing {
                continue;
            }
            let response = send(Call::new(route, things, things).by(owner)).await;
            assert!(response.status().is_success(), "{route}: {}", response.status());
            let body = response.bytes().await.expect("the answer is whole").to_vec();
            seen.insert(*route, without_last_use(body));
        }
        Self(seen)
    }

    /// All identifiers in it, of what paths name.
    pub fn identifiers(&self) -> BTreeSet<Uuid> {
        let named = self.0.iter().filter(|(route, _)| Call::names_something(route));
        named.flat_map(|(_, body)| identifiers(body)).collect()
    }

    #[track_caller]
    pub fn assert_same_as(&self, before: &Self, after_what: &str) {
        for (route, body) in &self.0 {
            let (was, is) = (String::from_utf8_lossy(&before.0[route]), String::from_utf8_lossy(body));
            assert!(was == is, "{after_what}, {route} answers something else.\nbefore: {was}\nafter: {is}");
        }
    }
}

/// Every identifier in a text.
pub fn identifiers(body: &[u8]) -> impl Iterator<Item = Uuid> {
    let found = body.windows(36).filter(|window| window[8] == b'-' && window[13] == b'-');
    found.filter_map(|window| Uuid::try_parse_ascii(window).ok())
}

fn without_last_use(body: Vec<u8>) -> Vec<u8> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("last_used_at");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(mut value) => {
            strip(&mut value);
            value.to_string().into_bytes()
        }
        Err(_) => body,
    }
}
