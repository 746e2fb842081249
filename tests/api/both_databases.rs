//! Runs a test on SQLite and on PostgreSQL.

use pupil_tests::{Database, Server, server::LogOnFailure};

/// Makes two tests, `NAME::sqlite` and `NAME::postgres`, of each `async fn NAME(server: &Server)`.
///
/// A function that is not named here is dead code to the compiler, so none is forgotten.
macro_rules! both_databases {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use pupil_tests::Database;

            #[tokio::test]
            async fn sqlite() {
                crate::both_databases::with_shared_server(Database::Sqlite, super::$name).await;
            }

            #[tokio::test]
            async fn postgres() {
                crate::both_databases::with_shared_server(Database::Postgres, super::$name).await;
            }
        }
    )*};
}

/// Runs a test against the server that the tests on this database share.
pub async fn with_shared_server(database: Database, test: impl AsyncFnOnce(&Server)) {
    if !database.is_available() {
        return;
    }
    let server = Server::shared(database).await;
    let _shown_on_failure = LogOnFailure(server);
    test(server).await;
}
