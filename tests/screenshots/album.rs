//! Where the pictures go: one file for each state, width and theme.

use pupil_tests::{browser::Page, deadline::eventually};
use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
};

/// Width and least height, in pixels: a laptop and a phone.
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];
const THEMES: [&str; 2] = ["light", "dark"];
/// A page that is longer is cut off here.
const TALLEST: u64 = 2600;

pub struct Album {
    folder: PathBuf,
    only: Option<String>,
    count: Cell<usize>,
}

impl Album {
    /// With `only`, pictures whose name does not begin with it are left out.
    pub fn new(folder: PathBuf, only: Option<String>) -> Self {
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("can't make {}: {e}", folder.display()));
        Self { folder, only, count: Cell::new(0) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn count(&self) -> usize {
        self.count.get()
    }

    /// Whether any picture is wanted whose name begins with this.
    pub fn wants_part(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.starts_with(part) || part.starts_with(only.as_str()))
    }

    /// Takes the page as it is now, in every width and theme.
    pub async fn take(&self, page: &Page<'_>, name: &str) {
        if !self.wants(name) {
            return;
        }
        for (width, height) in SIZES {
            for theme in THEMES {
                page.prefer(theme).await;
                page.resize(width, height).await;
                settle(page).await;
                page.resize(width, height.max(length(page).await)).await;
                settle(page).await;
                self.keep(page, &format!("{name}-{width}-{theme}")).await;
            }
        }
        page.resize(SIZES[0].0, SIZES[0].1).await;
        page.prefer(THEMES[0]).await;
        settle(page).await;
    }

    /// Takes what can be seen of the page in one size, light.
    pub async fn take_one(&self, page: &Page<'_>, name: &str, (width, height): (u32, u32)) {
        if self.wants(name) {
            page.prefer(THEMES[0]).await;
            page.resize(width, height).await;
            settle(page).await;
            self.keep(page, name).await;
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.starts_with(only.as_str()))
    }

    async fn keep(&self, page: &Page<'_>, name: &str) {
        let file = self.folder.join(format!("{name}.png"));
        fs::write(&file, page.picture().await).unwrap_or_else(|e| panic!("can't write {}: {e}", file.display()));
        println!("{name}");
        self.count.set(self.count.get() + 1);
    }
}

/// How tall the page has to be to show all of it. What lies over it is seen whole as it is.
async fn length(page: &Page<'_>) -> u32 {
    let length = page
        .evaluate(
            "scrollTo(0, 0); return document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight",
        )
        .await;
    length.as_u64().unwrap_or_default().min(TALLEST) as u32
}

/// Waits until what can be seen is drawn.
async fn settle(page: &Page<'_>) {
    eventually("the page is drawn", async || {
        let drawn = page
            .evaluate(
                "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                 const seen = image => {
                     const place = image.getBoundingClientRect();
                     const middle = [place.left + place.width / 2, place.top + place.height / 2];
                     return document.elementsFromPoint(...middle).includes(image);
                 };
                 const ends = animation => animation.effect?.getComputedTiming().endTime !== Infinity;
                 return [...document.images].filter(seen).every(image => image.complete)
                     && !document.getAnimations().some(moving => moving.playState === 'running' && ends(moving))",
            )
            .await;
        (drawn == true).then_some(())
    })
    .await;
}
