//! One picture out of what a camera shows.

use futures::channel::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d, File, FilePropertyBag, HtmlCanvasElement, HtmlVideoElement};

const JPEG: &str = "image/jpeg";
/// Of 1. Artefacts can't be seen from here on, and files stay small.
const QUALITY: f64 = 0.92;

/// Takes what `video` shows now as a JPEG file, as it is seen: mirrored if the view is. `None` while nothing is shown.
pub async fn take(video: &HtmlVideoElement, mirrored: bool) -> Option<File> {
    let canvas = draw(video, mirrored)?;
    let (sender, blob) = oneshot::channel();
    let on_blob = Closure::once(move |blob: Option<Blob>| {
        // Nobody waits any more when the camera was closed meanwhile.
        let _ = sender.send(blob);
    });
    canvas.to_blob_with_type_and_encoder_options(on_blob.as_ref().unchecked_ref(), JPEG, &QUALITY.into()).ok()?;
    let blob = blob.await.ok().flatten()?;
    let options = FilePropertyBag::new();
    options.set_type(JPEG);
    let now = js_sys::Date::new_0().to_iso_string();
    File::new_with_blob_sequence_and_options(&js_sys::Array::of1(&blob), &file_name(&String::from(now)), &options).ok()
}

fn draw(video: &HtmlVideoElement, mirrored: bool) -> Option<HtmlCanvasElement> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return None;
    }
    let canvas: HtmlCanvasElement = video.owner_document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    if mirrored {
        context.translate(f64::from(width), 0.0).ok()?;
        context.scale(-1.0, 1.0).ok()?;
    }
    context.draw_image_with_html_video_element(video, 0.0, 0.0).ok()?;
    Some(canvas)
}

/// Named after the moment, to the millisecond, without what file systems can't take.
fn file_name(iso_time: &str) -> String {
    let moment: String =
        iso_time.chars().filter(|c| *c != 'Z').map(|c| if c.is_ascii_digit() { c } else { '-' }).collect();
    format!("webcam-{moment}.jpg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_named_after_their_moment() {
        assert_eq!(file_name("2026-11-24T09:15:30.123Z"), "webcam-2026-11-24-09-15-30-123.jpg");
    }
}
