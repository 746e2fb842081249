//! Judgements: what models say of the labels of their images, for scores, comparisons and the search for wrong labels.

use crate::{
    Store,
    cursor::{Cursor, page, page_size},
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ImageId, LabelId, ModelId, Page, UserId,
    evaluation::{LabelError, LabelErrorQuery},
    limits::PAGE_DEFAULT,
};
use sqlx::{AssertSqlSafe, any::AnyRow};

/// What a model says of one image of its snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    pub image_id: ImageId,
    /// The label it had when the run began.
    pub label_id: LabelId,
    /// `None` before the run has ended.
    pub predicted_id: Option<LabelId>,
    /// Of the predicted label, and of the one it had; 0 to 1.
    pub probability: Option<f64>,
    /// Missing for models of earlier versions.
    pub given_probability: Option<f64>,
    /// Whether by a model that had not learned from the image.
    pub out_of_fold: bool,
}

/// What became of a model's images since its run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedSince {
    pub relabelled: u64,
    pub deleted: u64,
}

impl Store {
    /// What a model says of all the images of its snapshot, those deleted since included, in the order of upload.
    pub async fn judgements(&self, owner: UserId, model: ModelId) -> Result<Vec<Judgement>> {
        self.check_model(owner, model).await?;
        let rows = sqlx::query(
            "SELECT image_id, label_id, predicted_id, probability, given_probability, out_of_fold
             FROM results WHERE model_id = $1 ORDER BY image_id",
        )
        .bind(model.to_string())
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(judgement).collect()
    }

    /// How many of a model's images were given another label since, or deleted.
    pub async fn changed_since(&self, owner: UserId, model: ModelId) -> Result<ChangedSince> {
        self.check_model(owner, model).await?;
        let row = sqlx::query(
            "SELECT COUNT(*) AS images,
                 COALESCE(SUM(CASE WHEN i.label_id = r.label_id THEN 1 ELSE 0 END), 0) AS same,
                 COALESCE(SUM(CASE WHEN i.id IS NULL THEN 1 ELSE 0 END), 0) AS gone
             FROM results r LEFT JOIN images i ON i.id = r.image_id AND i.deleted_at IS NULL
             WHERE r.model_id = $1",
        )
        .bind(model.to_string())
        .fetch_one(self.database.read())
        .await?;
        let (images, same, deleted): (u64, u64, u64) = (row.count("images")?, row.count("same")?, row.count("gone")?);
        Ok(ChangedSince { relabelled: images.saturating_sub(same + deleted), deleted })
    }

    /// The images whose label the model doubts, the most suspicious first; only those that still have that label, which
    /// nobody has confirmed.
    pub async fn label_errors(
        &self,
        owner: UserId,
        model: ModelId,
        query: &LabelErrorQuery,
    ) -> Result<Page<LabelError>> {
        self.check_model(owner, model).await?;
        let limit = page_size(query.limit.unwrap_or(PAGE_DEFAULT));
        let (suspicion, image) = Cursor::probability(query.cursor.as_deref())?;
        let mut sql = "SELECT r.image_id, i.file_name, r.label_id, gl.name AS given, r.suggested_id,
                 COALESCE(sl.name, sm.name) AS suggested, r.given_probability, r.suspicion, r.likely_error
             FROM results r
             JOIN images i ON i.id = r.image_id AND i.deleted_at IS NULL AND i.label_id = r.label_id
                 AND (i.confirmed_label_id IS NULL OR i.confirmed_label_id <> i.label_id)
             JOIN labels gl ON gl.id = r.label_id
             JOIN model_labels sm ON sm.model_id = r.model_id AND sm.label_id = r.suggested_id
             LEFT JOIN labels sl ON sl.id = r.suggested_id
             WHERE r.model_id = $1 AND r.suspicion <= $2 AND (r.suspicion < $2 OR r.image_id > $3)"
            .to_owned();
        if query.likely == Some(true) {
            sql.push_str(" AND r.likely_error = 1");
        }
        sql.push_str(" ORDER BY r.suspicion DESC, r.image_id LIMIT $4");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(model.to_string())
            .bind(suspicion)
            .bind(image.to_string())
            .bind(i64::from(limit) + 1)
            .fetch_all(self.database.read())
            .await?;
        let errors = rows.iter().map(label_error).collect::<Result<_>>()?;
        Ok(page(errors, limit, |last: &LabelError| Cursor::Probability(last.suspicion, last.image_id.0)))
    }
}

fn judgement(row: &AnyRow) -> Result<Judgement> {
    Ok(Judgement {
        image_id: row.parsed("image_id")?,
        label_id: row.parsed("label_id")?,
        predicted_id: row.optional_parsed("predicted_id")?,
        probability: row.optional_double("probability")?,
        given_probability: row.optional_double("given_probability")?,
        out_of_fold: row.optional_integer("out_of_fold")? == Some(1),
    })
}

fn label_error(row: &AnyRow) -> Result<LabelError> {
    let missing = |column: &str| StoreError::Corrupt(column.to_owned());
    Ok(LabelError {
        image_id: row.parsed("image_id")?,
        file_name: row.text("file_name")?,
        given: row.text("given")?,
        given_id: row.parsed("label_id")?,
        suggested: row.text("suggested")?,
        suggested_id: row.parsed("suggested_id")?,
        given_probability: row.optional_double("given_probability")?.ok_or_else(|| missing("given_probability"))?,
        suspicion: row.double("suspicion")?,
        likely: row.flag("likely_error")?,
    })
}
