//! Pictures that could not be looked at while their files were out of reach: that need not stay so.

use crate::check::check;
use dto::image::{Image, Outcome};
use pupil_tests::{Database, Home, Person, Server, deadline::eventually, pictures::Motif};
use std::fs;

both_databases_own_server![what_could_not_be_looked_at_once_can_be_mended];

async fn what_could_not_be_looked_at_once_can_be_mended(database: Database) {
    // Nobody looks at the pictures yet.
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let files = Motif::Circles.files(4);
    let circles = ann.upload(&files, Some("circles")).await;
    let stripes = ann.upload_motif(Motif::Stripes, 4).await;
    server.stop();

    // As when the disk they are on is not mounted for a while.
    let (folder, away) = (home.data_folder().join("blobs/originals"), home.data_folder().join("away"));
    fs::rename(&folder, &away).expect("one's own folder");
    let home = home.with("PUPIL_WORKERS", "2");
    let server = Server::start(&home);
    let ann = ann.at(&server);
    eventually("all are given up", async || {
        (server.log().matches("a stored picture can't be looked at").count() == 8).then_some(())
    })
    .await;
    fs::rename(&away, &folder).expect("one's own folder");

    let found = check(&home, &[]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    let sentence = |image: &Image| format!("“{}” of {} (project “", image.file_name, ann.user.username);
    for image in circles.iter().chain(&stripes) {
        assert!(found.stdout.contains(&sentence(image)), "{found:?}");
    }
    assert_eq!(found.stdout.matches("could not look at it").count(), 8, "{found:?}");

    // The same file again mends one, though nobody has marked it as damaged.
    let upload = ann.api.upload(ann.project, &files[..1], None).await.expect("in order");
    assert_eq!(upload.items[0].outcome, Outcome::Duplicate);
    let embedded = async |image: &Image| ann.api.image(image.id).await.expect("one's own").embedded;
    eventually("it is looked at", async || embedded(&circles[0]).await.then_some(())).await;
    assert!(!embedded(&circles[1]).await, "nobody has mended the others");

    let repaired = check(&home, &["--repair"]).await;
    assert_eq!(repaired.code, Some(1), "{repaired:?}");
    assert!(!repaired.stdout.contains(&sentence(&circles[0])), "{repaired:?}");
    assert_eq!(repaired.stdout.matches("It is looked at again.").count(), 7, "{repaired:?}");
    ann.wait_embedded().await;
    ann.train().await;
    let clean = check(&home, &[]).await;
    assert_eq!(clean.code, Some(0), "{clean:?}");
}
