//! Pictures of every screen and state of the web page, wide and narrow, light and dark.
//!
//! Started by `cargo xtask screenshots`, which has built what it needs.

mod account;
mod album;
mod label;
mod photos;
mod predict;
mod projects;
mod readme;
mod studio;
mod train;
mod trouble;
mod welcome;

use album::Album;
use photos::Photos;
use pupil_tests::{
    Database, Home, Server,
    browser::{Chrome, Page},
    data, workspace,
};
use std::{env, path::PathBuf};
use studio::Studio;

/// The set of `PUPIL_TEST_DATA` that is shown where no other is named.
const USUAL_SET: &str = "flowers5";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read();
    let photos = Photos::find(arguments.photos, arguments.drawn);
    let chrome = Chrome::start().await.expect("screenshots need a browser");
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let address = server.address().to_owned();
    let page = Page::new(&chrome, &address);
    let album = Album::new(arguments.folder, arguments.only);
    chrome
        .run(async {
            let studio = Studio { page: &page, server: &server, home: &home, photos: &photos, album: &album };
            if album.wants_part("welcome") {
                welcome::take(&studio).await;
            }
            if album.wants_part("projects") {
                projects::take(&studio).await;
            }
            if album.wants_part("label") {
                label::take(&studio).await;
            }
            if album.wants_part("train") {
                train::take(&studio).await;
            }
            if album.wants_part("predict") {
                predict::take(&studio).await;
            }
            if album.wants_part("account") {
                account::take(&studio).await;
            }
            if album.wants_part("readme") {
                readme::take(&studio).await;
            }
            if album.wants_part("trouble") {
                trouble::take(&studio).await;
            }
            if album.wants_part("trouble") {
                trouble::take_without_server(&page, &album, server).await;
            }
        })
        .await;
    chrome.close().await;
    println!("{} pictures are in {}", album.count(), album.folder().display());
}

/// `[--photos FOLDER | --drawn] [--only PART] [FOLDER]`
struct Arguments {
    folder: PathBuf,
    photos: Option<PathBuf>,
    drawn: bool,
    only: Option<String>,
}

impl Arguments {
    fn read() -> Self {
        let mut read =
            Self { folder: workspace::root().join("target/screenshots"), photos: None, drawn: false, only: None };
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--photos" => read.photos = Some(words.next().expect("--photos FOLDER").into()),
                "--only" => read.only = Some(words.next().expect("--only PART")),
                "--drawn" => read.drawn = true,
                folder => read.folder = folder.into(),
            }
        }
        if read.photos.is_none() && !read.drawn {
            read.photos = data::folder(USUAL_SET);
        }
        read
    }
}
