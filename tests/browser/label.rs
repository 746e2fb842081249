//! The Label page: filters, search, keys, labels, the large view.

use crate::{
    pictures::{Pictures, name},
    with_person,
};
use fantoccini::key::Key;
use image::ImageFormat;
use pupil_tests::{
    browser::{Page, hook},
    pictures::{Motif, written},
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

#[tokio::test]
async fn many_pictures_are_labelled_at_once_and_it_can_be_undone() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat", "dog"]).await;
        select_all(page, count).await;
        page.choose(".tools select", "dog").await;
        page.wait_for_count(&cards("dog"), count).await;
        wait_for_filter(page, "unlabelled", 0).await;
        page.click(".toast .btn.small").await;
        page.wait_for_count(&cards("dog"), 0).await;
        wait_for_filter(page, "unlabelled", count).await;
    })
    .await;
}

#[tokio::test]
async fn keys_move_select_label_open_and_delete() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat", "dog"]).await;
        page.evaluate("document.activeElement.blur()").await;
        // Into the grid, one further, select it and its neighbour.
        for key in [Key::Right, Key::Right] {
            page.press(&char::from(key).to_string()).await;
        }
        page.press(" ").await;
        page.press(&char::from(Key::Right).to_string()).await;
        page.press(" ").await;
        page.wait_for_count("[role=checkbox][aria-checked=true]", 2).await;
        page.press("2").await;
        page.wait_for_count(&cards("dog"), 2).await;
        // Nothing is selected any more: keys mean the picture with the focus.
        page.press("0").await;
        page.wait_for_count(&cards("dog"), 1).await;
        page.press(&char::from(Key::Enter).to_string()).await;
        page.wait_for(&hook("viewer-facts")).await;
        page.press(&char::from(Key::Escape).to_string()).await;
        page.wait_for_count("dialog[open]", 0).await;
        page.press(&char::from(Key::Delete).to_string()).await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.click(".toast:last-child .btn.small").await;
        page.wait_for_count(&hook("image-card"), count).await;
        page.press("?").await;
        page.wait_for(&format!("{}[open]", hook("keys-help"))).await;
    })
    .await;
}

#[tokio::test]
async fn filters_count_and_outlast_a_reload() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat"]).await;
        page.choose(&format!("{} {}", hook("image-card"), hook("image-select")), "cat").await;
        page.wait_for_count(&cards("cat"), 1).await;
        wait_for_filter(page, "all", count).await;
        wait_for_filter(page, "unlabelled", count - 1).await;
        page.click(&format!("{}[data-filter=unlabelled]", hook("filter-chip"))).await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.reload().await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.evaluate("history.back()").await;
        page.wait_for_count(&hook("image-card"), count).await;
    })
    .await;
}

#[tokio::test]
async fn pictures_are_found_by_their_file_name() {
    with_person(async |page, _| {
        let pictures = Pictures::new();
        let wanted = &pictures.kinds[0].files[0];
        let count = upload(page).await;
        page.type_into(&hook("search"), &name(wanted).to_uppercase()).await;
        page.wait_for_count(&hook("image-card"), 1).await;
        page.wait_for(&format!("{}:has([title=\"{}\"])", hook("image-card"), name(wanted))).await;
        page.replace_and_enter(&hook("search"), "nothing is called this").await;
        page.wait_for_count(&hook("image-card"), 0).await;
        page.click(".empty .btn").await;
        page.wait_for_count(&hook("image-card"), count).await;
    })
    .await;
}

#[tokio::test]
async fn the_large_view_tells_what_is_known_of_a_picture() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat"]).await;
        page.click(&hook("image-open")).await;
        let facts = page.wait_for_text(&hook("viewer-facts"), |text| text.contains("pixels")).await;
        assert!(facts.contains("kB") && facts.contains("uploaded") && facts.contains("added"), "{facts}");
        page.wait_until_true("return document.querySelector('.viewer-stage img').naturalWidth > 0").await;
        let first = page.attribute(&hook("viewer-facts"), "data-image-id").await;
        page.choose(&hook("viewer-select"), "cat").await;
        page.wait_for(&format!("{}[data-image-id=\"{first}\"]", cards("cat"))).await;
        page.click(&hook("viewer-next")).await;
        page.wait_for(&format!("{}:not([data-image-id=\"{first}\"])", hook("viewer-facts"))).await;
        page.press(&char::from(Key::Left).to_string()).await;
        page.wait_for(&format!("{}[data-image-id=\"{first}\"]", hook("viewer-facts"))).await;
        let file = page.attribute(&hook("viewer-download"), "href").await;
        assert!(file.ends_with(&format!("/images/{first}/file")), "{file}");
        page.click(&hook("viewer-delete")).await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.wait_for(&format!("{}:not([data-image-id=\"{first}\"])", hook("viewer-facts"))).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_done_in_the_large_view_is_undone_there() {
    with_person(async |page, _| {
        let count = upload(page).await;
        page.click(&hook("image-open")).await;
        page.click(&hook("viewer-delete")).await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.click("dialog[open] .toast .btn.small").await;
        page.wait_for_count(&hook("image-card"), count).await;
        page.press(&char::from(Key::Escape).to_string()).await;
        page.wait_for_count("dialog[open]", 0).await;
    })
    .await;
}

#[tokio::test]
async fn undoing_leaves_out_what_was_deleted_since() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat"]).await;
        select_all(page, count).await;
        page.choose(".tools select", "cat").await;
        page.wait_for_count(&cards("cat"), count).await;
        page.click(&hook("image-open")).await;
        page.click(&hook("viewer-delete")).await;
        page.wait_for_count(&hook("image-card"), count - 1).await;
        page.press(&char::from(Key::Escape).to_string()).await;
        page.click(".toast:first-child .btn.small").await;
        page.wait_for_count(&cards("cat"), 0).await;
        wait_for_filter(page, "unlabelled", count - 1).await;
        page.wait_for_count(".toast.error", 0).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_browser_can_not_show_is_shown_small() {
    with_person(async |page, _| {
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join("scan.tiff");
        let tiff = written(&Motif::Circles.draw(1), ImageFormat::Tiff);
        fs::write(&file, tiff).expect("the folder can be written");
        page.pick_files(&hook("file-input"), &[file]).await;
        page.click(&hook("image-open")).await;
        page.wait_for_text(".viewer-stage figcaption", |text| text.contains("small version")).await;
        page.wait_until_true("return document.querySelector('.viewer-stage img').naturalWidth > 0").await;
    })
    .await;
}

#[tokio::test]
async fn shift_selects_everything_in_between() {
    with_person(async |page, _| {
        upload(page).await;
        let click = |place: usize, shift: bool| {
            format!(
                "document.querySelectorAll('[data-testid=image-card] .see')[{place}]
                    .dispatchEvent(new MouseEvent('click', {{ bubbles: true, detail: 1, shiftKey: {shift} }}))"
            )
        };
        page.evaluate(&click(2, false)).await;
        page.evaluate(&click(6, true)).await;
        page.wait_for_count("[role=checkbox][aria-checked=true]", 5).await;
        for (place, is_selected) in [(1, false), (2, true), (6, true), (7, false)] {
            page.wait_until_true(&format!(
                "return document.querySelectorAll('[role=checkbox]')[{place}].ariaChecked === '{is_selected}'"
            ))
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn labels_are_dragged_to_another_place() {
    with_person(async |page, _| {
        add_labels(page, &["cat", "dog", "owl"]).await;
        page.evaluate(
            "const row = name => document.querySelector(`[data-testid=label-item][data-label-name=${name}]`);
             const send = (element, kind, dataTransfer) =>
                 element.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
             const data = new DataTransfer();
             send(row('owl').querySelector('.grip'), 'dragstart', data);
             if (send(row('cat'), 'dragover', data)) throw new Error('the row takes no drop');
             send(row('cat'), 'drop', data);
             send(row('owl').querySelector('.grip'), 'dragend', data);",
        )
        .await;
        page.wait_for(&format!("{} ~ {} ~ {}", row("owl"), row("cat"), row("dog"))).await;
        page.reload().await;
        page.wait_for(&format!("{} ~ {} ~ {}", row("owl"), row("cat"), row("dog"))).await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_differs_by_capitals_is_asked_about() {
    with_person(async |page, _| {
        add_labels(page, &["cat"]).await;
        page.type_and_enter(&hook("label-add"), "Cat").await;
        page.wait_for_text(".add .field-error", |text| text.contains("There is a label cat already")).await;
        page.wait_for_count(&hook("label-item"), 1).await;
        page.type_and_enter(&hook("label-add"), "").await;
        page.wait_for(&row("Cat")).await;
        page.wait_for_count(&hook("label-item"), 2).await;
    })
    .await;
}

#[tokio::test]
async fn labels_are_renamed_in_place_and_names_stay_unique() {
    with_person(async |page, _| {
        add_labels(page, &["cat", "dog"]).await;
        page.replace_and_enter(&name_of("dog"), "hound").await;
        page.wait_for(&row("hound")).await;
        page.replace_and_enter(&name_of("hound"), "cat").await;
        page.wait_for_text(".labels .field-error", |text| text.contains("of that name")).await;
        page.wait_for_count(&row("cat"), 1).await;
        page.expect_refusal("/api/labels/", 409).await;
        page.type_and_enter(&hook("label-add"), "cat").await;
        page.wait_for(".add .field-error").await;
        page.expect_refusal("/labels", 409).await;
    })
    .await;
}

#[tokio::test]
async fn labels_get_colours_places_and_are_deleted_after_a_question() {
    with_person(async |page, _| {
        let count = upload(page).await;
        add_labels(page, &["cat", "dog"]).await;
        select_all(page, count).await;
        page.choose(".tools select", "cat").await;
        page.wait_for_count(&cards("cat"), count).await;

        page.click(&format!("{} {}", row("cat"), hook("label-more"))).await;
        page.click(&format!("dialog[open] {}[data-color=\"#009e73\"]", hook("label-color"))).await;
        page.wait_for(&format!("{}[style*=\"--l3\"]", row("cat"))).await;
        page.click(&format!("dialog[open] {}", hook("label-down"))).await;
        page.wait_for(&format!("{} ~ {}", row("dog"), row("cat"))).await;

        page.click(&format!("dialog[open] {}", hook("label-delete"))).await;
        let warning = format!("{count} pictures become unlabelled");
        page.wait_for_text("dialog[open]", |text| text.contains(&warning)).await;
        page.click(&hook("confirm-yes")).await;
        page.wait_for_count(&row("cat"), 0).await;
        page.wait_for_count(&hook("image-card"), count).await;
        wait_for_filter(page, "unlabelled", count).await;
    })
    .await;
}

#[tokio::test]
async fn strange_names_break_nothing() {
    with_person(async |page, _| {
        let long = "a name of a hundred letters ".repeat(4).chars().take(99).collect::<String>();
        let long = long.trim();
        add_labels(page, &["<b>bold</b>", "고양이 & 강아지", long]).await;
        page.wait_until_true("return document.querySelector('.labels b') === null").await;
        for (width, height) in [(1440, 900), (390, 844)] {
            page.resize(width, height).await;
            let overhang = page.evaluate("return document.documentElement.scrollWidth - window.innerWidth").await;
            assert!(overhang.as_i64().is_some_and(|pixels| pixels <= 0), "{overhang} pixels too wide at {width}");
        }
    })
    .await;
}

/// Uploads pictures and returns how many.
async fn upload(page: &Page<'_>) -> usize {
    let pictures = Pictures::new();
    let files: Vec<PathBuf> = pictures.kinds.iter().flat_map(|kind| kind.files.clone()).collect();
    page.pick_files(&hook("file-input"), &files).await;
    page.wait_for_count(&hook("image-card"), files.len()).await;
    wait_for_filter(page, "all", files.len()).await;
    files.len()
}

async fn select_all(page: &Page<'_>, count: usize) {
    page.click(&format!("{} [role=checkbox]", hook("image-card"))).await;
    page.click(&hook("select-all")).await;
    page.wait_for_count("[role=checkbox][aria-checked=true]", count).await;
}

async fn add_labels(page: &Page<'_>, names: &[&str]) {
    for name in names {
        page.type_and_enter(&hook("label-add"), name).await;
        page.wait_for(&row(name)).await;
    }
}

/// Waits until a filter says that it would show so many pictures.
async fn wait_for_filter(page: &Page<'_>, filter: &str, count: usize) {
    let chip = format!("{}[data-filter=\"{filter}\"]", hook("filter-chip"));
    page.wait_for_text(&chip, |text| text.split_whitespace().last() == Some(&count.to_string())).await;
}

fn name_of(label: &str) -> String {
    format!("{} {}", row(label), hook("label-name"))
}

fn row(label: &str) -> String {
    format!("{}[data-label-name=\"{label}\"]", hook("label-item"))
}

fn cards(label: &str) -> String {
    format!("{}[data-label-name=\"{label}\"]", hook("image-card"))
}
