//! Which pictures the grid shows, and how an address and the server are told.

use dto::{LabelId, image::ImageQuery};

/// Which pictures the grid shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    Unlabelled,
    Label(LabelId),
}

impl Filter {
    pub fn admits(self, label: Option<LabelId>) -> bool {
        match self {
            Self::All => true,
            Self::Unlabelled => label.is_none(),
            Self::Label(id) => label == Some(id),
        }
    }

    /// The filter that an address names by [`Self::name`]; everything if it names none.
    pub fn named(name: &str) -> Self {
        match name {
            "unlabelled" => Self::Unlabelled,
            name => name.parse().map_or(Self::All, Self::Label),
        }
    }

    /// How an address names it.
    pub fn name(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Unlabelled => "unlabelled".to_owned(),
            Self::Label(id) => id.to_string(),
        }
    }

    pub(super) fn query(self, cursor: Option<String>) -> ImageQuery {
        let (label, unlabelled) = match self {
            Self::All => (None, None),
            Self::Unlabelled => (None, Some(true)),
            Self::Label(id) => (Some(id), None),
        };
        ImageQuery { label, unlabelled, cursor, ..Default::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_admit_what_the_server_would_list() {
        let (rose, tulip): (LabelId, LabelId) = (
            "01890000-0000-7000-8000-000000000001".parse().expect("a UUID"),
            "01890000-0000-7000-8000-000000000002".parse().expect("a UUID"),
        );
        assert!(Filter::All.admits(None) && Filter::All.admits(Some(rose)));
        assert!(Filter::Unlabelled.admits(None) && !Filter::Unlabelled.admits(Some(rose)));
        assert!([Filter::All, Filter::Unlabelled, Filter::Label(rose)].iter().all(|f| Filter::named(&f.name()) == *f));
        assert_eq!(Filter::named("confetti"), Filter::All);
        assert!(Filter::Label(rose).admits(Some(rose)) && !Filter::Label(rose).admits(Some(tulip)));
    }
}
