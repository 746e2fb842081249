//! Users and sessions.

use crate::fixture::{Fixture, assert_error, on_both_databases};
use anyhow::Result;
use dto::{SessionId, Timestamp, TokenId, access::Scope};
use store::{
    Access, NewSession, NewToken,
    StoreError::{NotFound, UsernameTaken},
    TokenState,
};
use uuid::Uuid;

on_both_databases! { names_are_unique_in_any_case sign_up_makes_a_project sessions_can_be_ended who_knew_the_old_password_stays_out }

async fn names_are_unique_in_any_case(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    let user = store.create_user("Élodie", "secret hash", "p").await?;
    assert_error!(store.create_user("élODIE", "other", "p").await, UsernameTaken);
    let found = store.credentials("ÉLODIE").await?.expect("just made");
    assert_eq!((found.user, found.password_hash.as_str(), found.disabled), (user, "secret hash", false));
    assert_eq!(store.credentials("Elodie").await?, None);
    // PostgreSQL has no U+0000.
    assert_eq!(store.credentials("a\0b").await?, None);
    Ok(())
}

async fn sign_up_makes_a_project(fixture: Fixture) -> Result<()> {
    let projects = fixture.store.projects(fixture.owner, None, 10).await?;
    assert_eq!(projects.items.len(), 1);
    assert_eq!(projects.items[0].name, "First");
    assert_eq!(projects.next_cursor, None);
    Ok(())
}

async fn sessions_can_be_ended(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    let [jti, expired] = [Uuid::now_v7(), Uuid::now_v7()];
    let later = Timestamp::from_millis(i64::MAX);
    let new =
        NewSession { jti, user: fixture.owner, password_hash: "hash", agent: "Firefox on Linux", expires_at: later };
    store.create_session(&NewSession { jti: expired, expires_at: Timestamp::from_millis(1), ..new }).await?;
    assert_eq!(store.token(expired).await?, TokenState::Expired);
    store.create_session(&new).await?;

    let TokenState::Active { user, access } = store.token(jti).await? else { panic!("not active") };
    assert_eq!((user.id, user.username.as_str(), &access), (fixture.owner, "owner", &Access::Session));
    assert_eq!(store.token(expired).await?, TokenState::Unknown);
    assert_eq!(store.token(Uuid::now_v7()).await?, TokenState::Unknown);

    let (stranger, _) = fixture.stranger().await?;
    assert_error!(store.end_session(stranger, SessionId(jti)).await, NotFound(_));
    store.end_session(fixture.owner, SessionId(jti)).await?;
    assert_error!(store.end_session(fixture.owner, SessionId(jti)).await, NotFound(_));
    assert_eq!(store.token(jti).await?, TokenState::Revoked);
    Ok(())
}

/// Comparing a password takes a while, and meanwhile it may be changed, or the account shut.
async fn who_knew_the_old_password_stays_out(fixture: Fixture) -> Result<()> {
    let (store, user) = (&fixture.store, fixture.owner);
    let later = Timestamp::from_millis(i64::MAX);
    let new = |jti| NewSession { jti, user, password_hash: "hash", agent: "curl", expires_at: later };
    let first = Uuid::now_v7();
    store.create_session(&new(first)).await?;
    let token = |name| NewToken {
        id: TokenId(Uuid::now_v7()),
        session: first,
        name,
        scopes: &[Scope::Read],
        project: None,
        expires_at: None,
    };
    store.create_access_token(user, &token("before")).await?;

    store.change_password(user, "another hash", None, true).await?;
    assert_error!(store.create_session(&new(Uuid::now_v7())).await, NotFound(_));
    assert_error!(store.create_access_token(user, &token("after")).await, NotFound(_));

    let jti = Uuid::now_v7();
    let right = NewSession { password_hash: "another hash", ..new(jti) };
    store.create_session(&right).await?;
    store.disable_user(user).await?;
    assert_error!(store.create_session(&NewSession { jti: Uuid::now_v7(), ..right }).await, NotFound(_));
    Ok(())
}
