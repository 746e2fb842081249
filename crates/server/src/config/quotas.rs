//! The settings of what one user may have.

use clap::Args;
use dto::limits;

#[derive(Args, Clone, Debug)]
pub struct UserQuotas {
    /// Pictures of one user, at most.
    #[arg(long, env = "PUPIL_MAX_IMAGES", default_value_t = limits::IMAGES_PER_USER)]
    pub max_images: u64,

    /// Bytes of one user's files, at most.
    #[arg(long, env = "PUPIL_MAX_BYTES", default_value_t = limits::BYTES_PER_USER)]
    pub max_bytes: u64,

    /// Projects of one user, at most.
    #[arg(long, env = "PUPIL_MAX_PROJECTS", default_value_t = limits::PROJECTS_PER_USER as u64)]
    pub max_projects: u64,

    /// Runs of one user that are queued or under way, at most.
    #[arg(long, env = "PUPIL_MAX_RUNS", default_value_t = limits::RUNS_PER_USER)]
    pub max_runs: u64,
}

impl UserQuotas {
    pub fn of_store(&self) -> store::Quotas {
        let Self { max_images, max_bytes, max_projects, max_runs } = *self;
        store::Quotas { images: max_images, bytes: max_bytes, projects: max_projects, runs: max_runs }
    }
}
