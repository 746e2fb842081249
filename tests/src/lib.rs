//! What the tests share: a real server process, a typed client for it, a browser, and pictures to send.

mod both;
pub mod browser;
pub mod client;
pub mod cluster;
pub mod data;
pub mod database;
pub mod deadline;
pub mod events;
pub mod files;
pub mod leaves;
pub mod load;
pub mod notice;
pub mod person;
pub mod pictures;
pub mod program;
pub mod raw;
pub mod s3;
pub mod server;
pub mod small_disk;
pub mod spawner;
pub mod workspace;

pub use client::{Answer, Client, refused};
pub use database::Database;
pub use files::File;
pub use person::Person;
pub use server::{Home, Server};
