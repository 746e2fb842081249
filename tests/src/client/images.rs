//! Uploading, listing and changing images.

use super::{Answer, Client, ask, ask_nothing};
use crate::files::{File, form};
use dto::{
    ImageId, LabelId, Page, ProjectId,
    image::{BulkLabel, Changed, Image, ImageChange, ImageIds, ImageQuery, Upload},
};
use reqwest::{Response, StatusCode, multipart::Form};

impl Client {
    /// Uploads files, under a label of this name if given.
    pub async fn upload(&self, project: ProjectId, files: &[File], label: Option<&str>) -> Answer<Upload> {
        let form = form(files);
        let form = match label {
            Some(label) => form.text("label", label.to_owned()),
            None => form,
        };
        self.upload_form(project, form).await
    }

    /// Uploads a multipart body of one's own making.
    pub async fn upload_form(&self, project: ProjectId, form: Form) -> Answer<Upload> {
        ask(self.post(&format!("/projects/{project}/images")).multipart(form), StatusCode::OK).await
    }

    pub async fn images(&self, project: ProjectId, query: &ImageQuery) -> Answer<Page<Image>> {
        ask(self.get(&format!("/projects/{project}/images")).query(query), StatusCode::OK).await
    }

    pub async fn image(&self, id: ImageId) -> Answer<Image> {
        ask(self.get(&format!("/images/{id}")), StatusCode::OK).await
    }

    /// The original, whatever the server answers.
    pub async fn image_file(&self, id: ImageId) -> Response {
        super::send(self.get(&format!("/images/{id}/file"))).await
    }

    /// The thumbnail, whatever the server answers.
    pub async fn thumbnail(&self, id: ImageId) -> Response {
        super::send(self.get(&format!("/images/{id}/thumbnail"))).await
    }

    /// Gives an image a label, or takes its label away.
    pub async fn label_image(&self, id: ImageId, label_id: Option<LabelId>) -> Answer<Image> {
        ask(self.patch(&format!("/images/{id}")).json(&ImageChange { label_id }), StatusCode::OK).await
    }

    pub async fn delete_image(&self, id: ImageId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/images/{id}"))).await
    }

    pub async fn label_images(
        &self,
        project: ProjectId,
        image_ids: &[ImageId],
        label_id: Option<LabelId>,
    ) -> Answer<Changed> {
        let body = BulkLabel { image_ids: image_ids.to_vec(), label_id };
        ask(self.post(&format!("/projects/{project}/images/label")).json(&body), StatusCode::OK).await
    }

    pub async fn delete_images(&self, project: ProjectId, image_ids: &[ImageId]) -> Answer<Changed> {
        self.change_images(project, "delete", image_ids).await
    }

    pub async fn restore_images(&self, project: ProjectId, image_ids: &[ImageId]) -> Answer<Changed> {
        self.change_images(project, "restore", image_ids).await
    }

    async fn change_images(&self, project: ProjectId, change: &str, image_ids: &[ImageId]) -> Answer<Changed> {
        let body = ImageIds { image_ids: image_ids.to_vec() };
        ask(self.post(&format!("/projects/{project}/images/{change}")).json(&body), StatusCode::OK).await
    }
}
