//! What the rows share.

use crate::{peer::Peer, photos::Photos};
use anyhow::{Context, Result};
use dto::model::Backbone;
use pupil_tests::{Database, Home, Server};
use serde_json::Value;
use std::{env, path::PathBuf};
use vision::{Compute, Engine, EngineConfig, Processor};

pub struct Bench {
    pub photos: Photos,
    /// The backbone that is compared: ResNet18, where there are weights for it.
    pub backbone: Backbone,
    pub threads: usize,
    peer: Option<Peer>,
    engine: Engine,
}

/// A fresh server and what it keeps its things in.
pub struct Running {
    pub server: Server,
    _home: Home,
}

impl Bench {
    /// `peer` is PyTorch's script.
    pub fn start(peer: Option<PathBuf>) -> Result<Self> {
        let threads = std::thread::available_parallelism()?.get();
        let weights: Vec<(Backbone, PathBuf)> = Backbone::ALL.into_iter().filter_map(weights).collect();
        let resnet18 = weights.iter().find(|(backbone, _)| *backbone == Backbone::Resnet18).cloned();
        let engine = Engine::start(EngineConfig { weights, threads, compute: Compute::on(Processor::Cpu) })?;
        let backbone = engine.default_backbone().context("no backbone has weights: `cargo xtask setup` gets them")?;
        let peer = match (peer, resnet18) {
            (Some(script), Some((_, weights))) => Some(Peer { script, weights, threads }),
            (Some(_), None) => {
                println!("ResNet18 has no weights here, and PyTorch's side knows no other: it is not run.");
                None
            }
            (None, _) => None,
        };
        Ok(Self { photos: Photos::find()?, backbone, threads, peer, engine })
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What PyTorch's side has measured, if it is here.
    pub fn peer(&self, part: &str, epochs: u32) -> Result<Option<Value>> {
        self.peer.as_ref().map(|peer| peer.measure(part, &self.photos, epochs)).transpose()
    }

    pub async fn server(&self) -> Running {
        let home = Home::new(Database::Sqlite).await.with("PUPIL_LOG", "warn").with("PUPIL_DEVICE", "cpu");
        Running { server: Server::start(&home), _home: home }
    }
}

/// A backbone and its file of weights, as the server finds them.
fn weights(backbone: Backbone) -> Option<(Backbone, PathBuf)> {
    let path = env::var_os(format!("PUPIL_WEIGHTS_{}", backbone.as_str().to_uppercase()))?;
    Some((backbone, path.into()))
}
