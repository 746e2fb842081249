//! `pupil user …`: what an operator does to accounts, beside a running server.

use dto::{
    ErrorCode,
    access::{NewAccessToken, Scope},
};
use pupil_tests::{
    Database, Home, Person, Server,
    pictures::Motif,
    program::{self, Finished},
    refused,
};
use std::{
    fs::{self, File},
    process::Stdio,
};

both_databases_own_server![
    accounts_are_listed,
    a_password_that_was_forgotten_is_replaced,
    a_disabled_account_is_out_at_once_and_can_come_back,
    an_account_is_deleted,
];

const NEW_PASSWORD: &str = "correct horse battery staple";

async fn accounts_are_listed(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    assert!(pupil(&home, &["list"]).await.stdout.contains("no accounts yet"));
    let ann = Person::named(&server, "ann").await;
    ann.upload_motif(Motif::Circles, 3).await;
    Person::named(&server, "Bob").await;
    done(&pupil(&home, &["disable", "bob"]).await);
    let listed = pupil(&home, &["list"]).await;
    done(&listed);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<_> = listed.stdout.lines().skip(1).map(words).collect();
    assert_eq!((lines[0][0].as_str(), &lines[0][3..]), ("ann", &words("1 3 open")[..]), "{}", listed.stdout);
    assert_eq!((lines[1][0].as_str(), &lines[1][3..]), ("Bob", &words("1 0 disabled")[..]), "{}", listed.stdout);
}

async fn a_password_that_was_forgotten_is_replaced(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::named(&server, "ann").await;
    let script = ann.api.create_token(&script()).await.expect("a log-in may").token;
    let reset = pupil(&home, &["reset-password", "ANN"]).await;
    done(&reset);
    let made = reset.stdout.lines().find_map(|line| line.strip_prefix("Password: ")).expect("it is told").to_owned();
    refused(server.client().log_in("ann", &ann.password).await, ErrorCode::WrongCredentials);
    refused(ann.api.me().await, ErrorCode::TokenRevoked);
    server.client().log_in("ann", &made).await.expect("the password that was told");
    server.client().with_token(&script).me().await.expect("access tokens stay");

    let chosen = home.data_folder().join("password.txt");
    fs::write(&chosen, format!("{NEW_PASSWORD}\n")).expect("the folder can be written");
    let mut command = home.command();
    command.args(["user", "reset-password", "ann", "--stdin", "--end-access-tokens"]);
    command.stdin(File::open(&chosen).map(Stdio::from).expect("it was just written"));
    let reset = program::run(command).await;
    done(&reset);
    assert!(!reset.stdout.contains(NEW_PASSWORD), "{}", reset.stdout);
    server.client().log_in("ann", NEW_PASSWORD).await.expect("the password that was chosen");
    refused(server.client().with_token(&script).me().await, ErrorCode::TokenRevoked);

    // Nothing on standard input is no password.
    let refused = pupil(&home, &["reset-password", "ann", "--stdin"]).await;
    assert!(refused.code != Some(0) && refused.stderr.contains("at least 8"), "{refused:?}");
    let unknown = pupil(&home, &["reset-password", "zoe"]).await;
    assert!(unknown.code != Some(0) && unknown.stderr.contains("zoe"), "{unknown:?}");
    server.client().log_in("ann", NEW_PASSWORD).await.expect("nothing has changed");
}

async fn a_disabled_account_is_out_at_once_and_can_come_back(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let (ann, bob) = (Person::named(&server, "ann").await, Person::named(&server, "bob").await);
    let script = server.client().with_token(&ann.api.create_token(&script()).await.expect("a log-in may").token);
    script.me().await.expect("it is new");
    done(&pupil(&home, &["disable", "ann"]).await);
    refused(ann.api.me().await, ErrorCode::TokenRevoked);
    refused(script.me().await, ErrorCode::TokenRevoked);
    refused(server.client().log_in("ann", &ann.password).await, ErrorCode::WrongCredentials);
    refused(server.client().sign_up("ann", NEW_PASSWORD).await, ErrorCode::UsernameTaken);
    bob.api.me().await.expect("others are not concerned");

    done(&pupil(&home, &["enable", "ann"]).await);
    let session = server.client().log_in("ann", &ann.password).await.expect("the account is open again");
    let projects = server.client().with_token(&session.token).projects().await.expect("a log-in may").items;
    assert_eq!(projects[0].id, ann.project, "everything is still there");
    refused(ann.api.me().await, ErrorCode::TokenRevoked);
    refused(script.me().await, ErrorCode::TokenRevoked);
}

async fn an_account_is_deleted(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let (ann, bob) = (Person::named(&server, "ann").await, Person::named(&server, "bob").await);
    // Standard input is empty: whoever says nothing has not agreed.
    let unasked = pupil(&home, &["delete", "ann"]).await;
    assert!(unasked.code != Some(0) && unasked.stderr.contains("nothing was deleted"), "{unasked:?}");
    ann.api.me().await.expect("nothing was deleted");
    done(&pupil(&home, &["delete", "ann", "--yes"]).await);
    refused(ann.api.me().await, ErrorCode::TokenInvalid);
    server.client().sign_up("ann", NEW_PASSWORD).await.expect("the name is free again");
    bob.api.project(bob.project).await.expect("others are not concerned");
}

#[tokio::test]
async fn where_there_is_no_database_none_is_made() {
    let home = Home::new(Database::Sqlite).await;
    let listed = pupil(&home, &["list"]).await;
    assert!(listed.code != Some(0) && listed.stderr.contains("PUPIL_DATA_DIR"), "{listed:?}");
    assert_eq!(fs::read_dir(home.data_folder()).expect("it is there").count(), 0);
}

fn script() -> NewAccessToken {
    NewAccessToken { name: "a script".into(), scopes: vec![Scope::Read], project_id: None, expires_at: None }
}

async fn pupil(home: &Home, arguments: &[&str]) -> Finished {
    let mut command = home.command();
    command.arg("user").args(arguments);
    program::run(command).await
}

#[track_caller]
fn done(finished: &Finished) {
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}
