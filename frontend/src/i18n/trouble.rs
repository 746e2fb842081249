//! What is said when the way to the server is cut, a log-in ends, or something would be lost.

use super::{sentences::pictures, words::words};

words! {
    server_away = "Pupil can't be reached. You can stay on this page: it goes on by itself as soon as Pupil answers.";
    offline = "You are offline. You can stay on this page: it goes on by itself as soon as there is a network.";
    try_now = "Try now";
    login_ended = "Your log-in has ended.";
    log_in_again = "Log in again";
    somebody_else = "I am somebody else";
    leave_title = "Pictures are still on their way";
    leave = "Leave all the same";
    waits_for_server = "Waiting until Pupil can be reached. It then goes on by itself.";
    waits_for_login = "Waiting until you have logged in again.";
}

pub fn log_in_again_text(username: &str) -> String {
    format!(
        "Your log-in has ended, {username}. Nothing on this page is lost: once you have logged in again it goes on."
    )
}

pub fn leave_text(files: usize) -> String {
    format!("{} would not be uploaded.", pictures(files as u64))
}
