//! Training, and what comes of it.

use super::{Answer, Client, ask, ask_nothing, problem_in, send};
use crate::{
    deadline::eventually,
    events::EventStream,
    files::{File, form},
};
use dto::{
    ModelId, Page, ProjectId,
    model::{Model, ModelChange, TrainRequest},
    predict::Predictions,
    result::{ImageResult, ResultQuery},
};
use reqwest::{StatusCode, multipart::Form};

impl Client {
    pub async fn train(&self, project: ProjectId, request: &TrainRequest) -> Answer<Model> {
        ask(self.post(&format!("/projects/{project}/train")).json(request), StatusCode::ACCEPTED).await
    }

    pub async fn models(&self, project: ProjectId) -> Answer<Page<Model>> {
        ask(self.get(&format!("/projects/{project}/models")), StatusCode::OK).await
    }

    pub async fn model(&self, id: ModelId) -> Answer<Model> {
        ask(self.get(&format!("/models/{id}")), StatusCode::OK).await
    }

    pub async fn rename_model(&self, id: ModelId, name: &str) -> Answer<Model> {
        ask(self.patch(&format!("/models/{id}")).json(&ModelChange { name: name.into() }), StatusCode::OK).await
    }

    pub async fn delete_model(&self, id: ModelId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/models/{id}"))).await
    }

    /// Waits until nothing more will happen to a run, however it ends.
    pub async fn wait_until_over(&self, id: ModelId) -> Model {
        eventually("the run is over", async || {
            let model = self.model(id).await.expect("the model was just made");
            model.status.is_over().then_some(model)
        })
        .await
    }

    /// What a run reports while it goes on.
    pub async fn events(&self, id: ModelId) -> Answer<EventStream> {
        let response = send(self.get(&format!("/models/{id}/events"))).await;
        if !response.status().is_success() {
            return Err(problem_in(response).await);
        }
        Ok(EventStream::new(response))
    }

    /// Asks a run to stop; it may go on for an epoch.
    pub async fn cancel(&self, id: ModelId) -> Answer<Model> {
        ask(self.post(&format!("/models/{id}/cancel")), StatusCode::ACCEPTED).await
    }

    pub async fn results(&self, id: ModelId, query: &ResultQuery) -> Answer<Page<ImageResult>> {
        ask(self.get(&format!("/models/{id}/results")).query(query), StatusCode::OK).await
    }

    /// The images whose prediction differs from the label that they have now.
    pub async fn mistakes(&self, id: ModelId) -> Answer<Page<ImageResult>> {
        self.results(id, &ResultQuery { mistakes: Some(true), ..ResultQuery::default() }).await
    }

    /// Asks one model about files.
    pub async fn predict(&self, model: ModelId, files: &[File]) -> Answer<Predictions> {
        self.predict_form(model, form(files)).await
    }

    /// Asks one model, with a multipart body of one's own making.
    pub async fn predict_form(&self, model: ModelId, form: Form) -> Answer<Predictions> {
        ask(self.post(&format!("/models/{model}/predict")).multipart(form), StatusCode::OK).await
    }

    /// Asks the project's active model.
    pub async fn predict_in_project(&self, project: ProjectId, files: &[File]) -> Answer<Predictions> {
        ask(self.post(&format!("/projects/{project}/predict")).multipart(form(files)), StatusCode::OK).await
    }
}
