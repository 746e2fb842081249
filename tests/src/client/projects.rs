//! Projects and their labels.

use super::{Answer, Client, ask, ask_nothing};
use dto::{
    LabelId, Page, ProjectId,
    label::{Label, LabelChange, NewLabel},
    project::{NewProject, Project, ProjectChange},
};
use reqwest::StatusCode;

impl Client {
    pub async fn projects(&self) -> Answer<Page<Project>> {
        ask(self.get("/projects"), StatusCode::OK).await
    }

    pub async fn create_project(&self, name: &str) -> Answer<Project> {
        ask(self.post("/projects").json(&NewProject { name: name.into() }), StatusCode::CREATED).await
    }

    pub async fn project(&self, id: ProjectId) -> Answer<Project> {
        ask(self.get(&format!("/projects/{id}")), StatusCode::OK).await
    }

    pub async fn change_project(&self, id: ProjectId, change: &ProjectChange) -> Answer<Project> {
        ask(self.patch(&format!("/projects/{id}")).json(change), StatusCode::OK).await
    }

    pub async fn delete_project(&self, id: ProjectId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/projects/{id}"))).await
    }

    pub async fn labels(&self, project: ProjectId) -> Answer<Page<Label>> {
        ask(self.get(&format!("/projects/{project}/labels")), StatusCode::OK).await
    }

    pub async fn create_label(&self, project: ProjectId, name: &str) -> Answer<Label> {
        self.create_label_with(project, &NewLabel { name: name.into(), color: None }).await
    }

    pub async fn create_label_with(&self, project: ProjectId, label: &NewLabel) -> Answer<Label> {
        ask(self.post(&format!("/projects/{project}/labels")).json(label), StatusCode::CREATED).await
    }

    pub async fn change_label(&self, id: LabelId, change: &LabelChange) -> Answer<Label> {
        ask(self.patch(&format!("/labels/{id}")).json(change), StatusCode::OK).await
    }

    pub async fn rename_label(&self, id: LabelId, name: &str) -> Answer<Label> {
        self.change_label(id, &LabelChange { name: Some(name.into()), ..LabelChange::default() }).await
    }

    pub async fn delete_label(&self, id: LabelId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/labels/{id}"))).await
    }
}
