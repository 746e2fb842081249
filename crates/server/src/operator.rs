//! What an operator does to accounts from the command line, beside a running server: `pupil user …`.

use crate::auth::{Auth, FIRST_PROJECT, check_password, check_username, make_password};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use dto::auth::User;
use std::{io::Read, path::PathBuf};
use store::{Account, Store, StoreConfig, StoreError};
use time::{OffsetDateTime, macros::format_description};

/// Where the accounts are.
#[derive(Args, Debug)]
pub struct Accounts {
    /// Folder of the data, as `pupil serve` has it.
    #[arg(long, env = "PUPIL_DATA_DIR", default_value = "data")]
    data_dir: PathBuf,

    /// Database, as `pupil serve` has it [default: SQLite in the data folder]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// List all accounts.
    List,
    /// Make an account, with a password that is made and printed.
    Add {
        name: String,
        /// Read the password from standard input instead.
        #[arg(long)]
        stdin: bool,
    },
    /// Give an account a new password, which is made and printed, and end its log-ins.
    ResetPassword {
        name: String,
        /// Read the password from standard input instead.
        #[arg(long)]
        stdin: bool,
        /// Revoke the account's access tokens too.
        #[arg(long)]
        end_access_tokens: bool,
    },
    /// Shut an account: nobody can log in to it; its log-ins and access tokens end at once. Its data stays.
    Disable { name: String },
    /// Open a disabled account again.
    Enable { name: String },
    /// Delete an account with all projects, pictures and models, for good.
    Delete {
        name: String,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Does it, and says what was done on standard output.
pub async fn run(accounts: Accounts, command: UserCommand) -> anyhow::Result<()> {
    let folder = accounts.data_dir.display().to_string();
    if accounts.database_url.is_none() && !accounts.data_dir.join("pupil.db").is_file() {
        bail!("there is no database in {folder} (PUPIL_DATA_DIR), and DATABASE_URL names none");
    }
    let config = StoreConfig {
        data_dir: accounts.data_dir,
        database_url: accounts.database_url,
        storage: None,
        max_connections: 2,
    };
    let store = Store::open(config).await.with_context(|| {
        format!("can't open the data folder {folder} (PUPIL_DATA_DIR) or the database (DATABASE_URL)")
    })?;
    match command {
        UserCommand::List => list(&store.accounts().await?),
        UserCommand::Add { name, stdin } => {
            let name = check_username(&name).map_err(anyhow::Error::msg)?.to_owned();
            let password = Password::new(stdin, &name)?;
            match store.create_user(&name, &password.hash().await?, FIRST_PROJECT).await {
                Err(StoreError::UsernameTaken) => bail!("there is an account {name} already"),
                made => drop(made?),
            }
            println!("{name} can log in.");
            password.tell();
        }
        UserCommand::ResetPassword { name, stdin, end_access_tokens } => {
            let user = find(&store, &name).await?;
            let password = Password::new(stdin, &user.username)?;
            store.change_password(user.id, &password.hash().await?, None, end_access_tokens).await?;
            let tokens = if end_access_tokens { "and all access tokens have ended" } else { "access tokens stay" };
            println!("{} has a new password. All log-ins have ended; {tokens}.", user.username);
            password.tell();
        }
        UserCommand::Disable { name } => {
            let user = find(&store, &name).await?;
            store.disable_user(user.id).await?;
            println!("{} can't log in any more. All log-ins and access tokens have ended.", user.username);
        }
        UserCommand::Enable { name } => {
            let user = find(&store, &name).await?;
            store.enable_user(user.id).await?;
            println!("{} can log in again. Access tokens have to be made anew.", user.username);
        }
        UserCommand::Delete { name, yes } => {
            let user = find(&store, &name).await?;
            if !yes && !confirmed(&user)? {
                bail!("nothing was deleted");
            }
            store.delete_user(user.id).await?;
            println!("{} and everything of theirs is deleted.", user.username);
        }
    }
    Ok(())
}

async fn find(store: &Store, name: &str) -> anyhow::Result<User> {
    let found = store.credentials(name.trim()).await?;
    Ok(found.with_context(|| format!("there is no account {name}; `pupil user list` lists all"))?.user)
}

fn list(accounts: &[Account]) {
    if accounts.is_empty() {
        println!("There are no accounts yet. `pupil user add NAME` makes one.");
        return;
    }
    let width = accounts.iter().map(|account| account.user.username.chars().count()).max().unwrap_or(0).max(4);
    println!("{:width$}  {:10}  {:10}  {:>8}  {:>8}  state", "name", "signed up", "last seen", "projects", "pictures");
    for Account { user, disabled_at, last_seen_at, projects, images } in accounts {
        let (since, seen) = (day(Some(user.created_at)), day(*last_seen_at));
        let state = if disabled_at.is_some() { "disabled" } else { "open" };
        println!("{:width$}  {since:10}  {seen:10}  {projects:>8}  {images:>8}  {state}", user.username);
    }
}

fn day(time: Option<dto::Timestamp>) -> String {
    let time = time.and_then(|time| OffsetDateTime::from_unix_timestamp(time.millis() / 1000).ok());
    let day = time.and_then(|time| time.format(format_description!("[year]-[month]-[day]")).ok());
    day.unwrap_or_else(|| "-".into())
}

/// A new password, and whether it has to be told.
struct Password {
    text: String,
    is_made: bool,
}

impl Password {
    fn new(from_stdin: bool, username: &str) -> anyhow::Result<Self> {
        if !from_stdin {
            return Ok(Self { text: make_password()?, is_made: true });
        }
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("the password can't be read from standard input")?;
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        check_password(&text, username).map_err(anyhow::Error::msg)?;
        Ok(Self { text, is_made: false })
    }

    async fn hash(&self) -> anyhow::Result<String> {
        Ok(Auth::hash_alone(self.text.clone()).await?)
    }

    /// On a line of its own, for scripts.
    fn tell(&self) {
        if self.is_made {
            println!("Password: {}", self.text);
        }
    }
}

/// Asks for the name once more: nothing brings an account back.
fn confirmed(user: &User) -> anyhow::Result<bool> {
    println!(
        "This deletes {} with all projects, pictures and models, for good. Type the name to go on:",
        user.username
    );
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed.trim() == user.username)
}
