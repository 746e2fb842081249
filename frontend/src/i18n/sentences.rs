//! Sentences with something in them.

use crate::{
    format::{self, Ago},
    readiness::{Gap, PICTURES_PER_LABEL},
};
use dto::model::{AccuracyKind, Epoch, Mode, Model, Status};

/// A count and its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", format::count(count), if count == 1 { one } else { many })
}

pub fn pictures(count: u64) -> String {
    counted(count, "picture", "pictures")
}

/// The document's title.
pub fn title_of(page: &str) -> String {
    format!("{page} · Pupil")
}

/// The document's title on a page of a project.
pub fn title_in(page: &str, project: Option<&str>) -> String {
    match project {
        Some(project) => title_of(&format!("{page} · {project}")),
        None => title_of(page),
    }
}

pub fn unreadable_answer(status: u16) -> String {
    format!(
        "The server answered in a way this page does not understand (status {status}). Reloading the page may help."
    )
}

pub fn ago(ago: Ago) -> String {
    let past = |count: i64, one: &str, many: &str| format!("{} ago", counted(count.unsigned_abs(), one, many));
    match ago {
        Ago::JustNow => "just now".into(),
        Ago::Minutes(count) => past(count, "minute", "minutes"),
        Ago::Hours(count) => past(count, "hour", "hours"),
        Ago::Days(1) => "yesterday".into(),
        Ago::Days(count) => past(count, "day", "days"),
        Ago::Weeks(count) => past(count, "week", "weeks"),
        Ago::Months(count) => past(count, "month", "months"),
        Ago::Years(count) => past(count, "year", "years"),
    }
}

pub fn labelled_of(labelled: u64, all: u64) -> String {
    format!("{} of {}", format::count(labelled), pictures(all))
}

pub fn left_to_label(count: u64) -> String {
    format!("{} left to label", format::count(count))
}

pub fn new_since(count: u64) -> String {
    format!("{} since", counted(count, "new picture", "new pictures"))
}

pub fn changed_since(count: usize) -> String {
    format!("{} since", counted(count as u64, "label changed", "labels changed"))
}

/// What to do before training can begin.
pub fn gap(gap: &Gap) -> String {
    match gap {
        Gap::Pictures => "Add some pictures first".into(),
        Gap::Labels => format!("Add two labels, with at least {PICTURES_PER_LABEL} pictures each"),
        Gap::LabelledPictures => format!("Label at least {PICTURES_PER_LABEL} pictures for each of two labels"),
        Gap::SecondLabel => format!("Add a second label with at least {PICTURES_PER_LABEL} pictures"),
        Gap::MorePictures { label, count } => {
            format!("Label {} as “{label}”", counted(*count, "more picture", "more pictures"))
        }
    }
}

pub fn version(version: u32) -> String {
    format!("Version {version}")
}

pub fn version_with_accuracy(version: u32, accuracy: Option<&str>) -> String {
    match accuracy {
        Some(accuracy) => format!("version {version} · {accuracy}"),
        None => format!("version {version}"),
    }
}

pub fn version_trained(version: u32, ago: &str, seconds: Option<&str>) -> String {
    match seconds {
        Some(seconds) => format!("Version {version} · trained {ago} in {seconds}"),
        None => format!("Version {version} · trained {ago}"),
    }
}

pub fn looking_at(done: u64, total: u64) -> String {
    format!("picture {} of {}", format::count(done), format::count(total))
}

/// How many epochs an instant run has behind it; which of them a fine-tuning is in.
pub fn epoch_under_way(run: &Model) -> String {
    let (done, most) = (run.epochs.len() as u64, u64::from(run.settings.max_epochs));
    match run.mode {
        Mode::Instant => epoch_of(done, most),
        Mode::FineTune => epoch_of((done + 1).min(most), most),
    }
}

fn epoch_of(done: u64, total: u64) -> String {
    match total {
        0 => counted(done, "epoch", "epochs"),
        total => format!("epoch {done} of {total}"),
    }
}

pub fn name_of_label(name: &str) -> String {
    format!("Name of the label {name}")
}

pub fn delete_label_title(name: &str) -> String {
    format!("Delete the label “{name}”?")
}

pub fn delete_label_text(count: u64) -> String {
    match count {
        0 => "No picture has it.".into(),
        1 => "1 picture becomes unlabelled. It is not deleted.".into(),
        count => format!("{} become unlabelled. They are not deleted.", pictures(count)),
    }
}

pub fn labelled(count: usize, label: Option<&str>) -> String {
    let pictures = pictures(count as u64);
    match label {
        Some(label) => format!("{pictures} labelled {label}"),
        None => format!("{pictures} without a label now"),
    }
}

pub fn deleted(count: usize) -> String {
    format!("{} deleted", pictures(count as u64))
}

pub fn selected(count: usize) -> String {
    format!("{} selected", format::count(count as u64))
}

pub fn picture_with_label(file_name: &str, label: &str) -> String {
    format!("{file_name}, {label}")
}

pub fn picture_without_label(file_name: &str) -> String {
    format!("{file_name}, without a label")
}

pub fn select_picture(description: &str) -> String {
    format!("Select {description}")
}

pub fn label_of(file_name: &str) -> String {
    format!("Label of {file_name}")
}

pub fn uploading(done: usize, all: usize, bytes_sent: &str, bytes: &str) -> String {
    format!("Uploading {} of {} · {bytes_sent} of {bytes}", format::count(done as u64), pictures(all as u64))
}

/// How an upload ended.
pub fn uploaded(stored: u64, duplicates: u64, refused: usize) -> String {
    let mut text = match stored {
        0 => "No pictures added".into(),
        stored => format!("{} added", pictures(stored)),
    };
    if duplicates > 0 {
        text += &format!(", {} here already", counted(duplicates, "was", "were"));
    }
    if refused > 0 {
        text += &format!(", {} not taken", counted(refused as u64, "was", "were"));
    }
    text
}

pub fn not_sent(count: usize, why: &str) -> String {
    format!("{} could not be sent. {why}", pictures(count as u64))
}

/// Speed, and seconds left.
pub fn pace(per_second: &str, seconds_left: f64) -> String {
    let left = match seconds_left {
        s if s < 1.0 => "almost done".into(),
        s if s < 90.0 => format!("{s:.0} s left"),
        s => format!("{:.0} min left", s / 60.0),
    };
    format!("{per_second}/s · {left}")
}

pub fn likely(range: &str) -> String {
    format!("likely {range}")
}

/// An accuracy of 0 to 1 as a person says it.
pub fn how_many_right(accuracy: f64) -> String {
    match (accuracy * 100.0).round() as u32 {
        100.. => "Nearly every new picture will be right.".into(),
        95..=99 => format!("About {:.0} of 100 new pictures will be right.", accuracy * 100.0),
        _ => format!("About {:.0} of 10 new pictures will be right.", accuracy * 10.0),
    }
}

pub fn measured(kind: Option<AccuracyKind>) -> &'static str {
    match kind {
        Some(AccuracyKind::CrossValidation) => "Measured on your own pictures, each by a model that had not seen it.",
        Some(AccuracyKind::HeldOut) => "Measured on pictures that were kept aside and not learned from.",
        None => "",
    }
}

pub fn training_accuracy(percent: &str) -> String {
    format!("On the pictures it learned from: {percent}. That number is always too good.")
}

/// Whole percentage points against an earlier version.
pub fn against_version(points: i32, version: u32) -> String {
    let amount = counted(u64::from(points.unsigned_abs()), "point", "points");
    match points {
        0 => format!("As good as version {version}"),
        1.. => format!("▲ {amount} better than version {version}"),
        _ => format!("▼ {amount} worse than version {version}"),
    }
}

pub fn curve_in_words(name: &str, last: Option<f64>) -> String {
    match last {
        Some(last) => format!("{name} by epoch, {last:.2} at the end"),
        None => format!("{name} by epoch, nothing yet"),
    }
}

/// One epoch in a line.
pub fn epoch_line(epoch: &Epoch) -> String {
    format!(
        "#{} Loss {:.4} Acc {} Time {}",
        epoch.epoch,
        epoch.loss,
        format::percent_exact(epoch.accuracy),
        format::seconds_exact(epoch.elapsed_seconds)
    )
}

pub fn epochs_note(count: usize, most: u32) -> String {
    let epochs = counted(count as u64, "epoch", "epochs");
    if count as u64 >= u64::from(most) { epochs } else { format!("{epochs} · stopped when it no longer improved") }
}

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Queued => "waiting",
        Status::Running => "training",
        Status::Ready => "ready",
        Status::Failed => "failed",
        Status::Cancelled => "stopped",
    }
}

/// `more` when there are further ones that were not read.
pub fn look_wrong(count: usize, more: bool) -> String {
    match (count, more) {
        (1, false) => "1 picture looks wrong to the model".into(),
        (count, false) => format!("{} look wrong to the model", pictures(count as u64)),
        (count, true) => format!("More than {} look wrong to the model", pictures(count as u64)),
    }
}

pub fn relabel_help(label: &str) -> String {
    format!("The model is right: label it {label}")
}

pub fn pictures_asked(count: u64) -> String {
    pictures(count)
}

pub fn score(right: usize, judged: usize, percent: &str) -> String {
    format!("{} of {} right · {percent}", format::count(right as u64), format::count(judged as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(pictures(1), "1 picture");
        assert_eq!(labelled_of(1_412, 1_430), "1,412 of 1,430 pictures");
        assert_eq!(uploaded(397, 1, 2), "397 pictures added, 1 was here already, 2 were not taken");
        assert_eq!(uploaded(1, 0, 0), "1 picture added");
        assert_eq!(uploaded(0, 0, 1), "No pictures added, 1 was not taken");
        assert_eq!(look_wrong(1, false), "1 picture looks wrong to the model");
        assert_eq!(look_wrong(500, true), "More than 500 pictures look wrong to the model");
    }

    #[test]
    fn accuracy_is_said_as_a_person_would() {
        assert_eq!(how_many_right(0.876), "About 9 of 10 new pictures will be right.");
        assert_eq!(how_many_right(0.974), "About 97 of 100 new pictures will be right.");
        assert_eq!(how_many_right(0.998), "Nearly every new picture will be right.");
    }

    #[test]
    fn an_epoch_in_a_line() {
        let epoch = Epoch {
            epoch: 0,
            loss: 0.448_94,
            accuracy: 0.793_532,
            validation_loss: None,
            validation_accuracy: None,
            seconds: 8.161_64,
            elapsed_seconds: 8.161_64,
        };
        assert_eq!(epoch_line(&epoch).replace('\u{a0}', " "), "#0 Loss 0.4489 Acc 79.3532 % Time 8.1616 s");
    }

    #[test]
    fn dates_are_relative() {
        assert_eq!(ago(Ago::JustNow), "just now");
        assert_eq!(ago(Ago::Minutes(1)), "1 minute ago");
        assert_eq!(ago(Ago::Days(1)), "yesterday");
        assert_eq!(ago(Ago::Weeks(3)), "3 weeks ago");
    }
}
