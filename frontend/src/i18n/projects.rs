//! The list of projects, and the menu that switches between them.

use super::{counted, pictures, words::words};

words! {
    projects = "Your projects";
    all_projects = "All projects";
    project_name = "Name of this project";
    new_project = "New project";
    new_project_enter = "New project, press Enter";
    name_it = "What is it about?";
    no_projects = "No projects yet";
    no_projects_help = "A project is one question to teach: cat or dog, ripe or unripe. Give it a name above.";
    never_trained = "not trained yet";
    no_cover = "no pictures yet";
}

pub fn open_project(name: &str) -> String {
    format!("Open {name}")
}

pub fn rename_named(name: &str) -> String {
    format!("Rename {name}")
}

pub fn delete_named(name: &str) -> String {
    format!("Delete {name}")
}

pub fn pictures_and_labels(images: u64, labels: u64) -> String {
    format!("{} · {}", pictures(images), counted(labels, "label", "labels"))
}

pub fn trained(ago: &str) -> String {
    format!("trained {ago}")
}

pub fn delete_project_title(name: &str) -> String {
    format!("Delete “{name}”?")
}

pub fn delete_project_text(images: u64, labels: u64) -> String {
    match images {
        0 => "Its labels and models go with it, for good.".into(),
        images => {
            let labels = counted(labels, "label", "labels");
            format!("Its {}, {labels} and every model go with it, for good.", pictures(images))
        }
    }
}

pub fn type_to_confirm(name: &str) -> String {
    format!("Type “{name}” to confirm")
}

pub fn project_deleted(name: &str) -> String {
    format!("“{name}” is deleted.")
}
