//! Models: training runs, and what comes of them.

mod change;
mod create;
mod finish;
mod list;
mod overlooked;
mod progress;
mod ready;

pub use create::NewModel;
pub use finish::{Finished, LabelDoubt, ModelPrediction};
pub use progress::{QueuedRun, Run, RunProgress, Sample, Standing};
pub use ready::ReadyModel;

use crate::{
    database::{CHUNK, one_off, placeholders},
    error::Result,
    row::Columns,
};
use dto::{ModelId, label::LabelRef};
use sqlx::AnyPool;
use std::collections::HashMap;

/// The labels of many models in their order, under their names of now, or of then for those deleted since.
async fn labels_of(pool: &AnyPool, models: &[ModelId]) -> Result<HashMap<ModelId, Vec<LabelRef>>> {
    let mut labels: HashMap<ModelId, Vec<LabelRef>> = HashMap::with_capacity(models.len());
    for chunk in models.chunks(CHUNK) {
        let list = placeholders(1..1 + chunk.len());
        let mut select = one_off(format!(
            "SELECT ml.model_id, ml.label_id, COALESCE(l.name, ml.name) AS name
             FROM model_labels ml LEFT JOIN labels l ON l.id = ml.label_id
             WHERE ml.model_id IN {list} ORDER BY ml.model_id, ml.position"
        ));
        for id in chunk {
            select = select.bind(id.to_string());
        }
        for row in select.fetch_all(pool).await? {
            let label = LabelRef { id: row.parsed("label_id")?, name: row.text("name")? };
            labels.entry(row.parsed("model_id")?).or_default().push(label);
        }
    }
    Ok(labels)
}
