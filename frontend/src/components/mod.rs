//! What pages are built of.

pub mod bar;
pub mod camera;
pub mod confirm;
pub mod dialog;
pub mod drop_zone;
pub mod empty;
pub mod failure;
pub mod header;
pub mod icons;
pub mod label_select;
pub mod menu;
pub mod name_field;
pub mod project_menu;
pub mod steps;
pub mod testid;
pub mod toast;
pub mod train_button;
pub mod weights_notice;
