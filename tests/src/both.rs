//! Runs a test on SQLite and on PostgreSQL.

/// Makes two tests, `NAME::sqlite` and `NAME::postgres`, of each `async fn NAME(database: Database)`, which starts servers
/// of its own.
///
/// A function that is not named here is dead code to the compiler, so none is forgotten.
#[macro_export]
macro_rules! both_databases_own_server {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use $crate::Database;

            #[tokio::test]
            async fn sqlite() {
                super::$name(Database::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres() {
                if Database::Postgres.is_available() {
                    super::$name(Database::Postgres).await;
                }
            }
        }
    )*};
}
