//! What the camera says.

use super::words::words;
use crate::format;

words! {
    camera = "Camera";
    use_camera = "Use the camera";
    camera_view = "What the camera sees";
    camera_starting = "Waiting for the camera. If your browser asks, allow it.";
    camera_insecure = "Browsers lend the camera only to pages with a safe address. Open Pupil by its https address, or on the computer that it runs on; or take the pictures with another program and choose the files.";
    camera_refused = "The browser does not let Pupil use the camera. Allow it beside the page's address, then try again.";
    camera_absent = "No camera was found. Connect one, then try again.";
    camera_busy = "The camera can't be used, most likely because another program has it. Close that program, then try again.";
    camera_unplugged = "The camera has gone. Connect it again, then try again.";
    which_camera = "Which camera";
    mirror = "Mirror";
    take_picture = "Take a picture";
    shutter_help = "Hold it for a burst. Space and Enter do the same.";
    pictures_go_to = "Pictures get the label";
    or_new_label = "or a new label";
    or_new_label_hint = "New label, press Enter";
}

/// `number` stands in for a camera whose name the browser does not tell.
pub fn camera_named(number: usize, name: &str) -> String {
    if name.is_empty() { format!("Camera {number}") } else { name.to_owned() }
}

pub fn pictures_taken(count: u32) -> String {
    match count {
        1 => "1 picture taken".into(),
        count => format!("{} pictures taken", format::count(count.into())),
    }
}
