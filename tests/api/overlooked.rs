//! Work whose job was lost while everything runs.

use dto::model::{Status, TrainRequest};
use pupil_tests::{Database, Home, Person, Server, database, deadline::eventually, pictures::Motif};

/// A queue that takes jobs and has none is what loses them; only PostgreSQL lets somebody else have it so.
#[tokio::test]
async fn work_whose_job_was_lost_is_found_and_done() {
    if !Database::Postgres.is_available() {
        return;
    }
    let home = Home::new(Database::Postgres).await;
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let execute = async |sql: &str| database::execute(&home, sql, &[]).await;
    execute("CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'").await;
    execute("CREATE TRIGGER lose BEFORE INSERT ON apalis.jobs FOR EACH ROW EXECUTE FUNCTION lose()").await;
    ann.upload_both(4).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    let pictures = bob.upload_motif(Motif::Circles, 4).await;
    execute("DROP TRIGGER lose ON apalis.jobs").await;
    assert_eq!(ann.api.model(run).await.expect("one's own").status, Status::Queued);

    ann.wait_ready(run).await;
    for image in &pictures {
        eventually("the image is embedded", async || {
            bob.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
}
