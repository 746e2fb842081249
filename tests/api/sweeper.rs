//! The sweeper, as far as it can be seen from outside: what it does when is told by the store's own tests.

use pupil_tests::{Database, Home, Person, Server, deadline::eventually};
use std::{
    fs::{self, File},
    time::{Duration, SystemTime},
};
use uuid::Uuid;

both_databases_own_server![files_of_a_model_that_is_gone_are_swept_away_soon_after_the_start];

async fn files_of_a_model_that_is_gone_are_swept_away_soon_after_the_start(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(4).await;
    let model = ann.train().await.id;
    server.stop();

    let folder = home.data_folder().join("blobs/models");
    let orphan = folder.join(format!("{}.safetensors", Uuid::now_v7()));
    fs::write(&orphan, "left behind").expect("one's own folder");
    for entry in fs::read_dir(&folder).expect("a folder").flatten() {
        let file = File::options().write(true).open(entry.path()).expect("one's own file");
        file.set_modified(SystemTime::now() - Duration::from_secs(2 * 60 * 60)).expect("one's own file");
    }
    let server = Server::start(&home);
    eventually("it is swept away", async || (!orphan.exists()).then_some(())).await;
    let ann = ann.at(&server);
    let unseen = pupil_tests::pictures::Motif::Circles.files_from(900, 1);
    ann.api.predict(model, &unseen).await.expect("the files of a model that is there stay");
}
