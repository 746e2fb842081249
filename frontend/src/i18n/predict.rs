//! What the page Predict says, besides what other pages say too.

use super::{pictures, words::words};
use crate::{format, pages::predict::keep::Kept};

words! {
    ask_again = "Ask again";
    not_asked = "Not asked yet";
    not_known = "Not known";
    all_really_are = "All of them are";
    add_to_training = "Add to the training pictures as";
    answers_come_from = "Answers come from";
    results = "Results";
    download_csv = "Download CSV";
    csv_file_name = "pupil-predictions.csv";
    file_name = "File";
    label = "Label";
    how_likely = "How likely";
    right_or_wrong = "Right?";
    not_sure = "not sure";
}

pub fn show_all_labels(count: usize) -> String {
    format!("Show all {} labels", format::count(count as u64))
}

pub fn asking(done: usize, all: usize) -> String {
    format!("{} of {} answered", format::count(done as u64), pictures(all as u64))
}

pub fn not_asked_about(count: usize) -> String {
    match count {
        1 => "1 picture has no answer yet".into(),
        count => format!("{} have no answer yet", pictures(count as u64)),
    }
}

pub fn add_all(count: usize) -> String {
    format!("Add all {} to the training pictures", format::count(count as u64))
}

/// What became of a picture that was to be added.
pub fn kept(kept: &Kept) -> String {
    match kept {
        Kept::No | Kept::Busy => String::new(),
        Kept::Stored(label) => format!("Added as {label}. It counts from the next training on."),
        Kept::Duplicate(Some(label)) => format!("It is there already, labelled {label}."),
        Kept::Duplicate(None) => "It is there already, without a label.".into(),
        Kept::Failed(why) => why.clone(),
    }
}

pub fn version_in_use_option(name: &str) -> String {
    format!("the version in use ({name})")
}
