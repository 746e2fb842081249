//! Access tokens, and where one is logged in.

use super::words::words;
use dto::access::Scope;

words! {
    access_tokens = "Access tokens";
    access_tokens_help = "For scripts and other programs, in place of your password. Each may do what you choose, and can be revoked at any time.";
    no_tokens = "No access tokens yet";
    no_tokens_text = "Make one when a script is to upload pictures or ask a model without your password.";
    new_token = "New access token";
    token_name = "What is it for?";
    token_name_hint = "such as “nightly upload”";
    type_token_name = "Say what the token is for, so that you know it again.";
    token_scopes = "What may it do?";
    choose_scope = "Choose at least one.";
    token_project = "Which projects?";
    all_my_projects = "All my projects";
    token_ends = "When does it end?";
    in_30_days = "In 30 days";
    in_90_days = "In 90 days";
    in_a_year = "In a year";
    on_a_date = "On a date…";
    never = "Never";
    end_date = "Its last day";
    choose_date = "Choose a day that is still to come.";
    make_token = "Make the token";
    your_new_token = "Your new access token";
    copy_it_now = "Copy it now and keep it where only you can read it: it is not shown again.";
    token_itself = "The token";
    use_it_so = "A script sends it with every request:";
    token_for_predicting = "an access token that may ask models, from Your account";
    done = "Done";
    revoke = "Revoke";
    end_log_in = "End";
    revoke_token_text = "Scripts that use it are refused at once. This can't be undone.";
    token_revoked = "The access token is revoked.";
    never_used = "never used";
    never_ends = "never ends";
    token_has_ended = "has ended";
    a_deleted_project = "a project that is gone";
    log_ins = "Where you are logged in";
    log_ins_help = "End what you do not know, and change your password then.";
    this_log_in = "this one";
    unknown_agent = "An unknown program";
    log_in_ended = "That log-in is ended.";
    revoke_tokens_too = "Revoke my access tokens too";
    revoke_tokens_too_help = "They go on otherwise, and scripts with them.";
}

pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "See",
        Scope::Write => "Change",
        Scope::Predict => "Ask models",
    }
}

pub fn scope_help(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "projects, labels, pictures, models and results",
        Scope::Write => "upload, label, train and delete",
        Scope::Predict => "what new pictures show",
    }
}

/// What a token may do, and where: "See, ask models · in Flowers".
pub fn token_reach(scopes: &[Scope], project: Option<&str>) -> String {
    let words: Vec<String> = scopes.iter().map(|of| scope(*of).to_lowercase()).collect();
    let words = words.join(", ");
    let mut letters = words.chars();
    let words = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
    match project {
        Some(project) => format!("{words} · in {project}"),
        None => format!("{words} · in all projects"),
    }
}

pub fn last_used(ago: &str) -> String {
    format!("last used {ago}")
}

pub fn logged_in_since(ago: &str) -> String {
    format!("logged in {ago}")
}

/// When a token ends, by the days that are left.
pub fn ends_in(days: i64) -> String {
    match days {
        ..=0 => "ends today".into(),
        1 => "ends tomorrow".into(),
        days => format!("ends in {days} days"),
    }
}

pub fn revoke_token_title(name: &str) -> String {
    format!("Revoke “{name}”?")
}

pub fn end_log_in_of(agent: &str) -> String {
    format!("End the log-in: {agent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_may_do_is_a_sentence() {
        assert_eq!(token_reach(&[Scope::Read, Scope::Predict], Some("Flowers")), "See, ask models · in Flowers");
        assert_eq!(token_reach(&[Scope::Write], None), "Change · in all projects");
        assert_eq!(ends_in(90), "ends in 90 days");
    }
}
