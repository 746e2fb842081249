//! The limits that both ends know, each with its reason. Those of a request or a file are the server's defaults:
//! an operator may change them.

use std::ops::RangeInclusive;

/// Files in one upload or prediction: a browser sends fewer at a time, a script need not split a class folder.
pub const FILES_PER_REQUEST: usize = 500;
/// Bytes of one request: [`FILES_PER_REQUEST`] ordinary photos.
pub const BYTES_PER_REQUEST: u64 = 512 << 20;
/// Bytes of one file: the largest JPEG of a present-day camera.
pub const BYTES_PER_FILE: u64 = 30 << 20;
/// Pixels of one image: 100 megapixels take 300 to 600 MB of memory to decode.
pub const PIXELS_PER_IMAGE: u64 = 100_000_000;
/// Images of one user, unless the operator says otherwise.
pub const IMAGES_PER_USER: u64 = 100_000;
/// Bytes of one user's files: as many as [`IMAGES_PER_USER`] photos of 500 kB.
pub const BYTES_PER_USER: u64 = 50 << 30;
/// Runs of one user that are queued or under way: whoever tries out settings still leaves turns to others.
pub const RUNS_PER_USER: u64 = 10;
/// Items on one page of a list, unless fewer are asked for.
pub const PAGE_DEFAULT: u32 = 100;
/// The most items on one page.
pub const PAGE_MAX: u32 = 500;
/// Images in one bulk change: a whole page and more, in one transaction.
pub const IDS_PER_REQUEST: usize = 10_000;
/// Characters of a user name.
pub const USERNAME_CHARS: RangeInclusive<usize> = 3..=64;
/// What a user name may have besides letters and digits: spaces and control characters make names that look alike.
pub const USERNAME_SIGNS: &str = "._-@+";
/// Characters of a password: NIST SP 800-63B asks for at least 8 and for long ones to be allowed.
pub const PASSWORD_CHARS: RangeInclusive<usize> = 8..=256;
/// Characters of a label's, project's or model's name.
pub const NAME_CHARS: RangeInclusive<usize> = 1..=100;
/// Characters kept of an uploaded file's name.
pub const FILE_NAME_CHARS: usize = 255;
/// Labels of one project: the confusion matrix of more is unreadable.
pub const LABELS_PER_PROJECT: usize = 1_000;
/// Access tokens of one user that can be used: one for each script, and no more than a person can keep an eye on.
pub const ACCESS_TOKENS_PER_USER: usize = 100;
/// Days that an access token lasts, unless another date or none is asked for.
pub const ACCESS_TOKEN_DAYS: u32 = 90;
/// Projects of one user.
pub const PROJECTS_PER_USER: usize = 1_000;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 256;
/// Epochs of one training run.
pub const EPOCHS: RangeInclusive<u32> = 1..=1_000;
