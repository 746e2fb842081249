//! Where a model looked: pictures that the server draws.

use super::client::{self, ApiResult};
use dto::{ImageId, LabelId, ModelId};

/// The address of what speaks for a label on a stored image.
pub fn of_image(model: ModelId, image: ImageId, label: LabelId) -> String {
    client::url(&format!("/models/{model}/images/{image}/heatmap?label={label}"))
}

/// What speaks for a label on a picture that is not stored: a PNG.
pub async fn of_file(model: ModelId, file: &web_sys::File, label: LabelId) -> ApiResult<Vec<u8>> {
    client::send_file(&format!("/models/{model}/heatmap?label={label}"), file).await
}
