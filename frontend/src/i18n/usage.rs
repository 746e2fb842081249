//! How much of what one may have is used.

use super::words::words;

words! {
    what_you_use = "What you use";
    counting = "Counting…";
    pictures_used = "Pictures";
    space_used = "Space";
    projects_used = "Projects";
    runs_used = "Trainings at once";
}

pub fn used_of(used: &str, allowed: &str) -> String {
    format!("{used} of {allowed}")
}
