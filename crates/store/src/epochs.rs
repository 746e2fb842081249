//! Epochs: how a run went.

use crate::{
    Store,
    database::{CHUNK, one_off, placeholders, rows_of_placeholders},
    error::{Result, StoreError, is_foreign_key_violation},
    row::Columns,
};
use dto::{ModelId, model::Epoch};
use sqlx::{AnyPool, any::AnyRow};
use std::collections::HashMap;

impl Store {
    /// Adds epochs to a run. An epoch that is there already (of an attempt that was interrupted) is replaced.
    pub async fn add_epochs(&self, model: ModelId, epochs: &[Epoch]) -> Result<()> {
        const COLUMNS: usize = 8;
        let mut write = self.database.write().await?;
        for chunk in epochs.chunks(CHUNK) {
            let rows = rows_of_placeholders(chunk.len(), COLUMNS);
            let mut insert = one_off(format!(
                "INSERT INTO epochs (model_id, epoch, loss, accuracy, validation_loss, validation_accuracy, seconds,
                     elapsed_seconds)
                 VALUES {rows}
                 ON CONFLICT (model_id, epoch) DO UPDATE SET loss = excluded.loss, accuracy = excluded.accuracy,
                     validation_loss = excluded.validation_loss, validation_accuracy = excluded.validation_accuracy,
                     seconds = excluded.seconds, elapsed_seconds = excluded.elapsed_seconds"
            ));
            for epoch in chunk {
                insert = insert
                    .bind(model.to_string())
                    .bind(i64::from(epoch.epoch))
                    .bind(epoch.loss)
                    .bind(epoch.accuracy)
                    .bind(epoch.validation_loss)
                    .bind(epoch.validation_accuracy)
                    .bind(epoch.seconds)
                    .bind(epoch.elapsed_seconds);
            }
            insert.execute(&mut *write).await.map_err(|error| {
                if is_foreign_key_violation(&error) { StoreError::NotFound("model") } else { error.into() }
            })?;
        }
        write.commit().await
    }

    /// A run's epochs in order, from the one after `after`.
    pub async fn epochs(&self, model: ModelId, after: Option<u32>) -> Result<Vec<Epoch>> {
        let rows = sqlx::query("SELECT * FROM epochs WHERE model_id = $1 AND epoch > $2 ORDER BY epoch")
            .bind(model.to_string())
            .bind(after.map_or(-1, i64::from))
            .fetch_all(self.database.read())
            .await?;
        rows.iter().map(epoch).collect()
    }
}

/// The epochs of many runs, in order.
pub(crate) async fn epochs_of(pool: &AnyPool, models: &[ModelId]) -> Result<HashMap<ModelId, Vec<Epoch>>> {
    let mut epochs: HashMap<ModelId, Vec<Epoch>> = HashMap::with_capacity(models.len());
    for chunk in models.chunks(CHUNK) {
        let list = placeholders(1..1 + chunk.len());
        let mut select = one_off(format!("SELECT * FROM epochs WHERE model_id IN {list} ORDER BY model_id, epoch"));
        for id in chunk {
            select = select.bind(id.to_string());
        }
        for row in select.fetch_all(pool).await? {
            epochs.entry(row.parsed("model_id")?).or_default().push(epoch(&row)?);
        }
    }
    Ok(epochs)
}

fn epoch(row: &AnyRow) -> Result<Epoch> {
    Ok(Epoch {
        epoch: row.count("epoch")?,
        loss: row.double("loss")?,
        accuracy: row.double("accuracy")?,
        validation_loss: row.optional_double("validation_loss")?,
        validation_accuracy: row.optional_double("validation_accuracy")?,
        seconds: row.double("seconds")?,
        elapsed_seconds: row.double("elapsed_seconds")?,
    })
}
