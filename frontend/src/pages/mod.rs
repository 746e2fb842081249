//! The pages, one per address.

pub mod account;
pub mod label;
pub mod login;
pub mod not_found;
pub mod predict;
pub mod project;
pub mod projects;
pub mod train;
