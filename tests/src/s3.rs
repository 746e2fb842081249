//! An S3 service of a test's own: objects over HTTP with signed requests, and files underneath that a test can damage.

use crate::Home;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use std::{fs, path::PathBuf};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch};

const BUCKET: &str = "pictures";
/// Within the bucket, which need not be Pupil's alone.
const PREFIX: &str = "pupil/school";
const KEY_ID: &str = "a key's name";
const KEY: &str = "and the key";

/// The service. It answers as long as the test's runtime runs.
pub struct S3 {
    root: TempDir,
    endpoint: String,
    away: watch::Sender<bool>,
}

impl S3 {
    pub async fn start() -> Self {
        let root = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(root.path().join(BUCKET)).expect("one's own folder");
        let mut service = S3ServiceBuilder::new(FileSystem::new(root.path()).expect("it is a folder"));
        service.set_auth(SimpleAuth::from_single(KEY_ID, KEY));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it listens"));
        let away = watch::Sender::new(false);
        let state = away.subscribe();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (service, mut state) = (service.clone(), state.clone());
                tokio::spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    tokio::select! {
                        biased;
                        _ = state.wait_for(|away| *away) => {}
                        // An error means that the client has gone.
                        _ = builder.serve_connection(TokioIo::new(stream), service) => {}
                    }
                });
            }
        });
        Self { root, endpoint, away }
    }

    /// Has a home keep its blobs here.
    pub fn keeps_blobs_of(&self, home: Home) -> Home {
        home.with("PUPIL_STORAGE", format!("s3://{BUCKET}/{PREFIX}"))
            .with("AWS_ENDPOINT", &self.endpoint)
            .with("AWS_ALLOW_HTTP", "true")
            .with("AWS_REGION", "us-east-1")
            .with("AWS_ACCESS_KEY_ID", KEY_ID)
            .with("AWS_SECRET_ACCESS_KEY", KEY)
    }

    /// Breaks every connection off, until it is back.
    pub fn goes_away(&self) {
        self.away.send_replace(true);
    }

    pub fn comes_back(&self) {
        self.away.send_replace(false);
    }

    /// Where the objects lie whose keys begin with Pupil's prefix.
    pub fn folder(&self) -> PathBuf {
        self.root.path().join(BUCKET).join(PREFIX)
    }
}
