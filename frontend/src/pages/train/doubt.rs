//! A picture whose label the model doubts.

use dto::{ImageId, LabelId, Page, evaluation::LabelError, result::ImageResult};

#[derive(Clone, PartialEq)]
pub struct Doubt {
    pub image_id: ImageId,
    pub file_name: String,
    /// The label that it has, if any.
    pub said: Option<String>,
    pub said_id: Option<LabelId>,
    /// How likely the model finds that one, 0 to 1, where that is what makes it doubt.
    pub said_share: Option<f64>,
    /// The label that the model would give it.
    pub suggested: String,
    pub suggested_id: LabelId,
    /// How likely the model finds that one, 0 to 1, where it is sure of it.
    pub suggested_share: Option<f64>,
}

impl From<ImageResult> for Doubt {
    fn from(result: ImageResult) -> Self {
        Self {
            image_id: result.image_id,
            file_name: result.file_name,
            said: result.current_label,
            said_id: result.current_label_id,
            said_share: None,
            suggested: result.predicted,
            suggested_id: result.predicted_id,
            suggested_share: Some(result.probability),
        }
    }
}

impl From<LabelError> for Doubt {
    fn from(error: LabelError) -> Self {
        Self {
            image_id: error.image_id,
            file_name: error.file_name,
            said: Some(error.given),
            said_id: Some(error.given_id),
            said_share: Some(error.given_probability),
            suggested: error.suggested,
            suggested_id: error.suggested_id,
            suggested_share: None,
        }
    }
}

/// A page of doubts.
pub fn converted<T: Into<Doubt>>(page: Page<T>) -> Page<Doubt> {
    Page { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
}
