//! What models and embeddings tell of images and of one another.

use super::{Answer, Client, ask, problem_in, send};
use crate::files::{File, form};
use dto::{
    ImageId, ModelId, Page, ProjectId,
    card::ModelCard,
    evaluation::{Comparison, Evaluation, LabelError, LabelErrorQuery},
    image::{Changed, Confirmation},
    likeness::{Duplicates, ImageMap},
    project::{Project, ProjectChange},
    suggestion::{AcceptSuggestions, AcceptedSuggestions, SuggestionQuery, Suggestions},
};
use reqwest::{RequestBuilder, StatusCode, header};

impl Client {
    pub async fn evaluation(&self, id: ModelId) -> Answer<Evaluation> {
        ask(self.get(&format!("/models/{id}/evaluation")), StatusCode::OK).await
    }

    pub async fn label_errors(&self, id: ModelId, query: &LabelErrorQuery) -> Answer<Page<LabelError>> {
        ask(self.get(&format!("/models/{id}/label-errors")).query(query), StatusCode::OK).await
    }

    pub async fn confirm(&self, project: ProjectId, image_ids: Vec<ImageId>, confirmed: bool) -> Answer<Changed> {
        let body = Confirmation { image_ids, confirmed };
        ask(self.post(&format!("/projects/{project}/images/confirm")).json(&body), StatusCode::OK).await
    }

    pub async fn compare(&self, before: ModelId, after: ModelId) -> Answer<Comparison> {
        ask(self.get(&format!("/models/{before}/compare/{after}")), StatusCode::OK).await
    }

    pub async fn card(&self, id: ModelId) -> Answer<ModelCard> {
        ask(self.get(&format!("/models/{id}/card")), StatusCode::OK).await
    }

    pub async fn suggestions(&self, project: ProjectId, query: &SuggestionQuery) -> Answer<Suggestions> {
        ask(self.get(&format!("/projects/{project}/suggestions")).query(query), StatusCode::OK).await
    }

    pub async fn accept(&self, project: ProjectId, which: &AcceptSuggestions) -> Answer<AcceptedSuggestions> {
        ask(self.post(&format!("/projects/{project}/suggestions/accept")).json(which), StatusCode::OK).await
    }

    pub async fn duplicates(&self, project: ProjectId) -> Answer<Duplicates> {
        ask(self.get(&format!("/projects/{project}/duplicates")), StatusCode::OK).await
    }

    pub async fn map(&self, project: ProjectId) -> Answer<ImageMap> {
        ask(self.get(&format!("/projects/{project}/map")), StatusCode::OK).await
    }

    /// Has drafts trained while labels change, or no longer.
    pub async fn learn_as_labelled(&self, project: ProjectId, learns: bool) -> Answer<Project> {
        let change = ProjectChange { learns_as_labelled: Some(learns), ..ProjectChange::default() };
        self.change_project(project, &change).await
    }

    /// The heat map of a stored image, as PNG; `query` without its question mark.
    pub async fn heat_map(&self, model: ModelId, image: ImageId, query: &str) -> Answer<Vec<u8>> {
        png(self.get(&format!("/models/{model}/images/{image}/heatmap?{query}"))).await
    }

    /// The heat map of a picture that is not stored, as PNG.
    pub async fn heat_map_of(&self, model: ModelId, file: File) -> Answer<Vec<u8>> {
        png(self.post(&format!("/models/{model}/heatmap")).multipart(form(&[file]))).await
    }
}

async fn png(request: RequestBuilder) -> Answer<Vec<u8>> {
    let response = send(request).await;
    if !response.status().is_success() {
        return Err(problem_in(response).await);
    }
    assert_eq!(response.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes()), Some(&b"image/png"[..]));
    Ok(response.bytes().await.expect("the answer is whole").to_vec())
}
