//! Whether there is enough to learn from.

use dto::label::Label;

/// Pictures that a label needs: one to learn from, one to check with.
pub const PICTURES_PER_LABEL: u64 = 2;

/// What is missing before training can begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// There are no pictures.
    Pictures,
    /// There are pictures, but nothing to call them.
    Labels,
    /// No label has enough pictures.
    LabelledPictures,
    /// Only this label has enough pictures, and it is the only one.
    SecondLabel,
    /// This label needs so many more pictures to be the second one.
    MorePictures { label: String, count: u64 },
}

/// The first thing that is missing; `None` when training can begin.
pub fn gap(image_count: u64, labels: &[Label]) -> Option<Gap> {
    let (ready, other): (Vec<_>, Vec<_>) = labels.iter().partition(|label| label.image_count >= PICTURES_PER_LABEL);
    match ready.len() {
        0 if image_count == 0 => Some(Gap::Pictures),
        0 if labels.is_empty() => Some(Gap::Labels),
        0 => Some(Gap::LabelledPictures),
        1 => Some(match other.iter().max_by_key(|label| label.image_count) {
            None => Gap::SecondLabel,
            Some(next) => Gap::MorePictures { label: next.name.clone(), count: PICTURES_PER_LABEL - next.image_count },
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::LabelId;

    fn label(name: &str, image_count: u64) -> Label {
        let id: LabelId = "01890000-0000-7000-8000-000000000001".parse().expect("a UUID");
        Label { id, name: name.into(), color: "#0072b2".into(), position: 0, image_count }
    }

    #[test]
    fn says_what_is_missing_first() {
        assert_eq!(gap(0, &[]), Some(Gap::Pictures));
        assert_eq!(gap(5, &[]), Some(Gap::Labels));
        assert_eq!(gap(5, &[label("cat", 1)]), Some(Gap::LabelledPictures));
        assert_eq!(gap(5, &[label("cat", 2)]), Some(Gap::SecondLabel));
        assert_eq!(
            gap(5, &[label("cat", 2), label("dog", 1), label("cow", 0)]),
            Some(Gap::MorePictures { label: "dog".into(), count: 1 })
        );
        assert_eq!(gap(5, &[label("cat", 2), label("dog", 2)]), None);
    }
}
