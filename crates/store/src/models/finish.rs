//! The end of a run. Each of these answers whether it was this call that ended it: a run ends once.

use crate::{
    Run, Store,
    clock::now,
    database::{CHUNK, Write, one_off},
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ImageId, LabelId, ModelId, Problem,
    model::{AccuracyKind, Status},
};

/// What a run that succeeded has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// 0 to 1, on images it had not learned from; `None` when none could be kept aside.
    pub accuracy: Option<f64>,
    /// Of `accuracy`: `[low, high]`.
    pub accuracy_interval: Option<[f64; 2]>,
    pub accuracy_kind: Option<AccuracyKind>,
    /// 0 to 1, on the images it learned from.
    pub training_accuracy: f64,
    pub train_seconds: f64,
    /// The blob that holds the trained layer, and its SHA-256 in hexadecimal.
    pub file_key: String,
    pub file_sha256: String,
    /// Of all files that it is kept in.
    pub file_bytes: u64,
    /// One for each image that it learned from.
    pub predictions: Vec<ModelPrediction>,
}

/// What a model says of an image of its snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelPrediction {
    pub image_id: ImageId,
    pub label_id: LabelId,
    /// Of that label, and of the one that it learned, 0 to 1.
    pub probability: f64,
    pub given_probability: f64,
    /// Whether it comes from a model that had not learned from this image.
    pub out_of_fold: bool,
    /// Whether its label may be wrong; `None` unless out of fold.
    pub doubt: Option<LabelDoubt>,
}

/// How far an image's label is to be doubted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelDoubt {
    /// 0 to 1, the higher the more.
    pub suspicion: f64,
    /// What fits best of the other labels.
    pub suggested: LabelId,
    /// Whether it is probably wrong.
    pub likely: bool,
}

impl Store {
    /// Makes a running run ready, with its results; both or neither, and neither if another attempt has begun since. It
    /// replaces the project's draft, if there is one.
    pub async fn finish_model(&self, run: &Run, finished: &Finished) -> Result<bool> {
        let id = run.id;
        let mut write = self.database.write().await?;
        let changed = one_off(
            "UPDATE models SET status = 'ready', phase = NULL, image_count = $1, accuracy = $2, accuracy_low = $3,
                 accuracy_high = $4, accuracy_kind = $5, training_accuracy = $6, train_seconds = $7, file_key = $8,
                 finished_at = $9, file_sha256 = $10, file_bytes = $11
             WHERE id = $12 AND status = 'running' AND attempts = $13 AND kept_epochs = $14",
        )
        .bind(finished.predictions.len() as i64)
        .bind(finished.accuracy)
        .bind(finished.accuracy_interval.map(|[low, _]| low))
        .bind(finished.accuracy_interval.map(|[_, high]| high))
        .bind(finished.accuracy_kind.map(AccuracyKind::as_str))
        .bind(finished.training_accuracy)
        .bind(finished.train_seconds)
        .bind(&finished.file_key)
        .bind(now().millis())
        .bind(&finished.file_sha256)
        .bind(finished.file_bytes as i64)
        .bind(id.to_string())
        .bind(i64::from(run.attempts))
        .bind(i64::from(run.kept_epochs))
        .execute(&mut *write)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        write_predictions(&mut write, id, &finished.predictions).await?;
        let replaced = delete_older_drafts(&mut write, id).await?;
        write.commit().await?;
        for draft in replaced {
            self.delete_model_files(draft).await?;
        }
        Ok(true)
    }

    /// Makes a queued or running run failed.
    pub async fn fail_model(&self, id: ModelId, problem: &Problem) -> Result<bool> {
        let problem =
            serde_json::to_string(problem).map_err(|error| StoreError::Corrupt(format!("problem: {error}")))?;
        self.end(id, Status::Failed, Some(problem)).await
    }

    /// Makes a run cancelled that was asked to stop and has not ended yet.
    pub async fn cancel_model(&self, id: ModelId) -> Result<bool> {
        self.end(id, Status::Cancelled, None).await
    }

    async fn end(&self, id: ModelId, status: Status, problem: Option<String>) -> Result<bool> {
        let mut write = self.database.write().await?;
        // Only who was asked to stop is cancelled; whoever can't go on fails whether asked or not.
        let changed = sqlx::query(
            "UPDATE models SET status = $1, phase = NULL, problem = $2, finished_at = $3
             WHERE id = $4 AND status IN ('queued', 'running') AND ($5 = 0 OR cancel_requested = 1)",
        )
        .bind(status.as_str())
        .bind(problem)
        .bind(now().millis())
        .bind(id.to_string())
        .bind(i64::from(status == Status::Cancelled))
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(changed.rows_affected() > 0)
    }
}

/// Deletes the project's drafts that are ready, but for this model.
async fn delete_older_drafts(write: &mut Write, id: ModelId) -> Result<Vec<ModelId>> {
    let rows = sqlx::query(
        "DELETE FROM models WHERE version < 0 AND status = 'ready' AND id <> $1
             AND project_id = (SELECT m.project_id FROM models m WHERE m.id = $1)
         RETURNING id",
    )
    .bind(id.to_string())
    .fetch_all(&mut **write)
    .await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

async fn write_predictions(write: &mut Write, id: ModelId, predictions: &[ModelPrediction]) -> Result<()> {
    const COLUMNS: usize = 8;
    for chunk in predictions.chunks(CHUNK) {
        // Both databases call the columns of a VALUES list column1, column2…
        let rows: Vec<_> = (0..chunk.len())
            .map(|row| 2 + row * COLUMNS)
            .map(|first| {
                let columns: Vec<_> = (first..first + COLUMNS).map(|place| format!("${place}")).collect();
                format!("({})", columns.join(", "))
            })
            .collect();
        let mut update = one_off(format!(
            "UPDATE results SET predicted_id = v.column2, probability = v.column3, out_of_fold = v.column4,
                 given_probability = v.column5, suspicion = v.column6, suggested_id = v.column7, likely_error = v.column8
             FROM (VALUES {}) AS v WHERE results.model_id = $1 AND results.image_id = v.column1",
            rows.join(", ")
        ))
        .bind(id.to_string());
        for prediction in chunk {
            update = update
                .bind(prediction.image_id.to_string())
                .bind(prediction.label_id.to_string())
                .bind(prediction.probability)
                .bind(i64::from(prediction.out_of_fold))
                .bind(prediction.given_probability)
                .bind(prediction.doubt.map(|doubt| doubt.suspicion))
                .bind(prediction.doubt.map(|doubt| doubt.suggested.to_string()))
                .bind(prediction.doubt.map(|doubt| i64::from(doubt.likely)));
        }
        update.execute(&mut **write).await?;
    }
    Ok(())
}
