//! Pictures that are nearly the same, and the map of all.

use super::{counted, pictures, words::words};
use crate::format;

words! {
    alike_title = "Pictures that are nearly the same";
    no_alike = "No two pictures are nearly the same";
    no_alike_help = "Bursts of the camera and copies of one picture would stand here.";
    same_picture_two_labels = "Same picture, two labels";
    keep_this = "Keep this one";
    label_all_as = "Label all as…";
    compare_pending_help = "They are compared as soon as Pupil has looked at them.";
    map_title = "Map of all pictures";
    map_help = "What looks alike to the network lies close together. The axes have no meaning. Point at a mark to see its picture; click it to keep it on show and label it. Arrow keys go from mark to mark.";
    nothing_pointed_at = "Point at a mark to see its picture.";
    map_empty = "Nothing to draw yet";
    map_empty_help = "Pupil draws pictures here once it has looked at them, shortly after they are added.";
    map_of = "Marks, one for each picture";
    open_large = "Show large";
}

pub fn alike(count: usize) -> String {
    format!("{} nearly the same", pictures(count as u64))
}

/// How many groups there are, and how many of them have different labels.
pub fn alike_groups(groups: u64, conflicts: u64, compared: u64) -> String {
    let conflicts = match conflicts {
        0 => String::new(),
        count => format!(", {} of them under different labels", format::count(count)),
    };
    format!("{} among {}{conflicts}", counted(groups, "group", "groups"), pictures(compared))
}

pub fn delete_others(count: usize) -> String {
    format!("Keep one, delete {}", format::count(count as u64))
}

pub fn label_of_group(count: usize) -> String {
    format!("Label of these {}", pictures(count as u64))
}

pub fn keep_named(file_name: &str) -> String {
    format!("Keep {file_name}")
}

pub fn not_looked_at(count: u64) -> String {
    format!("{} not looked at yet.", counted(count, "picture is", "pictures are"))
}
