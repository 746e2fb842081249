//! Someone who uses Pupil: a fresh user for each test, so that tests don't meet.

use crate::{
    client::{Answer, Client},
    deadline::eventually,
    files::File,
    pictures::Motif,
    server::Server,
};
use dto::{
    ModelId, ProjectId,
    auth::User,
    image::{Image, ImageQuery},
    model::{Model, Status, TrainRequest},
};
use uuid::Uuid;

/// A user with the project that came with signing up.
#[derive(Clone)]
pub struct Person {
    /// Speaks for this user.
    pub api: Client,
    pub user: User,
    pub password: String,
    pub token: String,
    pub project: ProjectId,
}

impl Person {
    /// Signs up under a name that nobody has.
    pub async fn new(server: &Server) -> Self {
        Self::named(server, &format!("user-{}", Uuid::new_v4().simple())).await
    }

    /// Signs up under this name, which nobody may have.
    pub async fn named(server: &Server, username: &str) -> Self {
        let password = Uuid::new_v4().to_string();
        let session = server.client().sign_up(username, &password).await.expect("the name is new");
        let api = server.client().with_token(&session.token);
        let projects = api.projects().await.expect("the token is new").items;
        let project = projects.first().expect("signing up makes a project").id;
        Self { api, user: session.user, password, token: session.token, project }
    }

    /// The same user, of a server that was started anew.
    pub fn at(self, server: &Server) -> Self {
        Self { api: self.api_at(server), ..self }
    }

    /// Speaks for the same user with another server.
    pub fn api_at(&self, server: &Server) -> Client {
        server.client().with_token(&self.token)
    }

    /// The same user, at work in another project.
    pub fn in_project(&self, project: ProjectId) -> Self {
        Self { project, ..self.clone() }
    }

    /// Uploads files of which none may be refused, and returns the images in the same order.
    pub async fn upload(&self, files: &[File], label: Option<&str>) -> Vec<Image> {
        let upload = self.api.upload(self.project, files, label).await.expect("the upload is in order");
        let image = |item: dto::image::UploadedFile| item.image.unwrap_or_else(|| panic!("{:?}", item.problem));
        upload.items.into_iter().map(image).collect()
    }

    /// Uploads `count` pictures of a motif under its label.
    pub async fn upload_motif(&self, motif: Motif, count: u64) -> Vec<Image> {
        self.upload(&motif.files(count), Some(motif.label())).await
    }

    /// Uploads `count` pictures of each motif, labelled.
    pub async fn upload_both(&self, count: u64) -> [Vec<Image>; 2] {
        [self.upload_motif(Motif::Circles, count).await, self.upload_motif(Motif::Stripes, count).await]
    }

    /// Trains with the defaults and waits for the model.
    pub async fn train(&self) -> Model {
        self.train_as(&TrainRequest::default()).await.expect("there is enough to learn from")
    }

    /// Trains and waits for the model.
    pub async fn train_as(&self, request: &TrainRequest) -> Answer<Model> {
        let id = self.api.train(self.project, request).await?.id;
        Ok(self.wait_ready(id).await)
    }

    /// Waits until the server has looked at the newest pictures of the project.
    pub async fn wait_embedded(&self) {
        eventually("all pictures are looked at", async || {
            let images = self.api.images(self.project, &ImageQuery::default()).await.ok()?.items;
            images.iter().all(|image| image.embedded).then_some(())
        })
        .await;
    }

    /// Waits until a model is ready.
    ///
    /// # Panics
    /// When the run ends otherwise.
    pub async fn wait_ready(&self, id: ModelId) -> Model {
        let model = self.api.wait_until_over(id).await;
        assert_eq!(model.status, Status::Ready, "{:?}", model.problem);
        model
    }
}
