//! What is there only sometimes.

use leptos::prelude::*;

/// As Leptos' `Show`, which is compiled anew at each place where it stands and is large.
#[component]
pub fn Show<W: Fn() -> bool + Send + Sync + 'static>(
    when: W,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    shown(Box::new(when), children, fallback)
}

fn shown(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = Memo::new(move |_| when());
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}
