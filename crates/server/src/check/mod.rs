//! `pupil check`: whether everything is there that the database says is, and is as it was written.
//!
//! It may run beside a server: what is missing is looked for once more, after whether anybody still needs it.

mod embeddings;
mod models;
mod pictures;
mod report;
mod unseen;

use crate::{config::Settings, jobs::Jobs};
use anyhow::Context;
use dto::ProjectId;
use report::Report;
use std::collections::BTreeSet;
use store::Store;

/// What a check works with.
struct Check {
    store: Store,
    repair: bool,
    report: Report,
    /// Projects with pictures to embed anew.
    to_embed: BTreeSet<ProjectId>,
}

/// Checks everything, and with `repair` mends what can be mended. Answers whether all was in order.
///
/// # Errors
/// What keeps it from looking: a database or a store that does not answer.
pub async fn check(settings: &Settings, repair: bool) -> anyhow::Result<bool> {
    let store = Store::open_existing(settings.store()).await?;
    let mut check = Check { store, repair, report: Report::default(), to_embed: BTreeSet::new() };
    for fault in check.store.database_faults().await? {
        check.report.finding(&format!("The database file is damaged: {fault}."), "Restore a backup.");
    }
    let pictures = check.pictures().await?;
    let models = check.models().await?;
    let embeddings = check.embeddings().await?;
    check.unseen().await?;
    if !check.to_embed.is_empty() {
        let jobs = Jobs::open(&check.store).await.context("can't open the job queue")?;
        for project in &check.to_embed {
            jobs.embed(*project).await?;
        }
    }
    check.report.finish(pictures, models, embeddings);
    Ok(check.report.is_clean())
}
