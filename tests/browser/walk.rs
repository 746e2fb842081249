//! The whole path of a person who teaches Pupil, step by step.

use crate::pictures::{Kind, Pictures, name};
use pupil_tests::browser::{Page, hook};
use std::path::Path;
use uuid::Uuid;

/// Who walks.
pub struct Account {
    username: String,
    pub password: String,
}

impl Account {
    pub fn new() -> Self {
        let random = || Uuid::new_v4().simple().to_string();
        Self { username: format!("walker-{}", random()), password: random() }
    }
}

/// Sign up, upload, label, train, mend a mistake, predict, leave and come back.
pub async fn from_sign_up_to_prediction(page: &Page<'_>) {
    let (account, pictures) = (Account::new(), Pictures::new());
    let [first, second] = &pictures.kinds;
    let count = first.files.len() + second.files.len();

    page.open("/").await;
    sign_up(page, &account).await;
    upload(page, &pictures, count).await;
    for kind in &pictures.kinds {
        page.type_and_enter(&hook("label-add"), kind.label).await;
        page.wait_for(&label_row(kind.label)).await;
    }
    label_by_select_box(page, first, &first.files[0]).await;
    label_many_by_select_box(page, first).await;
    label_many_by_key(page, second, "2").await;
    let mislabelled = &first.files[1];
    label_by_select_box(page, second, mislabelled).await;

    let renamed = format!("{}, renamed", first.label);
    rename_label(page, first, &renamed).await;
    page.reload().await;
    page.wait_for(&label_row(&renamed)).await;
    page.wait_for_count(&cards_labelled(&renamed), first.files.len() - 1).await;

    let accuracy = train(page).await;
    mend(page, mislabelled).await;
    predict(page, first, &[renamed.as_str(), second.label]).await;

    page.click(&hook("account-menu")).await;
    page.click(&hook("logout")).await;
    log_in(page, &account).await;
    page.wait_for_count(&hook("image-card"), count).await;
    page.wait_for_count(&cards_labelled(&renamed), first.files.len()).await;
    page.wait_for_count(&cards_labelled(second.label), second.files.len()).await;
    page.click(&hook("step-train")).await;
    page.wait_for_text(&hook("accuracy"), |text| text == accuracy).await;
    page.wait_for_count(&hook("version-row"), 1).await;
}

/// Signs up on the page that greets, and lands on Label.
pub async fn sign_up(page: &Page<'_>, account: &Account) {
    page.click(&hook("login-switch")).await;
    log_in(page, account).await;
    assert!(page.path().await.ends_with("/label"), "one lands on Label, not on {}", page.path().await);
}

async fn log_in(page: &Page<'_>, account: &Account) {
    page.type_into(&hook("login-username"), &account.username).await;
    page.type_into(&hook("login-password"), &account.password).await;
    page.click(&hook("login-submit")).await;
    page.wait_for(&hook("step-label")).await;
}

async fn upload(page: &Page<'_>, pictures: &Pictures, count: usize) {
    let files: Vec<_> = pictures.kinds.iter().flat_map(|kind| kind.files.clone()).collect();
    page.pick_files(&hook("file-input"), &files).await;
    page.wait_for_text(&hook("upload-status"), |text| text == format!("{count} pictures added")).await;
    page.wait_for_count(&hook("image-card"), count).await;
    wait_for_unlabelled(page, count).await;
}

async fn label_by_select_box(page: &Page<'_>, kind: &Kind, file: &Path) {
    page.choose(&format!("{} {}", card_of(file), hook("image-select")), kind.label).await;
    page.wait_for(&format!("{}{}", card_of(file), labelled(kind.label))).await;
}

/// Selects all pictures of a kind and gives them their label at once.
async fn label_many_by_select_box(page: &Page<'_>, kind: &Kind) {
    select_all_of(page, kind).await;
    page.choose(".tools select", kind.label).await;
    page.wait_for_count(&cards_labelled(kind.label), kind.files.len()).await;
}

/// The same with the label's key.
async fn label_many_by_key(page: &Page<'_>, kind: &Kind, key: &str) {
    select_all_of(page, kind).await;
    page.press(key).await;
    page.wait_for_count(&cards_labelled(kind.label), kind.files.len()).await;
    wait_for_unlabelled(page, 0).await;
}

/// Waits until the filter says that so many pictures have no label.
async fn wait_for_unlabelled(page: &Page<'_>, count: usize) {
    let chip = format!("{}[data-filter=unlabelled]", hook("filter-chip"));
    page.wait_for_text(&chip, |text| text.split_whitespace().last() == Some(&count.to_string())).await;
}

async fn select_all_of(page: &Page<'_>, kind: &Kind) {
    for file in &kind.files {
        let checkbox = format!("{} [role=checkbox]", card_of(file));
        page.click(&checkbox).await;
        page.wait_for(&format!("{checkbox}[aria-checked=true]")).await;
    }
}

async fn rename_label(page: &Page<'_>, kind: &Kind, new_name: &str) {
    let field = format!("{} {}", label_row(kind.label), hook("label-name"));
    page.replace_and_enter(&field, new_name).await;
    page.wait_for(&label_row(new_name)).await;
    page.wait_for_count(&label_row(kind.label), 0).await;
}

/// Presses Train, sees the epochs come, and returns the accuracy that is shown at the end.
async fn train(page: &Page<'_>) -> String {
    page.click(&hook("train-button")).await;
    page.wait_for(&hook("epoch-row")).await;
    assert!(page.path().await.ends_with("/train"), "one sees the run, and not {}", page.path().await);
    page.wait_for(&format!("{}[data-version=\"1\"][data-status=ready]", hook("version-row"))).await;
    page.wait_for_text(&hook("accuracy"), |text| text.ends_with('%')).await
}

/// Finds the mislabelled picture among the mistakes, and takes the model's word for it.
async fn mend(page: &Page<'_>, file: &Path) {
    let mistake = format!("{}:has([title=\"{}\"])", hook("mistake-card"), name(file));
    let image = page.attribute(&mistake, "data-image-id").await;
    page.click(&format!("{mistake} {}", hook("mistake-relabel"))).await;
    page.wait_for_count(&mistake, 0).await;
    page.reload().await;
    page.wait_for(&hook("accuracy")).await;
    page.wait_for_count(&format!("{}[data-image-id=\"{image}\"]", hook("mistake-card")), 0).await;
}

/// Asks about a picture that the model has never seen, and expects a bar for each label.
async fn predict(page: &Page<'_>, kind: &Kind, labels: &[&str; 2]) {
    page.click(&hook("step-predict")).await;
    page.pick_files(&hook("predict-input"), std::slice::from_ref(&kind.unseen)).await;
    page.wait_for_text(&hook("predict-answer"), |text| text == labels[0]).await;
    page.wait_for_count(&hook("predict-bar"), labels.len()).await;
    for label in labels {
        page.wait_for(&format!("{}[data-label=\"{label}\"]", hook("predict-bar"))).await;
    }
}

fn card_of(file: &Path) -> String {
    format!("{}:has([title=\"{}\"])", hook("image-card"), name(file))
}

fn cards_labelled(label: &str) -> String {
    format!("{}{}", hook("image-card"), labelled(label))
}

fn labelled(label: &str) -> String {
    format!("[data-label-name=\"{label}\"]")
}

fn label_row(label: &str) -> String {
    format!("{}{}", hook("label-item"), labelled(label))
}
