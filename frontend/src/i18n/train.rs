//! What the page Train says, besides what the header says too.

use super::{counted, pictures, words::words};
use crate::format;
use dto::{
    limits::EPOCHS,
    model::{Backbone, Mode},
};

words! {
    advanced = "Advanced";
    reset_to_defaults = "Reset to defaults";
    settings_kept = "Kept for this project in this browser. They hold from the next run on.";
    how_to_learn = "How to learn";
    instant = "Instant";
    fine_tune = "Fine-tune";
    network = "Network";
    network_help = "Pretrained on a million photographs; it turns a picture into numbers.";
    best_network = "The server's choice";
    reading_networks = "Asking the server which networks it has…";
    epochs_most = "Epochs, at most";
    epochs_most_help = "How many times it goes through your pictures.";
    target = "Target accuracy, %";
    target_help = "Once it is reached, learning may stop.";
    target_rule = "A number from 0 to 100.";
    patience = "Patience";
    patience_help = "Epochs without getting better that it waits for, once the target is reached. 0 stops at once.";
    cancelling_help = "It stops after the step under way.";
    goes_on = "You can leave this page: it goes on, and is here when you come back.";
    all_labels = "All labels";
    use_this = "Use";
    use_this_help = "Predict with this version from now on";
    in_use_now = "In use";
    in_use_help = "Predictions come from this version.";
    delete_model_text_in_use = "It is the one in use: predictions come from the newest other version then.";
    delete_model_text = "Predictions and results of it are gone for good. Your pictures and labels stay.";
    delete_run_text = "It is being trained right now, and stops.";
    read_older = "Older versions";
    no_picture_has_it = "No picture that it learned from has this label now";
    what_to_do_next = "Nothing was lost: your pictures and labels are as they were. Train again, in Advanced perhaps with another mode or network.";
}

pub fn epochs_rule() -> String {
    format!("A whole number from {} to {}.", EPOCHS.start(), EPOCHS.end())
}

pub fn patience_rule() -> String {
    format!("A whole number from 0 to {}.", EPOCHS.end())
}

pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Instant => instant(),
        Mode::FineTune => fine_tune(),
    }
}

/// What a mode does, in a sentence, and how long it takes with so many labelled pictures.
pub fn mode_help(mode: Mode, images: u64, epochs: u32) -> String {
    match mode {
        Mode::Instant => {
            "Learns from what a pretrained network already sees in your pictures. Takes about a second.".into()
        }
        Mode::FineTune => format!(
            "Teaches the whole network your pictures, which may see finer differences. Takes {}.",
            about_minutes(images, epochs)
        ),
    }
}

/// A guess for a computer without a graphics card: on two cores, EfficientNet-Lite0 learns from some 25 pictures a second,
/// and ResNet18 from more.
fn about_minutes(images: u64, epochs: u32) -> String {
    const PICTURES_PER_SECOND: f64 = 25.0;
    let longest = images as f64 * f64::from(epochs) / PICTURES_PER_SECOND / 60.0;
    match longest {
        m if m < 1.0 => "up to a minute".into(),
        m if m < 90.0 => format!("up to {m:.0} minutes"),
        m => format!("up to {:.0} hours", m / 60.0),
    }
}

pub fn mirrored_views() -> &'static str {
    "Mirrored pictures, too"
}

pub fn mirrored_views_help() -> &'static str {
    "Learns from every picture turned left to right as well. For things that look the same from either side; the first time takes longer."
}

/// The settings in a line, for when they are folded away.
pub fn plan(mode_of: Mode, backbone: Option<Backbone>, epochs: &str, target: &str) -> String {
    let network = backbone.map_or("", Backbone::title);
    let network = if network.is_empty() { String::new() } else { format!(" · {network}") };
    format!("{}{network} · {epochs} epochs at most · target {target} %", mode(mode_of))
}

/// How long it takes still, at most: it may stop earlier.
pub fn time_left(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => "almost done".into(),
        s if s < 90.0 => format!("at most {s:.0} s left"),
        s if s < 5400.0 => format!("at most {:.0} min left", s / 60.0),
        s => format!("at most {:.1} h left", s / 3600.0),
    }
}

pub fn in_this_epoch(done: u64, total: u64) -> String {
    format!("{} of {} in this epoch", format::count(done), pictures(total))
}

pub fn version_cancelled(version: u32) -> String {
    format!("Training of version {version} was stopped")
}

/// What a version was made of, in a line.
pub fn made_of(mode_of: Mode, backbone: Backbone, images: u64, seconds: Option<&str>) -> String {
    let seconds = seconds.map(|seconds| format!(" · {seconds}")).unwrap_or_default();
    format!("{} · {} · {}{seconds}", mode(mode_of), backbone.title(), pictures(images))
}

pub fn rename_version(name: &str) -> String {
    format!("Rename {name}")
}

pub fn use_version(name: &str) -> String {
    format!("Predict with {name}")
}

pub fn delete_version(name: &str) -> String {
    format!("Delete {name}")
}

pub fn delete_version_title(name: &str) -> String {
    format!("Delete “{name}”?")
}

pub fn version_in_use(name: &str) -> String {
    format!("Predictions come from “{name}” now.")
}

pub fn version_deleted(name: &str) -> String {
    format!("“{name}” is deleted.")
}

pub fn changed_now(count: usize) -> String {
    format!("{}. Train again, and the model learns from it.", counted(count as u64, "label changed", "labels changed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_in_the_unit_that_fits() {
        assert_eq!(time_left(4.0), "almost done");
        assert_eq!(time_left(42.3), "at most 42 s left");
        assert_eq!(time_left(200.0), "at most 3 min left");
        assert_eq!(time_left(9000.0), "at most 2.5 h left");
    }

    #[test]
    fn fine_tuning_says_how_long_it_takes() {
        assert!(mode_help(Mode::FineTune, 400, 50).ends_with("up to 13 minutes."));
        assert!(mode_help(Mode::FineTune, 10, 10).ends_with("up to a minute."));
    }
}
