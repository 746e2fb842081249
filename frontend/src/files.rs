//! Files as people hand them over: picked, picked as a folder, or dropped. A folder's name becomes the label.

use dto::image::Source;
use js_sys::{Array, Reflect};
use std::collections::VecDeque;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// What inputs for pictures accept: what the server reads. Naming JPEG makes iPhones hand over JPEG instead of HEIC.
pub const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff";

/// A file, and the label that it is to get: the name of the folder that it lay in, or what was chosen for the camera.
#[derive(Clone)]
pub struct Picked {
    pub file: File,
    pub label: Option<String>,
    pub source: Source,
}

impl Picked {
    /// A file from a disk.
    pub fn file(file: File, label: Option<String>) -> Self {
        Self { file, label, source: Source::Upload }
    }

    /// A picture from the camera.
    pub fn shot(file: File, label: Option<String>) -> Self {
        Self { file, label, source: Source::Webcam }
    }

    /// Whether the browser leaves it open that this is a picture. The server decides; this spares sending films.
    pub fn may_be_picture(&self) -> bool {
        let media_type = self.file.type_();
        media_type.is_empty() || media_type.starts_with("image/")
    }
}

/// The files of an `<input type="file">`.
pub fn from_input(files: &FileList) -> Vec<Picked> {
    let files = (0..files.length()).filter_map(|place| files.get(place));
    let picked = files.map(|file| {
        // Not in the standard, but in every browser that can pick folders.
        let path = Reflect::get(&file, &JsValue::from_str("webkitRelativePath")).ok();
        let label = path.and_then(|path| path.as_string()).and_then(|path| parent_folder(&path).map(str::to_owned));
        Picked::file(file, label)
    });
    in_order(picked.filter(|picked| !is_clutter(&picked.file.name())).collect())
}

/// The files and folders of a drop, folders with everything inside. The drop's data is only there during its event, so
/// everything is taken from it before this returns; the future then walks the folders.
pub fn from_drop(data: &DataTransfer) -> impl Future<Output = Vec<Picked>> + use<> {
    let items = data.items();
    let entries: VecDeque<_> = (0..items.length())
        .filter_map(|place| items.get(place)?.webkit_get_as_entry().ok().flatten())
        .map(|entry| (entry, None))
        .collect();
    let plain = if entries.is_empty() { data.files().map(|files| from_input(&files)) } else { None };
    async move {
        let mut picked = plain.unwrap_or_default();
        picked.extend(walk(entries).await);
        in_order(picked)
    }
}

/// Folders in the order of their names, so that new labels come in it too; files as they came.
fn in_order(mut picked: Vec<Picked>) -> Vec<Picked> {
    picked.sort_by(|a, b| a.label.cmp(&b.label));
    picked
}

async fn walk(mut entries: VecDeque<(FileSystemEntry, Option<String>)>) -> Vec<Picked> {
    let mut picked = Vec::new();
    while let Some((entry, folder)) = entries.pop_front() {
        if is_clutter(&entry.name()) {
            continue;
        }
        // Not by its class, which has another name in Chromium.
        if entry.is_directory() {
            let directory: FileSystemDirectoryEntry = entry.unchecked_into();
            let name = directory.name();
            entries.extend(children(&directory).await.into_iter().map(|child| (child, Some(name.clone()))));
        } else if let Some(file) = file_of(entry.unchecked_into()).await {
            picked.push(Picked::file(file, folder));
        }
    }
    picked
}

async fn file_of(entry: FileSystemFileEntry) -> Option<File> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// Everything in a folder. Browsers hand it over a hundred entries at a time, and none when there are no more.
async fn children(directory: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = directory.create_reader();
    let mut children = Vec::new();
    loop {
        let some = next_children(&reader).await;
        if some.is_empty() {
            return children;
        }
        children.extend(some);
    }
}

async fn next_children(reader: &FileSystemDirectoryReader) -> Vec<FileSystemEntry> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        // A failure shows as a promise that is never resolved with entries: `reject` covers it.
        let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
    });
    let entries = JsFuture::from(promise).await.unwrap_or_else(|_| Array::new().into());
    Array::from(&entries).iter().map(JsCast::unchecked_into).collect()
}

/// The folder that a file lies in, by its path inside what was picked.
fn parent_folder(path: &str) -> Option<&str> {
    let (folders, _) = path.rsplit_once('/')?;
    let name = folders.rsplit('/').next()?;
    (!name.is_empty()).then_some(name)
}

/// What systems leave behind in folders, and nobody means to upload.
fn is_clutter(name: &str) -> bool {
    name.starts_with('.') || ["thumbs.db", "desktop.ini", "__macosx"].contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_folder_names_the_label() {
        assert_eq!(parent_folder("flowers/roses/1.jpg"), Some("roses"));
        assert_eq!(parent_folder("roses/1.jpg"), Some("roses"));
        assert_eq!(parent_folder("1.jpg"), None);
        assert_eq!(parent_folder(""), None);
    }

    #[test]
    fn clutter_is_left_out() {
        assert!(is_clutter(".DS_Store") && is_clutter("Thumbs.db") && is_clutter("desktop.ini"));
        assert!(!is_clutter("rose.jpg"));
    }
}
