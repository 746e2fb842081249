//! What the page Predict says, besides what other pages say too.

use super::{pictures, words::words};
use crate::format;

words! {
    ask_again = "Ask again";
    not_asked = "Not asked yet";
    not_known = "Not known";
    all_really_are = "All of them are";
    add_to_training = "Add to the training pictures as";
    answers_come_from = "Answers come from";
    cannot_show = "This browser can't show the picture.";
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

/// That a picture was added to the training pictures.
pub fn added_as(label: &str) -> String {
    format!("Added as {label}. It counts from the next training on.")
}

/// That a picture was among the training pictures before.
pub fn there_already(label: Option<&str>) -> String {
    match label {
        Some(label) => format!("It is there already, labelled {label}."),
        None => "It is there already, without a label.".into(),
    }
}

pub fn version_in_use_option(name: &str) -> String {
    format!("In use: {name}")
}
