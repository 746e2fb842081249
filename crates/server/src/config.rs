//! The settings: environment variables with defaults, each also a flag. `pupil serve --help` lists them.

mod edge;
mod quotas;
mod sight;

pub use edge::Edge;
pub use quotas::UserQuotas;
pub use sight::{LogFormat, Sight};

use clap::Args;
use dto::{health::SignupMode, limits, model::Backbone};
use ipnet::IpNet;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};
use store::StoreConfig;
use vision::{Compute, Precision, Processor};

/// What an operator can set.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "PUPIL_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// The address people type, when it isn't the one listened on (behind a proxy, or a name); cookie writes must come from it.
    #[arg(long, env = "PUPIL_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Folder for everything Pupil keeps, unless the two settings below put it elsewhere.
    #[arg(long, env = "PUPIL_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,

    /// Database: postgres://…, or sqlite://… [default: SQLite in the data folder]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Where pictures and models are kept: s3://bucket/prefix [default: files in the data folder]
    #[arg(long, env = "PUPIL_STORAGE")]
    pub storage: Option<String>,

    /// Secret that signs log-ins, 32 characters or more; of several, separated by spaces or commas, the first signs and all
    /// are accepted [default: made once, kept in the data folder]
    #[arg(long, env = "PUPIL_SECRET", hide_env_values = true)]
    pub secret: Option<String>,

    /// Hours that a log-in lasts.
    #[arg(long, env = "PUPIL_SESSION_HOURS", default_value_t = 168, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub session_hours: u32,

    /// Who may sign up: everybody (open), whoever knows the code (code), nobody (closed) [default: open, or code if there is
    /// one]
    #[arg(long, env = "PUPIL_SIGNUP", value_parser = signup)]
    pub signup: Option<SignupMode>,

    /// The code that signing up takes.
    #[arg(long, env = "PUPIL_SIGNUP_CODE", hide_env_values = true)]
    pub signup_code: Option<String>,

    /// Whom to ask for an account or the code, as people on the page read it: a name, a mail address.
    #[arg(long, env = "PUPIL_CONTACT")]
    pub contact: Option<String>,

    /// Log-ins tried at one account in a minute, at most; 0 sets no limit.
    #[arg(long, env = "PUPIL_LOGINS_PER_ACCOUNT", default_value_t = 10)]
    pub logins_per_account: u32,

    /// Log-ins tried from one address in a minute, at most; 0 sets no limit.
    #[arg(long, env = "PUPIL_LOGINS_PER_ADDRESS", default_value_t = 120)]
    pub logins_per_address: u32,

    /// Sign-ups tried from one address in an hour, at most; 0 sets no limit.
    #[arg(long, env = "PUPIL_SIGNUPS_PER_ADDRESS", default_value_t = 120)]
    pub signups_per_address: u32,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    #[arg(long, env = "PUPIL_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Folder of the built web page [default: `dist` here or beside the program's target folder]
    #[arg(long, env = "PUPIL_WEB_DIR")]
    pub web_dir: Option<PathBuf>,

    /// ResNet18's weights, safetensors in torchvision's names [default: where set-up puts them]
    #[arg(long, env = "PUPIL_WEIGHTS_RESNET18")]
    pub weights_resnet18: Option<PathBuf>,

    /// EfficientNet-Lite0's weights, safetensors [default: where set-up puts them]
    #[arg(long, env = "PUPIL_WEIGHTS_EFFICIENTNET_LITE0")]
    pub weights_efficientnet_lite0: Option<PathBuf>,

    /// Runs at once, so that one with many new pictures holds nobody up; 0 leaves all jobs of `serve` to `pupil worker`.
    #[arg(long, env = "PUPIL_WORKERS", default_value_t = 4)]
    pub workers: usize,

    /// Threads for computing [default: one per core]
    #[arg(long, env = "PUPIL_THREADS", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,

    /// What embeds and fine-tunes, cpu or cuda [default: cuda where there is a graphics card that libtorch can use]
    #[arg(long, env = "PUPIL_DEVICE", value_parser = processor)]
    pub device: Option<Processor>,

    /// Numbers to embed and fine-tune with, float32 or bfloat16 [default: the faster ones on this device]
    #[arg(long, env = "PUPIL_PRECISION", value_parser = precision)]
    pub precision: Option<Precision>,

    /// Bytes of one uploaded file, at most.
    #[arg(long, env = "PUPIL_MAX_FILE_BYTES", default_value_t = limits::BYTES_PER_FILE)]
    pub max_file_bytes: u64,

    /// Bytes of one upload, at most.
    #[arg(long, env = "PUPIL_MAX_REQUEST_BYTES", default_value_t = limits::BYTES_PER_REQUEST)]
    pub max_request_bytes: u64,

    /// Files in one upload, at most.
    #[arg(long, env = "PUPIL_MAX_FILES", default_value_t = limits::FILES_PER_REQUEST)]
    pub max_files: usize,

    /// Pixels of one picture, at most.
    #[arg(long, env = "PUPIL_MAX_PIXELS", default_value_t = limits::PIXELS_PER_IMAGE)]
    pub max_pixels: u64,

    /// Take out of uploaded pictures when, where and with what they were taken; pixels stay as they are.
    #[arg(long, env = "PUPIL_STRIP_METADATA", value_parser = clap::builder::BoolishValueParser::new())]
    pub strip_metadata: bool,

    #[command(flatten)]
    pub quotas: UserQuotas,

    #[command(flatten)]
    pub edge: Edge,

    #[command(flatten)]
    pub sight: Sight,
}

fn processor(text: &str) -> Result<Processor, &'static str> {
    Processor::parse(text).ok_or("it is cpu or cuda")
}

fn signup(text: &str) -> Result<SignupMode, &'static str> {
    match text {
        "open" => Ok(SignupMode::Open),
        "code" => Ok(SignupMode::Code),
        "closed" => Ok(SignupMode::Closed),
        _ => Err("it is open, code or closed"),
    }
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().map(IpNet::from).ok();
    address.or_else(|| text.parse().ok()).ok_or("it is an address such as 10.0.0.1, or a network such as 10.0.0.0/8")
}

fn precision(text: &str) -> Result<Precision, &'static str> {
    Precision::parse(text).ok_or("it is float32 or bfloat16")
}

impl Settings {
    /// Where the store keeps its things.
    pub fn store(&self) -> StoreConfig {
        StoreConfig {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            storage: self.storage.clone(),
            max_connections: 16,
        }
    }

    /// Where the secret is kept that signs log-ins, unless it is set.
    pub fn secret_file(&self) -> PathBuf {
        secret_file(&self.data_dir)
    }

    /// What can't be checked of one setting alone.
    pub fn check(&self) -> anyhow::Result<()> {
        let has_code = self.signup_code.as_ref().is_some_and(|code| !code.trim().is_empty());
        if self.signup_mode() == SignupMode::Code && !has_code {
            anyhow::bail!("PUPIL_SIGNUP=code needs a code in PUPIL_SIGNUP_CODE");
        }
        Ok(())
    }

    /// Who may sign up.
    pub fn signup_mode(&self) -> SignupMode {
        let unless_set = if self.signup_code.is_some() { SignupMode::Code } else { SignupMode::Open };
        self.signup.unwrap_or(unless_set)
    }

    /// Whether people reach Pupil by HTTPS, its own or a proxy's.
    pub fn is_https(&self) -> bool {
        self.edge.has_tls() || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The weights file of each backbone, whether it is there or not.
    pub fn weights(&self) -> Vec<(Backbone, PathBuf)> {
        let set = |backbone| match backbone {
            Backbone::Resnet18 => &self.weights_resnet18,
            Backbone::EfficientnetLite0 => &self.weights_efficientnet_lite0,
        };
        let file = |backbone| match set(backbone) {
            Some(path) => path.clone(),
            None => cache_folder().join("weights").join(format!("{}.safetensors", Backbone::as_str(backbone))),
        };
        Backbone::ALL.map(|backbone| (backbone, file(backbone))).to_vec()
    }

    /// How embeddings to be stored are made, and fine-tuning is done.
    pub fn compute(&self) -> Compute {
        let fastest = Compute::on(self.device.unwrap_or_else(Processor::fastest));
        Compute { precision: self.precision.unwrap_or(fastest.precision), ..fastest }
    }

    /// Threads for computing: one per core unless set.
    pub fn compute_threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, |threads| threads as usize)
    }

    /// The folder of the built web page, if there is one.
    pub fn web_folder(&self) -> Option<PathBuf> {
        let is_built = |folder: &Path| folder.join("index.html").is_file();
        if let Some(folder) = &self.web_dir {
            return is_built(folder).then(|| folder.clone());
        }
        let program = std::env::current_exe().ok();
        let beside_target = program.as_deref().and_then(|file| file.ancestors().nth(3)).map(|root| root.join("dist"));
        [Some(PathBuf::from("dist")), beside_target].into_iter().flatten().find(|folder| is_built(folder))
    }
}

/// Where a data folder's secrets are that sign log-ins.
pub fn secret_file(data_dir: &Path) -> PathBuf {
    data_dir.join("secret")
}

/// Where set-up keeps what it has downloaded.
fn cache_folder() -> PathBuf {
    let from = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache"))).unwrap_or_default().join("pupil")
}
