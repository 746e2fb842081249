//! What the Label page says, beyond what it shares with others.

use super::words::words;
use crate::format;
use dto::image::Source;

words! {
    picture = "Picture";
    open_picture = "Show large";
    previous_picture = "Previous picture";
    next_picture = "Next picture";
    download = "Download";
    small_version = "This browser can't show the file itself, so this is its small version. Download it to see it whole.";
    file_lost = "The server has lost this picture's file; this is its small version. Upload the same file again to mend that.";
    find_by_name = "Find by file name";
    nothing_found = "No picture is called that";
    nothing_found_help = "Look for a shorter part of the file name, or show all pictures.";
    show_all = "Show all pictures";
    all_keys = "All keys";
    edit_label = "Colour, place, delete";
    label_color = "Colour";
    another_color = "Another colour";
    label_place = "Place in the list";
    move_up = "Move up";
    move_down = "Move down";
    drag_label = "Drag to another place";
}

/// The colours of the palette, in its order.
pub const COLOR_NAMES: [&str; 8] = ["Blue", "Orange", "Green", "Gold", "Purple", "Sky blue", "Olive", "Grey"];

/// The keys and what they do.
pub const fn keys() -> [(&'static str, &'static str); 10] {
    [
        ("← ↑ ↓ →", "Go from picture to picture"),
        ("Space", "Select the picture, or let go of it"),
        ("Shift + click", "Select everything in between"),
        ("Ctrl + A", "Select all pictures that are loaded"),
        ("1 – 9", "Give the selected pictures that label"),
        ("0", "Take their label away"),
        ("Delete", "Delete them; Undo brings them back"),
        ("Enter", "Show the picture large"),
        ("Esc", "Let go of the selection"),
        ("?", "This list"),
    ]
}

pub fn open_named(file_name: &str) -> String {
    format!("Show {file_name} large")
}

pub fn edit_label_named(name: &str) -> String {
    format!("Colour and place of the label {name}, or delete it")
}

/// While all pictures are read to be selected.
pub fn loading_all(loaded: usize) -> String {
    format!("Loading all, {} so far…", format::count(loaded as u64))
}

/// Before a label is made whose name differs from another's by capitals only.
pub fn similar_label(existing: &str, wanted: &str) -> String {
    format!("There is a label {existing} already. Press Enter again to make {wanted} another one.")
}

pub fn pixels(width: u32, height: u32) -> String {
    format!("{} × {} pixels", format::count(width.into()), format::count(height.into()))
}

pub fn source(source: Source) -> &'static str {
    match source {
        Source::Upload => "uploaded",
        Source::Webcam => "taken with the camera",
        Source::Import => "imported",
    }
}

pub fn added(ago: &str) -> String {
    format!("added {ago}")
}
