//! Why there is no picture from a camera.

use crate::i18n;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The page came over plain http: browsers lend it no camera.
    Insecure,
    /// The person, or the browser for them, said no.
    Refused,
    Absent,
    /// Another program has it.
    Busy,
    /// It went while it was in use.
    Unplugged,
}

impl Trouble {
    /// Reads what `getUserMedia` failed with.
    pub fn from_js(error: &JsValue) -> Self {
        Self::from_name(&error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default())
    }

    fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" => Self::Refused,
            "NotFoundError" | "OverconstrainedError" => Self::Absent,
            // A camera that another program holds shows as one of several errors, by browser and system.
            _ => Self::Busy,
        }
    }

    /// What happened and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Insecure => i18n::camera_insecure(),
            Self::Refused => i18n::camera_refused(),
            Self::Absent => i18n::camera_absent(),
            Self::Busy => i18n::camera_busy(),
            Self::Unplugged => i18n::camera_unplugged(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_errors_have_a_meaning() {
        assert_eq!(Trouble::from_name("NotAllowedError"), Trouble::Refused);
        assert_eq!(Trouble::from_name("NotFoundError"), Trouble::Absent);
        assert_eq!(Trouble::from_name("NotReadableError"), Trouble::Busy);
        assert_eq!(Trouble::from_name("AbortError"), Trouble::Busy);
    }
}
