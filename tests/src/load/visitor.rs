//! One of the many: does one thing after another, and remembers what it was promised.

use super::{Action, Outcome};
use crate::{Answer, File, Person, Server, pictures::Motif};
use dto::{
    ImageId, LabelId, ModelId, Problem,
    image::{Image, ImageQuery},
    model::{Status, TrainRequest},
};
use fastrand::Rng;
use reqwest::header;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// Pictures of each label to begin with: enough to train.
const FIRST_PICTURES: u64 = 3;
/// Pictures whose files are looked at in the end.
const READ_AGAIN: usize = 3;
/// Pictures of one upload.
const PICTURES: u64 = 2;

pub struct Visitor {
    person: Person,
    random: Rng,
    labels: Vec<LabelId>,
    /// Pictures that may be labelled anew; the first ones keep their labels, so that there is always enough to train.
    later: Vec<ImageId>,
    /// The label that each acknowledged picture has; `None` inside when the last change of it was not acknowledged, so
    /// that either may be there.
    images: HashMap<ImageId, Option<Option<LabelId>>>,
    models: Vec<ModelId>,
    next_seed: u64,
    outcome: Outcome,
}

impl Visitor {
    /// Signs up, uploads a few pictures, trains a first model, and uploads more.
    pub async fn arrive(server: &Server, number: u64) -> Self {
        let person = Person::new(server).await;
        let mut visitor = Self {
            person,
            random: Rng::with_seed(number),
            labels: Vec::new(),
            later: Vec::new(),
            images: HashMap::new(),
            models: Vec::new(),
            // Nobody sends what another has sent: that would be embedded already.
            next_seed: number << 24,
            outcome: Outcome::default(),
        };
        for motif in [Motif::Circles, Motif::Stripes] {
            let files = motif.files_from(visitor.seeds(FIRST_PICTURES), FIRST_PICTURES);
            let images = visitor.person.upload(&files, Some(motif.label())).await;
            visitor.labels.extend(images.first().and_then(|image| image.label_id));
            visitor.remember(images);
        }
        visitor.models.push(visitor.person.train().await.id);
        visitor.upload().await.expect("the upload is in order");
        visitor
    }

    pub async fn stay_until(&mut self, end: Instant, pause: Duration) {
        while Instant::now() < end {
            let action = self.choose();
            self.act(action).await;
            tokio::time::sleep(pause.mul_f64(2.0 * self.random.f64())).await;
        }
    }

    /// Looks whether everything that was promised is there.
    pub async fn leave(mut self) -> Outcome {
        let found = match self.all_images().await {
            Ok(found) => found,
            Err(problem) => {
                self.outcome.failures.push(format!("the pictures can't be listed: {problem}"));
                return self.outcome;
            }
        };
        for (id, promised) in &self.images {
            match (found.get(id), promised) {
                (None, _) => self.outcome.lost.push(format!("image {id} is gone")),
                (Some(label), Some(promised)) if label != promised => {
                    self.outcome.lost.push(format!("image {id} has the label {label:?}, not {promised:?}"));
                }
                _ => {}
            }
        }
        for id in self.later.iter().rev().take(READ_AGAIN) {
            let answer = self.person.api.image_file(*id).await;
            let (status, tag) = (answer.status(), answer.headers().get(header::ETAG).cloned());
            let sha256 = hex::encode(Sha256::digest(answer.bytes().await.unwrap_or_default()));
            if !status.is_success() || tag.is_none_or(|tag| tag != format!("\"{sha256}\"")) {
                self.outcome.lost.push(format!("the file of image {id} is not the one that was sent: {status}"));
            }
        }
        for id in &self.models {
            match self.person.api.model(*id).await {
                Ok(model) if model.status == Status::Ready => {}
                other => self.outcome.lost.push(format!("model {id} was ready, and is {other:?}")),
            }
        }
        if let Err(problem) = self.predict().await {
            self.outcome.failures.push(format!("the last model does not predict: {problem}"));
        }
        self.outcome
    }

    fn choose(&mut self) -> Action {
        let mut place = self.random.u32(0..Action::ALL.into_iter().map(Action::share).sum());
        for action in Action::ALL {
            match place.checked_sub(action.share()) {
                None => return action,
                Some(rest) => place = rest,
            }
        }
        Action::List
    }

    async fn act(&mut self, action: Action) {
        let begun = Instant::now();
        let answer = match action {
            Action::List => self.list().await,
            Action::Label => self.label().await,
            Action::Upload => self.upload().await,
            Action::Predict => self.predict().await,
            Action::Train => self.train().await,
        };
        match answer {
            Ok(()) => self.outcome.seconds.entry(action).or_default().push(begun.elapsed().as_secs_f64()),
            Err(problem) if problem.status >= 500 => self.outcome.failures.push(format!("{action:?}: {problem}")),
            Err(problem) => *self.outcome.refused.entry((action, problem.code.as_str())).or_default() += 1,
        }
    }

    async fn list(&self) -> Answer<()> {
        self.person.api.images(self.person.project, &ImageQuery::default()).await.map(drop)
    }

    async fn label(&mut self) -> Answer<()> {
        let (picture, label) = (self.random.usize(0..self.later.len()), self.random.usize(0..self.labels.len()));
        let (id, label) = (self.later[picture], self.labels[label]);
        self.images.insert(id, None);
        self.person.api.label_image(id, Some(label)).await?;
        self.images.insert(id, Some(Some(label)));
        Ok(())
    }

    async fn upload(&mut self) -> Answer<()> {
        let (motif, seed) = (self.motif(), self.seeds(PICTURES));
        let label = self.random.bool().then_some(motif.label());
        let upload = self.person.api.upload(self.person.project, &motif.files_from(seed, PICTURES), label).await?;
        let images: Vec<Image> = upload.items.into_iter().filter_map(|item| item.image).collect();
        self.later.extend(images.iter().map(|image| image.id));
        self.remember(images);
        Ok(())
    }

    async fn predict(&mut self) -> Answer<()> {
        let (motif, seed) = (self.motif(), self.seeds(1));
        let files: Vec<File> = motif.files_from(seed, 1);
        self.person.api.predict_in_project(self.person.project, &files).await.map(drop)
    }

    async fn train(&mut self) -> Answer<()> {
        let id = self.person.api.train(self.person.project, &TrainRequest::default()).await?.id;
        // As the page does; many that ask again and again would be a load of another kind.
        self.person.api.events(id).await?.to_end().await;
        let model = self.person.api.model(id).await?;
        match model.status {
            Status::Ready => self.models.push(id),
            status => self.outcome.failures.push(format!("a run is {}: {:?}", status.as_str(), model.problem)),
        }
        Ok(())
    }

    async fn all_images(&self) -> Result<HashMap<ImageId, Option<LabelId>>, Problem> {
        let (mut found, mut cursor) = (HashMap::new(), None);
        loop {
            let query = ImageQuery { cursor, ..ImageQuery::default() };
            let page = self.person.api.images(self.person.project, &query).await?;
            found.extend(page.items.into_iter().map(|image| (image.id, image.label_id)));
            match page.next_cursor {
                Some(next) => cursor = Some(next),
                None => return Ok(found),
            }
        }
    }

    fn remember(&mut self, images: impl IntoIterator<Item = Image>) {
        self.images.extend(images.into_iter().map(|image| (image.id, Some(image.label_id))));
    }

    fn motif(&mut self) -> Motif {
        if self.random.bool() { Motif::Circles } else { Motif::Stripes }
    }

    /// The first of so many that were not given out before.
    fn seeds(&mut self, count: u64) -> u64 {
        let first = self.next_seed;
        self.next_seed += count;
        first
    }
}
