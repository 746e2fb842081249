//! Files of models.

use super::Check;
use crate::{
    model_files::{self, Fault, ModelFiles},
    progress::Progress,
};
use store::{KeptModel, StoreError};

const PAGE: u32 = 100;

impl Check {
    /// Looks at the files of every model that can predict; answers how many these are.
    pub(super) async fn models(&mut self) -> Result<u64, StoreError> {
        let mut progress = Progress::new("models", self.store.ready_count().await?);
        let mut after = None;
        loop {
            let page = self.store.ready_models(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(progress.done) };
            after = Some(last.id);
            for model in &page {
                progress.step();
                self.model(model).await?;
            }
        }
    }

    async fn model(&mut self, model: &KeptModel) -> Result<(), StoreError> {
        let files = ModelFiles::read(&self.store, model).await?;
        let fault = files.fault(model);
        // Somebody may have deleted it since its row was read.
        if fault.is_none() && files.card().is_some() || !self.store.is_ready(model.id).await? {
            return Ok(());
        }
        let name = format!("Model “{}” of {} (project “{}”)", model.name, model.username, model.project);
        match fault {
            None => {
                self.report.finding(&format!("{name}: its card is missing or damaged."), "It predicts all the same.")
            }
            Some(Fault { key, what }) => {
                if self.repair {
                    self.store.break_model(model.id, &model_files::damaged()).await?;
                    self.store.blobs().set_aside(&key).await?;
                }
                let about_it = self.done("It counts as failed now; training again replaces it.");
                self.report.finding(&format!("{name}: {what}"), about_it);
            }
        }
        Ok(())
    }
}
