//! A full disk: it is said so, nothing is harmed, and when there is room everything goes on.

use crate::{long, not_run};
use dto::{
    ErrorCode, ImageId,
    image::ImageChange,
    model::{Status, TrainRequest},
};
use pupil_tests::{
    Database, File, Home, Person, Server, deadline::eventually, pictures::Motif, program, refused,
    small_disk::SmallDisk,
};
use reqwest::{Method, StatusCode};
use std::collections::HashMap;

both_databases_own_server![a_full_disk_is_said_and_harms_nothing];

/// Enough for the databases and some hundred pictures.
const MEBIBYTES: u32 = 64;

async fn a_full_disk_is_said_and_harms_nothing(database: Database) {
    let home = Home::new(database).await;
    let Some(disk) = SmallDisk::mount(home.data_folder(), MEBIBYTES) else {
        return not_run("a_full_disk_is_said_and_harms_nothing", "a small disk can't be mounted here (`unshare -rm`)");
    };
    let home = home.inside(disk.enter());
    let mut server = Server::start(&home);
    let mut ann = Person::new(&server).await;
    let mut kept = HashMap::new();
    for motif in [Motif::Circles, Motif::Stripes] {
        let files = motif.files(8);
        let images = ann.upload(&files, Some(motif.label())).await;
        kept.extend(images.into_iter().map(|image| image.id).zip(files));
    }
    let model = ann.train().await.id;
    let some = *kept.keys().next().expect("there are pictures");

    for round in 0..if long() { 10 } else { 2 } {
        disk.fill(0);
        let more = Motif::Circles.files_from(10_000 * (round + 1), 4);
        let problem = refused(ann.api.upload(ann.project, &more, Some("circles")).await, ErrorCode::StorageFull);
        assert_eq!(problem.status, StatusCode::INSUFFICIENT_STORAGE.as_u16());
        // What needs no room goes on.
        ann.api.predict(model, &more[..1]).await.expect("a prediction is kept nowhere");
        assert_eq!(ann.api.image_file(some).await.bytes().await.expect("a file"), kept[&some].bytes);
        // What needs room may find some in files that are there.
        let change = ann.api.request(Method::PATCH, &format!("/images/{some}")).json(&ImageChange { label_id: None });
        let changed = change.send().await.expect("it answers").status();
        assert!(changed == StatusCode::OK || changed == StatusCode::INSUFFICIENT_STORAGE, "{changed}");
        let run = match ann.api.train(ann.project, &TrainRequest::default()).await {
            Ok(run) => Some(run.id),
            Err(problem) => {
                assert_eq!(problem.code, ErrorCode::StorageFull, "{problem:?}");
                None
            }
        };
        disk.free();

        // The very same upload, as a person would try it.
        let images = ann.upload(&more, Some("circles")).await;
        kept.extend(images.into_iter().map(|image| image.id).zip(more));
        if let Some(run) = run {
            let over = ann.api.wait_until_over(run).await;
            let code = over.problem.as_ref().map(|problem| problem.code);
            assert!(over.status == Status::Ready || code == Some(ErrorCode::StorageFull), "{over:?}");
        }
        ann.train().await;
        all_right(&home, &ann, &kept).await;

        // Full in the middle of uploads, and then the process dies.
        disk.fill(1 << 20);
        for seed in (0_u64..).step_by(4) {
            let files = Motif::Stripes.files_from(10_000 * (round + 1) + 5_000 + seed, 4);
            match ann.api.upload(ann.project, &files, Some("stripes")).await {
                Ok(upload) => {
                    let images = upload.items.into_iter().map(|item| item.image.expect("a good picture").id);
                    kept.extend(images.zip(files));
                }
                Err(problem) => {
                    assert_eq!(problem.code, ErrorCode::StorageFull, "{problem:?}");
                    break;
                }
            }
        }
        server.kill();
        disk.free();
        server = Server::start(&home);
        ann = ann.at(&server);
        all_right(&home, &ann, &kept).await;
    }
}

/// Every picture that was acknowledged is there and is looked at by the embedder, and nothing is damaged.
async fn all_right(home: &Home, ann: &Person, kept: &HashMap<ImageId, File>) {
    for (id, file) in kept {
        assert_eq!(ann.api.image_file(*id).await.bytes().await.expect("a file"), file.bytes);
        assert!(ann.api.thumbnail(*id).await.status().is_success());
        eventually("the image is embedded", async || {
            ann.api.image(*id).await.expect("it was acknowledged").embedded.then_some(())
        })
        .await;
    }
    let mut check = home.command();
    check.arg("check");
    let checked = program::run(check).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}
