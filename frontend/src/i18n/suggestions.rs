//! Suggested labels, and learning while somebody labels.

use super::{counted, pictures, words::words};
use crate::format;

words! {
    views = "Ways to look at the pictures";
    view_grid = "Grid";
    view_suggestions = "Suggestions";
    view_alike = "Look-alikes";
    view_map = "Map";
    look_at_suggestions = "Look at them";
    most_certain = "Most certain first";
    most_uncertain = "Most uncertain first";
    which_first = "Which come first";
    most_uncertain_help = "Labelling these yourself teaches it most.";
    how_certain = "How certain a suggestion must be";
    nothing_certain = "None is that certain";
    another_label = "Another label";
    no_suggestions = "Nothing to suggest";
    no_suggestions_help = "Every picture has a label. Add more pictures, and Pupil suggests theirs.";
    no_suggesting_model = "Pupil can't suggest labels yet";
    no_suggesting_model_help = "Label a few pictures of each kind and press Train. Then it suggests labels for the others.";
    suggestions_changed = "A newer model suggests labels by now. Here is what it says.";
    learn_while_labelling = "Learn while I label";
    learn_help = "Trains a draft anew whenever labels have changed. A version is made only by Train.";
    draft_waits = "Draft: after the next label";
    suggestion_keys = "accepts the suggestion that has the focus; a label's number gives that label instead.";
}

pub fn can_suggest(count: u64) -> String {
    format!("Pupil can suggest labels for {}", pictures(count))
}

pub fn still_looking(count: u64) -> String {
    format!("{} more when it has looked at them", pictures(count))
}

pub fn accept_all(count: u64, percent: &str) -> String {
    format!("Accept all {} above {percent}", format::count(count))
}

pub fn accept(label: &str, file_name: &str) -> String {
    format!("Label {file_name} as {label}")
}

pub fn other_label_of(file_name: &str) -> String {
    format!("Another label for {file_name}")
}

pub fn accepted(count: u64) -> String {
    format!("{} labelled as suggested.", counted(count, "picture", "pictures"))
}

pub fn draft(accuracy: &str, range: Option<&str>) -> String {
    match range {
        Some(range) => format!("Draft: {accuracy} (likely {range})"),
        None => format!("Draft: {accuracy}"),
    }
}
