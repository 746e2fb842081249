//! `/api/me/…`: changing one's password, deleting one's account.

use dto::{ErrorCode, limits, model::TrainRequest};
use pupil_tests::{Person, Server, pictures::Motif, refused};
use reqwest::StatusCode;

both_databases![
    a_new_password_holds_from_then_on,
    a_new_password_ends_the_other_sessions,
    a_password_is_changed_by_whoever_knows_the_current_one,
    a_new_password_has_the_rules_of_the_first,
    a_deleted_account_is_gone_and_its_name_free,
    everything_in_a_deleted_account_is_gone,
    an_account_is_deleted_by_whoever_knows_its_password,
    an_account_can_be_deleted_while_it_trains,
];

const NEW_PASSWORD: &str = "correct horse battery staple";

async fn a_new_password_holds_from_then_on(server: &Server) {
    let ann = Person::new(server).await;
    ann.api.change_password(&ann.password, NEW_PASSWORD).await.expect("the current password is right");
    let api = server.client();
    refused(api.log_in(&ann.user.username, &ann.password).await, ErrorCode::WrongCredentials);
    let session = api.log_in(&ann.user.username, NEW_PASSWORD).await.expect("the new password");
    assert_eq!(session.user, ann.user);
    // What a script of theirs does next needs the new one too.
    refused(ann.api.change_password(&ann.password, NEW_PASSWORD).await, ErrorCode::WrongPassword);
}

async fn a_new_password_ends_the_other_sessions(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let log_in = async || server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    let others = [log_in().await, log_in().await];
    ann.api.change_password(&ann.password, NEW_PASSWORD).await.expect("the current password is right");
    for other in others {
        refused(server.client().with_token(&other.token).me().await, ErrorCode::TokenRevoked);
    }
    assert_eq!(ann.api.me().await.expect("the session that changed it goes on"), ann.user);
    bob.api.me().await.expect("another user's session goes on");
}

async fn a_password_is_changed_by_whoever_knows_the_current_one(server: &Server) {
    let ann = Person::new(server).await;
    let other = server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    for wrong in ["", NEW_PASSWORD, &ann.password.to_uppercase()] {
        refused(ann.api.change_password(wrong, NEW_PASSWORD).await, ErrorCode::WrongPassword);
    }
    server.client().log_in(&ann.user.username, &ann.password).await.expect("nothing has changed");
    server.client().with_token(&other.token).me().await.expect("nothing has ended");
    refused(server.client().change_password(&ann.password, NEW_PASSWORD).await, ErrorCode::Unauthenticated);
}

async fn a_new_password_has_the_rules_of_the_first(server: &Server) {
    let ann = Person::new(server).await;
    let (shortest, longest) = (*limits::PASSWORD_CHARS.start(), *limits::PASSWORD_CHARS.end());
    for password in [String::new(), "p".repeat(shortest - 1), "p".repeat(longest + 1)] {
        let problem = refused(ann.api.change_password(&ann.password, &password).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("new_password"), "{} characters", password.len());
    }
    let phrase: String = NEW_PASSWORD.chars().cycle().take(longest).collect();
    ann.api.change_password(&ann.password, &phrase).await.expect("just within the rules");
}

async fn a_deleted_account_is_gone_and_its_name_free(server: &Server) {
    let ann = Person::new(server).await;
    let other = server.client().log_in(&ann.user.username, &ann.password).await.expect("the right password");
    ann.api.delete_account(&ann.password).await.expect("the password is right");
    let api = server.client();
    refused(api.log_in(&ann.user.username, &ann.password).await, ErrorCode::WrongCredentials);
    for token in [&ann.token, &other.token] {
        let problem = api.with_token(token).me().await.expect_err("nobody is there");
        assert_eq!(problem.status, StatusCode::UNAUTHORIZED, "{problem:?}");
    }
    let newcomer = api.sign_up(&ann.user.username, NEW_PASSWORD).await.expect("the name is free again");
    assert_ne!(newcomer.user.id, ann.user.id);
    let projects = api.with_token(&newcomer.token).projects().await.expect("the token is new").items;
    assert_eq!(projects.iter().map(|project| project.image_count).collect::<Vec<_>>(), [0], "nothing is inherited");
    refused(api.with_token(&newcomer.token).project(ann.project).await, ErrorCode::NotFound);
}

async fn everything_in_a_deleted_account_is_gone(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let [circles, _] = ann.upload_both(8).await;
    let model = ann.train().await;
    let bobs = bob.upload(&Motif::Circles.files(1), None).await;
    ann.api.delete_account(&ann.password).await.expect("the password is right");
    // As somebody else, because nobody is left who could be asked as the owner.
    refused(bob.api.project(ann.project).await, ErrorCode::NotFound);
    refused(bob.api.image(circles[0].id).await, ErrorCode::NotFound);
    refused(bob.api.model(model.id).await, ErrorCode::NotFound);
    assert_eq!(bob.api.image_file(circles[0].id).await.status(), StatusCode::NOT_FOUND);
    // The same picture in another account stays, although its bytes are kept once.
    assert_eq!(bob.api.image_file(bobs[0].id).await.status(), StatusCode::OK);
}

async fn an_account_is_deleted_by_whoever_knows_its_password(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    for wrong in ["", &bob.password] {
        refused(ann.api.delete_account(wrong).await, ErrorCode::WrongPassword);
    }
    refused(server.client().delete_account(&ann.password).await, ErrorCode::Unauthenticated);
    assert_eq!(ann.api.project(ann.project).await.expect("nothing is deleted").id, ann.project);
}

async fn an_account_can_be_deleted_while_it_trains(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    // Pictures that nobody has embedded yet keep a run busy.
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.upload(&motif.files_from(20_000, 60), Some(motif.label())).await;
    }
    ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    ann.api.delete_account(&ann.password).await.expect("the password is right");
    bob.upload_both(8).await;
    bob.train().await;
}
