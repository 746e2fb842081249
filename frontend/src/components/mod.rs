//! What pages are built of.

pub mod account_menu;
pub mod bar;
pub mod camera;
pub mod confirm;
pub mod dialog;
pub mod drop_zone;
pub mod empty;
pub mod failure;
pub mod field;
pub mod header;
pub mod icons;
pub mod label_select;
pub mod menu;
pub mod more;
pub mod name_field;
pub mod password_field;
pub mod project_menu;
pub mod renamable;
pub mod require_login;
pub mod steps;
pub mod testid;
pub mod toast;
pub mod train_button;
pub mod weights_notice;
