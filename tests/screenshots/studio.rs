//! What every part needs, and the people who appear.

use crate::{album::Album, photos::Photos};
use pupil_tests::{
    Home, Person, Server,
    browser::{Page, hook, visit},
};
use uuid::Uuid;

pub struct Studio<'a> {
    pub page: &'a Page<'a>,
    pub server: &'a Server,
    pub home: &'a Home,
    pub photos: &'a Photos,
    pub album: &'a Album,
}

impl Studio<'_> {
    /// Takes the page as it is now.
    pub async fn take(&self, name: &str) {
        self.album.take(self.page, name).await;
    }

    /// Somebody with a project of this name, logged in on its page `step`.
    pub async fn visitor(&self, project: &str, step: &str) -> Person {
        let person = self.person(project).await;
        self.page.clear_cookies().await;
        visit::open_project(self.page, &person, step).await;
        person
    }

    /// Somebody with a project of this name.
    pub async fn person(&self, project: &str) -> Person {
        let name = format!("ada-{}", &Uuid::new_v4().simple().to_string()[..4]);
        let person = Person::named(self.server, &name).await;
        let change = dto::project::ProjectChange { name: Some(project.into()), ..Default::default() };
        person.api.change_project(person.project, &change).await.expect("a good name");
        person
    }

    /// Uploads so many photos of each label, labelled.
    pub async fn upload(&self, person: &Person, per_label: usize) {
        for kind in &self.photos.labels {
            person.upload(&kind.files(per_label), Some(&kind.name)).await;
        }
    }

    /// Loads the page anew and waits for its header.
    pub async fn reload(&self) {
        self.page.reload().await;
        self.page.wait_for(&hook("account-menu")).await;
    }

    /// Takes away the messages at the lower edge.
    pub async fn clear_messages(&self) {
        self.page.evaluate("document.querySelectorAll('.toast .icon-only').forEach(button => button.click())").await;
    }

    pub async fn press_escape(&self) {
        self.page.press(&char::from(fantoccini::key::Key::Escape).to_string()).await;
        self.page.wait_for_count("dialog[open]", 0).await;
    }
}
