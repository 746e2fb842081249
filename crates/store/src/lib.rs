//! Rows and blobs: everything of Pupil that outlives a process.
//!
//! The only crate that names the databases (SQLite and PostgreSQL, through one SQL text) and the object store. It
//! answers with the wire types of [`dto`] where those cross the wire, and with types of its own otherwise.
//!
//! Two rules hold throughout. Every function that takes an `owner` treats what is another user's as not there. And
//! every write to a project's labels and images first locks the project's row, so that two of them can't deadlock, and
//! what one has checked stays true until it commits.

mod access_tokens;
mod backup;
mod blobs;
mod clock;
mod config;
mod cursor;
mod database;
mod embeddings;
mod epochs;
mod error;
mod folder;
mod ids;
mod images;
mod inspect;
mod judgements;
mod labels;
mod likeness;
mod models;
mod projects;
mod queue;
mod quotas;
mod results;
mod room;
mod row;
mod sessions;
mod store;
mod sweep;
#[cfg(test)]
mod testing;
mod text;
mod tokens;
#[cfg(test)]
mod upgrade_tests;
mod users;

pub use access_tokens::NewToken;
pub use backup::{FileOf, Filling, KeptFile, Row, Snapshot, TABLES};
pub use blobs::{BlobInfo, Blobs, backbone_key, card_key, checkpoint_key, model_key, original_key, thumbnail_key};
pub use clock::now;
pub use config::StoreConfig;
pub use cursor::page_of;
pub use error::{Result, StoreError};
pub use ids::ContentHash;
pub use images::{Added, ImageFile, NewImage};
pub use inspect::{ContentUse, EmbeddingLength, KeptContent, KeptModel, StoredEmbedding, UnseenContent};
pub use judgements::{ChangedSince, Judgement};
pub use likeness::EmbeddedImages;
pub use models::{
    Finished, LabelDoubt, ModelPrediction, NewModel, QueuedRun, ReadyModel, Run, RunProgress, Sample, Standing,
};
pub use queue::{Backlog, Queue};
pub use quotas::Quotas;
pub use room::Room;
pub use sessions::NewSession;
pub use store::Store;
pub use sweep::Swept;
pub use tokens::{Access, TokenState};
pub use users::{Account, Credentials, username_key};
