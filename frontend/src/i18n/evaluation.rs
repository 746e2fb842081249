//! How good a model is, in detail; what changed between two; where it looked.

use super::{counted, pictures, words::words};
use crate::format;
use dto::evaluation::{Comparison, HeadToHead, LabelEvaluation};

words! {
    evaluation = "In detail";
    label_by_label = "Label by label";
    right_when_said = "Right when it says so (precision)";
    finds = "Finds of those there are (recall)";
    f1 = "F1";
    tested = "Tested";
    mixes_up = "What it mixes up";
    mixes_up_help = "Down: what a picture is. Across: what Pupil called it. The stronger the colour, the more of that row.";
    most_mixed_up = "The pairs it mixes up most, of many labels.";
    mixes_up_nothing = "Nothing: it was right about every picture.";
    really = "Really";
    called = "Called";
    how_often = "Pictures";
    other_numbers = "Other numbers";
    number = "Number";
    value = "Value";
    meaning = "Meaning";
    macro_f1 = "Mean F1";
    macro_f1_help = "Precision and recall in one, each label counting the same.";
    log_loss = "Log-loss";
    log_loss_help = "How much the truth surprised it; 0 is never.";
    calibration = "Calibration error";
    calibration_help = "How far the certainty it claims is from how often it is right.";
    on_learned = "On pictures it learned from";
    on_learned_help = "Always too good to be believed.";
    compare = "Compare with another version";
    compare_with = "Version to compare with";
    nothing_to_compare = "There is no other version that is ready. Train again, then compare.";
    scores = "Scores";
    what_changed = "What changed";
    nothing_changed = "Nothing: the same pictures, labels and settings.";
    likely_range = "Likely";
    training_time = "Training took";
    repeat = "How to repeat this";
    repeat_line = "what the model was made of";
    repeat_help = "The same pictures under the same labels, with these settings and weights, give the same model.";
    download_json = "Download JSON";
    where_it_looked = "Where it looked";
    where_it_looked_help = "Warm is what speaks for the label, in the square that the model sees: the middle of the picture.";
    no_heat = "This can't be drawn: the picture or the label is gone.";
    labels_to_check = "Labels to check";
    labels_fine = "No label looks wrong";
    labels_fine_help = "No picture is so unlike its label that somebody should check it.";
    may_be = "It may be";
}

/// The line of the folded card.
pub fn evaluation_line(tested: u64, labels: usize) -> String {
    format!("{} tested · {}", pictures(tested), counted(labels as u64, "label", "labels"))
}

/// A label's numbers as a person says them.
pub fn label_in_words(label: &LabelEvaluation) -> String {
    let name = &label.label;
    let precision = label.precision.map(format::percent);
    let recall = label.recall.map(format::percent);
    match (precision, recall) {
        (Some(precision), Some(recall)) => format!(
            "Weakest is {name}: of the pictures it called {name}, {precision} were; of those that are {name}, it found {recall}."
        ),
        (None, Some(recall)) => format!("Weakest is {name}: of the pictures that are {name}, it found {recall}."),
        _ => String::new(),
    }
}

pub fn speaks_for(label: &str) -> String {
    format!("What speaks for {label}")
}

pub fn change_to(label: &str) -> String {
    format!("Change to {label}")
}

/// `more` when there are further ones that were not read.
pub fn labels_doubted(count: usize, more: bool) -> String {
    let more = if more { "More than " } else { "" };
    format!("{more}{} probably wrong", counted(count as u64, "label is", "labels are"))
}

pub fn compared_line(name: &str) -> String {
    format!("{name} with an earlier or later one")
}

/// How both did on the pictures that both were tested on.
pub fn head_to_head(both: &HeadToHead) -> String {
    match both.images {
        0 => "No picture was tested in both, so the two can't be set against each other.".into(),
        images => format!(
            "Of {} tested in both: both right on {}, only the earlier on {}, only the later on {}, neither on {}.",
            pictures(images),
            format::count(both.both_right),
            format::count(both.only_before_right),
            format::count(both.only_after_right),
            format::count(both.both_wrong)
        ),
    }
}

/// What differs in the pictures, a line each.
pub fn data_changes(comparison: &Comparison) -> Vec<String> {
    let data = &comparison.data;
    let counts = [(data.added, "added"), (data.removed, "left out"), (data.relabelled, "labelled differently")];
    let mut lines: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", pictures(*count)))
        .collect();
    lines.extend(data.labels_added.iter().map(|label| format!("the label {} came", label.name)));
    lines.extend(data.labels_removed.iter().map(|label| format!("the label {} went", label.name)));
    let settings = &comparison.settings;
    lines.extend(settings.iter().map(|of| format!("{}: {} → {}", of.setting.replace('_', " "), of.before, of.after)));
    lines
}

pub fn card_file_name(version: u32) -> String {
    format!("pupil-version-{version}.json")
}
