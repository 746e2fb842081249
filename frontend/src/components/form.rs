//! What forms with several fields share: what is wrong stands at its field, and one request is sent at a time.

use crate::api::ApiError;
use leptos::{html, prelude::*};

/// A form of so many fields, by their places in it.
#[derive(Clone, Copy)]
pub struct Form<const FIELDS: usize> {
    pub inputs: [NodeRef<html::Input>; FIELDS],
    errors: RwSignal<[Option<String>; FIELDS]>,
    general: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl<const FIELDS: usize> Form<FIELDS> {
    pub fn new() -> Self {
        Self {
            inputs: std::array::from_fn(|_| NodeRef::new()),
            errors: RwSignal::new(std::array::from_fn(|_| None)),
            general: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// What is wrong with a field.
    pub fn error(self, field: usize) -> Signal<Option<String>> {
        Signal::derive(move || self.errors.with(|errors| errors[field].clone()))
    }

    /// What is wrong with all of it.
    pub fn general_error(self) -> Signal<Option<String>> {
        self.general.into()
    }

    /// Whether a request is under way.
    pub fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Whether it may be sent now: no request is under way, and `check` finds nothing wrong with the fields.
    pub fn begin(self, check: impl FnOnce() -> [Option<String>; FIELDS]) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.clear();
        let found = check();
        let is_right = found.iter().all(Option::is_none);
        if is_right {
            self.busy.set(true);
        } else {
            self.show(found);
        }
        is_right
    }

    /// Takes note of the answer. False when the form has gone meanwhile.
    pub fn end(self) -> bool {
        self.busy.try_set(false).is_none()
    }

    /// Shows what the server says, at the field that it means.
    pub fn refuse(self, error: &ApiError, field: Option<usize>) {
        let text = error.to_string();
        match field {
            Some(field) => self.show(std::array::from_fn(|place| (place == field).then(|| text.clone()))),
            None => {
                self.general.set(Some(text));
                self.focus(FIELDS - 1);
            }
        }
    }

    pub fn clear(self) {
        self.errors.set(std::array::from_fn(|_| None));
        self.general.set(None);
    }

    /// The first field with something wrong gets the focus.
    fn show(self, found: [Option<String>; FIELDS]) {
        let first = found.iter().position(Option::is_some);
        self.errors.set(found);
        if let Some(field) = first {
            self.focus(field);
        }
    }

    pub fn focus(self, field: usize) {
        if let Some(input) = self.inputs[field].get_untracked() {
            let _ = input.focus();
        }
    }
}
