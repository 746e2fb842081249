//! What every handler and job shares.

use crate::{
    auth::Auth, classifiers::Classifiers, config::Settings, drafts::Drafts, ingest::Ingest, jobs::Jobs,
    last_use::LastUse, metrics::Metrics,
};
use anyhow::Context;
use dto::ProjectId;
use std::sync::Arc;
use store::Store;
use vision::{Compute, Engine, EngineConfig};

/// The parts of a running Pupil. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub settings: Arc<Settings>,
    pub store: Store,
    pub engine: Engine,
    pub auth: Auth,
    pub ingest: Ingest,
    pub jobs: Jobs,
    pub classifiers: Classifiers,
    pub metrics: Metrics,
    pub last_use: LastUse,
    drafts: Drafts,
}

impl App {
    /// Opens the database, the blobs, the queue and the engine.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        settings.check()?;
        let settings = Arc::new(settings);
        let store = Store::open(settings.store()).await.with_context(|| opening(&settings))?;
        store.set_quotas(settings.quotas.of_store());
        let engine = start_engine(&settings).await?;
        if let Some((weights, preprocessing)) = default_embedding(&engine) {
            store.set_default_embedding(weights, preprocessing);
        }
        let auth = Auth::new(&settings)?;
        let ingest = Ingest::new(&settings, store.clone());
        let jobs = Jobs::open(&store).await.context("can't open the job queue")?;
        let metrics = Metrics::start()?;
        let (classifiers, last_use, drafts) = Default::default();
        Ok(Self { settings, store, engine, auth, ingest, jobs, classifiers, last_use, metrics, drafts })
    }

    /// Labels of the project have changed, or which images have them: where somebody wished so, a draft learns from that.
    pub fn labels_changed(&self, project: ProjectId) {
        self.drafts.labels_changed(self, project);
    }
}

/// The key that embeddings made in the background are kept under; none without weights.
pub fn default_embedding(engine: &Engine) -> Option<(&str, &'static str)> {
    let backbone = engine.default_backbone()?;
    Some((engine.weights_sha256(backbone)?, vision::PREPROCESSING))
}

/// What could not be opened, under the names that the operator gave it, without the password in it.
fn opening(settings: &Settings) -> String {
    let folder = settings.data_dir.display();
    match &settings.database_url {
        None => format!("can't open the data folder {folder} (PUPIL_DATA_DIR)"),
        Some(url) => {
            let place = url.rsplit('@').next().unwrap_or_default();
            format!("can't open the database {place} (DATABASE_URL) or the data folder {folder} (PUPIL_DATA_DIR)")
        }
    }
}

async fn start_engine(settings: &Settings) -> anyhow::Result<Engine> {
    let (threads, wished) = (settings.compute_threads(), settings.compute());
    let config = EngineConfig { weights: settings.weights(), threads, compute: wished };
    let engine = tokio::task::spawn_blocking(move || Engine::start(config)).await?.context("can't start the engine")?;
    let Compute { processor, precision } = engine.compute();
    tracing::info!(threads, processor = processor.as_str(), precision = precision.as_str(), "the engine has started");
    for status in engine.backbones() {
        match &status.problem {
            Some(problem) => tracing::warn!(backbone = status.backbone.as_str(), "{problem}"),
            None => tracing::info!(backbone = status.backbone.as_str(), "pretrained weights loaded"),
        }
    }
    if engine.default_backbone().is_none() {
        tracing::error!(
            "no backbone has weights: nothing can be trained or predicted until `cargo xtask setup` has run"
        );
    }
    Ok(engine)
}
