//! The store from outside, on SQLite always, and on PostgreSQL where `PUPIL_TEST_POSTGRES` is the URL of a server on
//! which databases can be made.

mod fixture;

mod blobs;
mod concurrency;
mod embeddings;
mod images;
mod judgements;
mod labels;
mod models;
mod projects;
mod restart;
mod results;
mod users;
