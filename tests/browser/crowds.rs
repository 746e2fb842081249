//! So many pictures that a page could lose its breath.

use crate::{with_person, with_server};
use image::RgbImage;
use pupil_tests::{
    File, Person, Server,
    browser::{Page, hook, visit},
    pictures::png,
    workspace,
};
use std::fs;

const DROPPED: u32 = 2_000;
/// Enough that some hundred cards are far from all; `PUPIL_TEST_GRID` names another number.
const IN_THE_GRID: u32 = 1_200;
/// The map shows what has been looked at, which takes a slow machine long; `PUPIL_TEST_GRID` counts here, too.
const ON_THE_MAP: u32 = 400;
const PER_REQUEST: usize = 400;
/// Four screens of cards at this height are some hundred.
const CARDS_AT_MOST: usize = 200;

#[tokio::test]
async fn thousands_of_files_are_taken_while_the_page_answers() {
    with_person(async |page, _| {
        page.type_and_enter(&hook("label-add"), "other").await;
        page.wait_for(&format!("{}[data-label-name=other]", hook("label-item"))).await;
        let folder = workspace::run_folder().join("heap");
        fs::create_dir_all(&folder).expect("the run's folder can be written");
        for file in files(0..DROPPED) {
            fs::write(folder.join(file.name), file.bytes).expect("the run's folder can be written");
        }
        page.drop_files(&[&folder]).await;
        page.wait_for_text(&hook("upload-status"), |text| text.contains(&format!("of {} pictures", grouped(DROPPED))))
            .await;
        // The answer to this click comes while files are still on their way.
        page.click(&format!("{}:nth-of-type(3)", hook("filter-chip"))).await;
        page.wait_for(&format!("{}:nth-of-type(3)[aria-pressed=true]", hook("filter-chip"))).await;
        page.wait_for(".empty").await;
        let status = page.wait_for_text(&hook("upload-status"), |text| !text.is_empty()).await;
        assert!(status.starts_with("Uploading"), "{status}");

        let all = format!("{} pictures added", grouped(DROPPED));
        page.wait_for_text(&hook("upload-status"), |text| text == all).await;
        let of_all = format!("{}[data-filter=all]", hook("filter-chip"));
        page.wait_for_text(&of_all, |text| text.ends_with(&grouped(DROPPED))).await;
    })
    .await;
}

#[tokio::test]
async fn a_long_grid_is_scrolled_to_its_end_and_back() {
    with_server(async |page, server| {
        let (ann, count) = with_many(server, IN_THE_GRID).await;
        page.resize(1440, 900).await;
        visit::open_project(page, &ann, "label").await;
        page.wait_for(&card(count - 1)).await;
        let mut most = 0;
        while page.count(&card(0)).await == 0 {
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)").await;
            most = most.max(page.count(&hook("image-card")).await);
        }
        wait_for_pictures(page).await;
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)").await;
        wait_for_pictures(page).await;
        most = most.max(page.count(&hook("image-card")).await);
        page.evaluate("scrollTo(0, 0)").await;
        page.wait_for(&card(count - 1)).await;
        page.wait_for_count(&card(0), 0).await;
        wait_for_pictures(page).await;
        assert!(most <= CARDS_AT_MOST, "{most} of {count} cards were in the document at once");
    })
    .await;
}

#[tokio::test]
async fn a_map_of_many_pictures_answers_the_pointer_and_the_keys() {
    with_server(async |page, server| {
        let (ann, count) = with_many(server, ON_THE_MAP).await;
        page.resize(1440, 900).await;
        visit::open_project(page, &ann, "label").await;
        // Opened at once: the map grows while the pictures are looked at.
        page.open(&format!("{}?view=map", visit::address(ann.project, "label"))).await;
        page.wait_for(&format!("{}[data-points=\"{count}\"]", hook("map"))).await;
        page.evaluate(&format!("document.querySelector('{}').focus()", hook("map"))).await;
        page.press(" ").await;
        page.press("\u{e014}").await;
        page.wait_for(&hook("map-picture")).await;
        page.click(&hook("map")).await;
        page.wait_for(&hook("map-picture")).await;
    })
    .await;
}

/// Somebody with many pictures, and how many.
async fn with_many(server: &Server, usually: u32) -> (Person, u32) {
    let count = std::env::var("PUPIL_TEST_GRID").map_or(usually, |number| number.parse().expect("a number"));
    let ann = Person::new(server).await;
    for some in files(0..count).chunks(PER_REQUEST) {
        ann.upload(some, None).await;
    }
    (ann, count)
}

/// Waits until every picture that can be seen shows something.
async fn wait_for_pictures(page: &Page<'_>) {
    page.wait_until_true(
        "const seen = [...document.querySelectorAll('[data-testid=image-card] img')].filter(image => {
             const place = image.getBoundingClientRect();
             return place.bottom > 0 && place.top < innerHeight;
         });
         return seen.length > 0 && seen.every(image => image.naturalWidth > 0)",
    )
    .await;
}

/// Tiny pictures, all different, named by their number.
fn files(numbers: std::ops::Range<u32>) -> Vec<File> {
    let draw = |number: u32| {
        let [_, red, green, blue] = number.wrapping_mul(0x9e37_79b1).to_be_bytes();
        RgbImage::from_fn(8, 8, |x, y| {
            image::Rgb([red, green.wrapping_add((x * 16) as u8), blue.wrapping_add(y as u8)])
        })
    };
    numbers.map(|number| File::new(format!("{number}.png"), png(&draw(number)))).collect()
}

fn card(number: u32) -> String {
    format!("{}:has([title=\"{number}.png\"])", hook("image-card"))
}

/// A number as the page writes it.
fn grouped(number: u32) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
