//! A real Chromium, and what a person does in it.

pub mod chrome;
pub mod page;
pub mod visit;

pub use chrome::Chrome;
pub use page::{Page, hook};
