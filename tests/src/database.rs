//! The two databases that every API test runs on.

use crate::{
    notice::{notice, strict},
    server::Home,
};
use std::env;
use tokio_postgres::{Config, NoTls, types::ToSql};
use uuid::Uuid;

/// Names the PostgreSQL server in which tests make databases. It is taken for a throw-away one: they stay behind.
const SERVER_SETTING: &str = "PUPIL_TEST_POSTGRES";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    /// Whether it is at hand; says so where it is not.
    ///
    /// # Panics
    /// On CI, when it is not.
    pub fn is_available(self) -> bool {
        if self == Self::Sqlite || env::var_os(SERVER_SETTING).is_some() {
            return true;
        }
        let reason = format!("{SERVER_SETTING} names no PostgreSQL server; `cargo xtask test` starts one and sets it");
        assert!(!strict(), "{reason}");
        notice(&format!("skipped on PostgreSQL: {reason}"));
        false
    }
}

/// Makes an empty PostgreSQL database and returns its URL.
pub async fn create_postgres_database() -> String {
    let server = env::var(SERVER_SETTING).unwrap_or_else(|_| panic!("{SERVER_SETTING} is not set"));
    let config: Config = server.parse().unwrap_or_else(|e| panic!("{SERVER_SETTING} is not a PostgreSQL URL: {e}"));
    let (client, connection) = config.connect(NoTls).await.unwrap_or_else(|e| panic!("can't connect to {server}: {e}"));
    let connection = tokio::spawn(connection);
    let name = format!("pupil_test_{}", Uuid::new_v4().simple());
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("the user may create databases");
    drop(client);
    connection.await.expect("the connection does not panic").expect("the connection ends in good order");
    with_database(&server, &name)
}

/// Executes a statement in a home's PostgreSQL database, and answers how many rows it has changed.
pub async fn execute(home: &Home, sql: &str, values: &[&(dyn ToSql + Sync)]) -> u64 {
    let config: Config = home.setting("DATABASE_URL").parse().expect("a PostgreSQL URL");
    let (client, connection) = config.connect(NoTls).await.expect("the server is up");
    tokio::spawn(connection);
    client.execute(sql, values).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"))
}

/// The URL of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (before_query, query) = server.split_once('?').map_or((server, None), |(url, query)| (url, Some(query)));
    let authority_end = before_query.find("://").map_or(0, |at| at + "://".len());
    let path = before_query[authority_end..].find('/').map_or(before_query.len(), |at| authority_end + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &before_query[..path])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_changes() {
        assert_eq!(with_database("postgres://u@h:5432/postgres", "x"), "postgres://u@h:5432/x");
        assert_eq!(with_database("postgres://u@h", "x"), "postgres://u@h/x");
        assert_eq!(with_database("postgres://u@/db?host=/run", "x"), "postgres://u@/x?host=/run");
    }
}
