//! The REST API's tests: a real server process, over HTTP, on both databases. One file for each group of URLs.

#[macro_use(both_databases_own_server)]
extern crate pupil_tests;

#[macro_use]
mod both_databases;

mod access;
mod account;
mod accuracy;
mod auth;
mod authorization;
mod backup;
mod backup_trouble;
mod check;
mod cli;
mod contract;
mod damaged;
mod evaluation;
mod events;
mod fine_tune;
mod headers;
mod health;
mod honest;
mod images_change;
mod images_list;
mod images_odd;
mod images_serve;
mod images_upload;
mod labels;
mod likeness;
mod limits;
mod load;
mod metrics;
mod models;
mod openapi;
mod operator;
mod overlooked;
mod predict;
mod privacy;
mod problems;
mod projects;
mod quotas;
mod restart;
mod results;
mod s3;
mod scripts;
mod sessions;
mod shutdown;
mod signup;
mod slow_clients;
mod static_files;
mod suggestions;
mod sweeper;
mod throttle;
mod tls;
mod tokens;
mod train;
mod unseen;
mod worker;
