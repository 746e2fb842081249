//! `GET /api/health`.

use dto::{ErrorCode, model::Backbone};
use pupil_tests::{Database, Home, Person, Server, pictures::Motif, refused};

both_databases![anyone_can_ask_how_the_server_is];
both_databases_own_server![without_weights_the_server_starts_and_says_what_is_missing];

async fn anyone_can_ask_how_the_server_is(server: &Server) {
    let health = server.client().health().await.expect("a running server is ready");
    assert!(health.live && health.ready);
    assert_eq!(health.version, env!("CARGO_PKG_VERSION"));
    let backbones: Vec<Backbone> = health.backbones.iter().map(|backbone| backbone.backbone).collect();
    assert_eq!(backbones, Backbone::ALL);
    for backbone in &health.backbones {
        assert_eq!(backbone.pretrained, backbone.weights_sha256.is_some(), "{backbone:?}");
        assert_eq!(backbone.pretrained, backbone.problem.is_none(), "{backbone:?}");
    }
    let usable = health.backbones.iter().filter(|backbone| backbone.pretrained).map(|backbone| backbone.backbone);
    assert_eq!(health.backbone, usable.clone().next(), "the first that has weights is the default");
    assert_eq!(health.pretrained, health.backbone.is_some());
}

async fn without_weights_the_server_starts_and_says_what_is_missing(database: Database) {
    let home = Home::new(database).await;
    let nowhere = home.data_folder().join("nowhere.safetensors").display().to_string();
    let home = home.with("PUPIL_WEIGHTS_RESNET18", &nowhere).with("PUPIL_WEIGHTS_EFFICIENTNET_LITE0", &nowhere);
    let server = Server::start(&home);

    let health = server.client().health().await.expect("ready for everything else");
    assert!(health.ready && !health.pretrained);
    assert_eq!(health.backbone, None);
    for backbone in &health.backbones {
        assert!(backbone.problem.as_ref().is_some_and(|problem| problem.contains(&nowhere)), "{backbone:?}");
    }
    assert!(server.log().contains(&nowhere), "the log says it too");

    let ann = Person::new(&server).await;
    ann.upload_both(3).await;
    let problem = refused(ann.api.train(ann.project, &Default::default()).await, ErrorCode::WeightsMissing);
    assert!(problem.detail.len() > 20, "{}", problem.detail);
    assert!(!ann.api.images(ann.project, &Default::default()).await.expect("one's own").items[0].embedded);
    refused(ann.api.predict_in_project(ann.project, &Motif::Circles.files(1)).await, ErrorCode::NoModel);
}
