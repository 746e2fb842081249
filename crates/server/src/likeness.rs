//! What the images of a project have in common, by the embeddings of the default backbone.

use crate::{
    app::{App, default_embedding},
    predict::PredictError,
};
use dto::{
    ProjectId, UserId,
    likeness::{DuplicateGroup, ImageMap, LikeImage, MapPoint},
};
use store::EmbeddedImages;

/// Points of a map: more can't be told apart on a screen.
const POINTS: usize = 20_000;

/// Images that are nearly the same.
pub struct Groups {
    /// Conflicts first, then the largest first, then the oldest.
    pub groups: Vec<DuplicateGroup>,
    pub compared: u64,
    pub pending: u64,
}

pub async fn duplicates(app: &App, owner: UserId, project: ProjectId) -> Result<Groups, PredictError> {
    let (found, dimensions) = embedded(app, owner, project).await?;
    let numbers = app.engine.near_duplicates(found.embeddings, dimensions).await?;
    let compared = found.images.len() as u64;
    let mut groups: Vec<Vec<LikeImage>> = vec![Vec::new(); numbers.iter().map(|number| number + 1).max().unwrap_or(0)];
    for (image, number) in found.images.into_iter().zip(numbers) {
        groups[number].push(image);
    }
    let mut groups: Vec<DuplicateGroup> = groups
        .into_iter()
        .filter(|images| images.len() > 1)
        .map(|images| DuplicateGroup { conflict: is_conflict(&images), images })
        .collect();
    groups.sort_by(|a, b| b.conflict.cmp(&a.conflict).then(b.images.len().cmp(&a.images.len())));
    Ok(Groups { groups, compared, pending: found.pending })
}

pub async fn map(app: &App, owner: UserId, project: ProjectId) -> Result<ImageMap, PredictError> {
    let (found, dimensions) = embedded(app, owner, project).await?;
    let EmbeddedImages { images, embeddings, pending } = spread(found, dimensions);
    let points = app.engine.map(embeddings, dimensions).await?;
    let items = images
        .into_iter()
        .zip(points)
        .map(|(image, [x, y])| MapPoint { image_id: image.image_id, label_id: image.label_id, x, y })
        .collect();
    Ok(ImageMap { items, next_cursor: None, pending })
}

async fn embedded(app: &App, owner: UserId, project: ProjectId) -> Result<(EmbeddedImages, usize), PredictError> {
    app.store.check_project(owner, project).await?;
    let backbone = app.engine.default_backbone();
    let (Some(backbone), Some((weights, preprocessing))) = (backbone, default_embedding(&app.engine)) else {
        return Err(PredictError::NoWeights);
    };
    Ok((app.store.embedded_images(owner, project, weights, preprocessing, false).await?, backbone.dimensions()))
}

fn is_conflict(images: &[LikeImage]) -> bool {
    let mut labels = images.iter().filter_map(|image| image.label_id);
    let first = labels.next();
    labels.any(|label| Some(label) != first)
}

/// At most [`POINTS`] images, evenly spread over the order of upload.
fn spread(found: EmbeddedImages, dimensions: usize) -> EmbeddedImages {
    let count = found.images.len();
    if count <= POINTS {
        return found;
    }
    let places = || (0..POINTS).map(|i| i * count / POINTS);
    EmbeddedImages {
        images: places().map(|place| found.images[place].clone()).collect(),
        embeddings: places().flat_map(|place| &found.embeddings[place * dimensions..][..dimensions]).copied().collect(),
        pending: found.pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::{ImageId, LabelId};
    use uuid::Uuid;

    fn image(label: Option<LabelId>) -> LikeImage {
        LikeImage { image_id: ImageId(Uuid::now_v7()), file_name: "a.jpg".into(), label_id: label }
    }

    #[test]
    fn two_labels_are_a_conflict_and_none_is_not() {
        let [a, b] = [0; 2].map(|_| Some(LabelId(Uuid::now_v7())));
        assert!(is_conflict(&[image(a), image(None), image(b)]));
        assert!(!is_conflict(&[image(a), image(None), image(a)]));
        assert!(!is_conflict(&[image(None), image(None)]));
    }

    #[test]
    fn a_map_of_very_many_images_is_of_some_of_them() {
        let count = POINTS + 7;
        let found = EmbeddedImages {
            images: (0..count).map(|_| image(None)).collect(),
            embeddings: (0..count * 2).map(|number| number as f32).collect(),
            pending: 3,
        };
        let some = spread(found.clone(), 2);
        assert_eq!((some.images.len(), some.embeddings.len(), some.pending), (POINTS, 2 * POINTS, 3));
        let place = found.images.iter().position(|image| *image == some.images[POINTS - 1]).expect("one of them");
        assert_eq!(some.embeddings[2 * (POINTS - 1)], 2.0 * place as f32);
    }
}
