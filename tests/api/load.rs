//! Many people at once, for a few seconds. `cargo xtask load` does the same with more of them and for longer.

use pupil_tests::{
    Database, Home, Server,
    load::{self, Action, Plan},
};
use std::{future::ready, time::Duration};

both_databases_own_server![many_at_once_get_no_errors_and_lose_nothing];

async fn many_at_once_get_no_errors_and_lose_nothing(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let plan = Plan { people: 12, lasts: Duration::from_secs(5), pause: Duration::from_millis(20) };
    let (outcome, ()) = load::run(&server, plan, ready(())).await;
    assert!(outcome.failures.is_empty(), "{:#?}", outcome.failures);
    assert!(outcome.lost.is_empty(), "{:#?}", outcome.lost);
    assert!(outcome.refused.is_empty(), "nothing is asked that may not be: {:#?}", outcome.refused);
    for action in Action::ALL {
        assert!(outcome.seconds.contains_key(&action), "nobody did {action:?} in {:?}", outcome.lasted);
    }
}
