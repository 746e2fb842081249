//! Signing up, logging in, and one's account.

use super::{counted, pictures, words::words};
use dto::limits;

words! {
    what_pupil_is = "Teach a computer to tell your pictures apart.";
    log_in = "Log in";
    log_out = "Log out";
    sign_up = "Sign up";
    have_account = "Already have an account?";
    no_account = "New here?";
    username = "User name";
    password = "Password";
    show_password = "Show the password";
    show = "Show";
    hide = "Hide";
    first_project = "My first project";
    type_username = "Type your user name.";
    type_password = "Type your password.";
    account = "Account";
    your_account = "Your account";
    change_password = "Change password";
    change_password_help = "Everywhere else you are logged in, you are logged out.";
    sign_up_code = "Sign-up code";
    type_sign_up_code = "Type the code that signing up takes here.";
    sign_up_is_closed = "Sign-up is closed.";
    current_password = "Current password";
    new_password = "New password";
    password_changed = "Your new password holds from now on. All other log-ins have ended.";
    delete_account = "Delete account";
    delete_account_title = "Delete your account?";
    everything_is_lost = "All your projects, pictures and models go with it, at once and for good.";
    counting_what_is_lost = "Counting what you would lose…";
    for_good = "Nobody can bring them back.";
    delete_for_good = "Delete for good";
    account_deleted = "Your account and everything in it is deleted.";
}

pub fn logged_in_as(username: &str) -> String {
    format!("Logged in as {username}")
}

/// Whom to ask for an account where nobody can sign up.
pub fn ask_for_account(contact: Option<&str>) -> String {
    match contact {
        Some(contact) => format!("Ask for an account: {contact}"),
        None => "Ask the person who runs this Pupil for an account.".into(),
    }
}

/// Whom to ask for the code that signing up takes.
pub fn ask_for_code(contact: Option<&str>) -> String {
    match contact {
        Some(contact) => format!("Ask for the code: {contact}"),
        None => "Ask the person who runs this Pupil for the code.".into(),
    }
}

pub fn here_since(ago: &str) -> String {
    format!("Signed up {ago}")
}

pub fn username_length_rule() -> String {
    format!("{} to {} characters", limits::USERNAME_CHARS.start(), limits::USERNAME_CHARS.end())
}

pub fn username_signs_rule() -> String {
    let signs: Vec<String> = limits::USERNAME_SIGNS.chars().map(String::from).collect();
    format!("Letters, digits and {}, no spaces", signs.join(" "))
}

pub fn username_unfit() -> String {
    format!("Choose a name of {} letters, digits or {}.", limits_in_words(), limits::USERNAME_SIGNS)
}

fn limits_in_words() -> String {
    format!("{} to {}", limits::USERNAME_CHARS.start(), limits::USERNAME_CHARS.end())
}

/// The rule for a password of so many characters, and how far it is.
pub fn password_rule(length: usize) -> String {
    let (least, most) = (*limits::PASSWORD_CHARS.start(), *limits::PASSWORD_CHARS.end());
    match length {
        0 => format!("At least {least} characters. A few words make a good one."),
        length if length < least => format!("At least {least} characters, {} more to go", least - length),
        length if length > most => format!("At most {most} characters, {} too many", length - most),
        _ => format!("At least {least} characters"),
    }
}

pub fn password_unfit() -> String {
    format!("Choose a password of at least {} characters.", limits::PASSWORD_CHARS.start())
}

/// What goes with an account.
pub fn what_is_lost(projects: u64, images: u64) -> String {
    let projects = counted(projects, "project", "projects");
    format!("Your {projects} with {} and every model you trained go with it, at once and for good.", pictures(images))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_rule_says_what_is_left() {
        assert_eq!(password_rule(5), "At least 8 characters, 3 more to go");
        assert_eq!(password_rule(8), "At least 8 characters");
        assert_eq!(password_rule(258), "At most 256 characters, 2 too many");
    }
}
