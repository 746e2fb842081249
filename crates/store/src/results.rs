//! Results: what a model says of the images it was trained on.

use crate::{
    Store,
    cursor::{Cursor, page, page_size},
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ModelId, Page, UserId,
    limits::PAGE_DEFAULT,
    result::{ImageResult, ResultQuery},
};
use sqlx::{AssertSqlSafe, any::AnyRow};

/// The results of a model after a cursor.
const SELECT_RESULTS: &str = "SELECT r.image_id, i.file_name, r.label_id AS label_at_training_id,
         COALESCE(tl.name, tm.name) AS label_at_training, i.label_id AS current_label_id,
         cl.name AS current_label,
         CASE WHEN i.confirmed_label_id = i.label_id THEN 1 ELSE 0 END AS confirmed, r.predicted_id, COALESCE(pl.name, pm.name) AS predicted, r.probability,
         r.out_of_fold
     FROM results r
     JOIN images i ON i.id = r.image_id AND i.deleted_at IS NULL
     JOIN model_labels tm ON tm.model_id = r.model_id AND tm.label_id = r.label_id
     JOIN model_labels pm ON pm.model_id = r.model_id AND pm.label_id = r.predicted_id
     LEFT JOIN labels tl ON tl.id = r.label_id
     LEFT JOIN labels pl ON pl.id = r.predicted_id
     LEFT JOIN labels cl ON cl.id = i.label_id
     WHERE r.model_id = $1 AND r.probability <= $2 AND (r.probability < $2 OR r.image_id > $3)";

impl Store {
    /// What a model says of each image it was trained on, the surest first; only of images that are still there. With
    /// `mistakes`, only where that is not the label that the image has now (and it has one, which nobody confirmed); with `label`, only those that
    /// have it now.
    pub async fn results(&self, owner: UserId, model: ModelId, query: &ResultQuery) -> Result<Page<ImageResult>> {
        self.check_model(owner, model).await?;
        let limit = page_size(query.limit.unwrap_or(PAGE_DEFAULT));
        let (probability, image) = Cursor::probability(query.cursor.as_deref())?;
        let mut sql = SELECT_RESULTS.to_owned();
        if query.mistakes == Some(true) {
            sql.push_str(
                " AND i.label_id <> r.predicted_id AND (i.confirmed_label_id IS NULL OR i.confirmed_label_id <> i.label_id)",
            );
        }
        if query.label.is_some() {
            sql.push_str(" AND i.label_id = $5");
        }
        sql.push_str(" ORDER BY r.probability DESC, r.image_id LIMIT $4");
        let mut select = sqlx::query(AssertSqlSafe(sql))
            .bind(model.to_string())
            .bind(probability)
            .bind(image.to_string())
            .bind(i64::from(limit) + 1);
        if let Some(label) = query.label {
            select = select.bind(label.to_string());
        }
        let rows = select.fetch_all(self.database.read()).await?;
        let results = rows.iter().map(result).collect::<Result<_>>()?;
        Ok(page(results, limit, |last: &ImageResult| Cursor::Probability(last.probability, last.image_id.0)))
    }

    pub(crate) async fn check_model(&self, owner: UserId, id: ModelId) -> Result<()> {
        let row = sqlx::query(
            "SELECT m.id FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1 AND p.owner_id = $2",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?;
        row.map(drop).ok_or(StoreError::NotFound("model"))
    }
}

fn result(row: &AnyRow) -> Result<ImageResult> {
    Ok(ImageResult {
        image_id: row.parsed("image_id")?,
        file_name: row.text("file_name")?,
        label_at_training: row.text("label_at_training")?,
        label_at_training_id: row.parsed("label_at_training_id")?,
        current_label: row.optional_text("current_label")?,
        current_label_id: row.optional_parsed("current_label_id")?,
        predicted: row.text("predicted")?,
        predicted_id: row.parsed("predicted_id")?,
        probability: row.double("probability")?,
        out_of_fold: row.flag("out_of_fold")?,
        confirmed: row.flag("confirmed")?,
    })
}
