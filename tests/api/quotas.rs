//! What one user may have, and that one's backlog is not another's.

use dto::{
    ErrorCode,
    image::{Image, ImageQuery},
    usage::Amount,
};
use pupil_tests::{
    Database, Home, Person, Server, deadline::eventually, files::files_below, pictures::Motif, refused, spawner,
};
use std::process::Stdio;

both_databases_own_server![
    quotas_are_told_and_refused_beyond,
    models_take_space_too,
    ten_pictures_need_not_wait_for_hundreds_of_somebody_else,
];

async fn quotas_are_told_and_refused_beyond(database: Database) {
    let files = Motif::Circles.files(6);
    let size = |count: usize| files[..count].iter().map(|file| file.bytes.len() as u64).sum::<u64>();
    let home = Home::new(database)
        .await
        .with("PUPIL_MAX_IMAGES", "5")
        .with("PUPIL_MAX_BYTES", size(4).to_string())
        .with("PUPIL_MAX_PROJECTS", "2")
        .with("PUPIL_MAX_RUNS", "1")
        // Runs stay queued.
        .with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let usage = ann.api.usage().await.expect("the token is valid");
    assert_eq!(usage.images, Amount { used: 0, allowed: 5 });
    assert_eq!(usage.projects, Amount { used: 1, allowed: 2 });
    assert_eq!(usage.runs, Amount { used: 0, allowed: 1 });

    ann.upload(&files[..2], Some("a")).await;
    ann.upload(&files[2..4], Some("b")).await;
    assert_eq!(ann.api.usage().await.expect("valid").bytes, Amount { used: size(4), allowed: size(4) });
    // One too many bytes, then one too many pictures: nothing of such an upload is kept.
    let problem = refused(ann.api.upload(ann.project, &files[4..5], None).await, ErrorCode::QuotaReached);
    assert_eq!((problem.status, problem.more["limit"].as_u64()), (409, Some(size(4))));
    refused(ann.api.upload(ann.project, &files[3..6], Some("c")).await, ErrorCode::QuotaReached);
    let labels = ann.api.labels(ann.project).await.expect("her own").items;
    assert_eq!(labels.len(), 2, "a label was made for pictures that were refused");
    assert_eq!(files_below(&home.data_folder().join("blobs/originals")).len(), 4, "what is refused takes no space");
    // The same bytes again take nothing.
    let again = ann.api.upload(ann.project, &files[..2], None).await.expect("there is room for nothing new");
    assert_eq!(again.duplicates, 2);
    // What is deleted makes room.
    let image = ann.api.images(ann.project, &ImageQuery::default()).await.expect("her own").items.remove(0).id;
    ann.api.delete_image(image).await.expect("her own");
    let small = ann.api.usage().await.expect("valid");
    assert_eq!(small.images.used, 3);

    ann.api.create_project("second").await.expect("there is room for two");
    let problem = refused(ann.api.create_project("third").await, ErrorCode::QuotaReached);
    assert_eq!(problem.more["limit"].as_u64(), Some(2));

    // Restored, so that there is enough to learn from.
    ann.api.restore_images(ann.project, &[image]).await.expect("within the day");
    let run = ann.api.train(ann.project, &Default::default()).await.expect("enough to learn from").id;
    let problem = refused(ann.api.train(ann.project, &Default::default()).await, ErrorCode::TooManyAtOnce);
    assert_eq!((problem.status, problem.more["limit"].as_u64()), (429, Some(1)));
    assert_eq!(ann.api.usage().await.expect("valid").runs.used, 1);
    ann.api.cancel(run).await.expect("it is queued");
    // Others have their own.
    assert_eq!(bob.api.usage().await.expect("valid").images.used, 0);
    bob.upload(&files[..1], None).await;
}

async fn models_take_space_too(database: Database) {
    let [circles, stripes] = [Motif::Circles, Motif::Stripes].map(|motif| motif.files(4));
    let size: usize = circles.iter().chain(&stripes).map(|file| file.bytes.len()).sum();
    let home = Home::new(database).await.with("PUPIL_MAX_BYTES", (size + 100).to_string());
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload(&circles, Some("circles")).await;
    ann.upload(&stripes, Some("stripes")).await;
    let used = async || ann.api.usage().await.expect("valid").bytes.used;
    let model = ann.train().await.id;
    assert!(used().await > size as u64 + 1_000, "{}", used().await);
    // Nothing is taken away, but nothing more is taken.
    refused(ann.api.train(ann.project, &Default::default()).await, ErrorCode::QuotaReached);
    let more = Motif::Circles.files_from(100, 1);
    refused(ann.api.upload(ann.project, &more, None).await, ErrorCode::QuotaReached);
    ann.api.delete_model(model).await.expect("her own");
    assert_eq!(used().await, size as u64);
    ann.train().await;
}

/// One has sent 320 pictures in forty uploads before anything is embedded; then another sends ten.
async fn ten_pictures_need_not_wait_for_hundreds_of_somebody_else(database: Database) {
    const MANY: u64 = 320;
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    for first in (0..MANY).step_by(8) {
        ann.upload(&Motif::Circles.files_from(first, 8), None).await;
    }
    bob.upload(&Motif::Stripes.files(10), None).await;

    let mut worker = home.command();
    worker.arg("worker").env_remove("PUPIL_WORKERS").stdout(Stdio::null()).stderr(Stdio::null());
    let mut worker = spawner::spawn(worker).expect("the program can be run");
    eventually("the ten are embedded", async || (embedded(&bob).await == 10).then_some(())).await;
    let before = embedded(&ann).await;
    eventually("the others are too", async || (embedded(&ann).await as u64 == MANY).then_some(())).await;
    worker.kill().expect("it runs");
    worker.wait().expect("it is a child");
    assert!(before as u64 <= MANY / 2, "{before} of {MANY} came before somebody else's ten");
}

async fn embedded(person: &Person) -> usize {
    let all = ImageQuery { limit: Some(500), ..ImageQuery::default() };
    let images: Vec<Image> = person.api.images(person.project, &all).await.expect("one's own").items;
    images.iter().filter(|image| image.embedded).count()
}
