//! The pictures.

use super::{address::Address, card::Card, window::Layout};
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    components::{empty::Empty, failure::Failure},
    dom, i18n,
    state::{
        gallery::{Filter, Loading},
        workspace::Workspace,
    },
};
use leptos::{ev, html, prelude::*};
use std::ops::Range;

/// Pixels below the view at which the next page is fetched.
const LOAD_AHEAD: u32 = 1_600;

#[component]
pub fn Grid(layout: RwSignal<Layout>) -> impl IntoView {
    let gallery = Workspace::get().gallery;
    let root = NodeRef::<html::Div>::new();
    let count = Memo::new(move |_| gallery.tiles.with(Vec::len));
    // Changes with every scroll event; the rows derived from it change only when one comes into reach.
    let top = RwSignal::new(0.0);
    let view_height = RwSignal::new(window_height());
    let rows = Memo::new(move |_| layout.get().rows(count.get(), top.get(), view_height.get()));
    let cards = Memo::new(move |_| layout.get().cards(&rows.get(), count.get()));

    let measure = move || {
        if let Some(root) = root.get_untracked() {
            let place = root.get_bounding_client_rect();
            let measured = Layout::new(place.width());
            if layout.get_untracked() != measured {
                layout.set(measured);
            }
            top.set(place.top());
            view_height.set(window_height());
        }
    };
    dom::on_window(ev::scroll, move |_| measure());
    dom::on_window(ev::resize, move |_| measure());
    Effect::new(move || {
        if let Some(root) = root.get() {
            dom::observe_size(&root, measure);
        }
    });

    let tiles = move || gallery.tiles.with(|tiles| tiles.get(cards.get()).map(<[_]>::to_vec).unwrap_or_default());
    let space = move |pick: fn((f64, f64)) -> f64| {
        move || format!("{}px", pick(layout.get().space_around(&rows.get(), count.get())))
    };
    let columns = move || format!("repeat({}, minmax(0, 1fr))", layout.get().columns.max(1));
    view! {
        <div node_ref=root>
            <div
                class="grid"
                role="list"
                aria-busy=move || (gallery.loading.get() == Loading::Busy).to_string()
                style:grid-template-columns=columns
                style:padding-top=space(|(above, _)| above)
                style:padding-bottom=space(|(_, below)| below)
            >
                <Each each=tiles key=|tile| tile.id let:tile>
                    <Card tile=tile />
                </Each>
            </div>
        </div>
        <End range=cards />
    }
}

/// Below the grid: fetches more as it comes near, and says how that goes.
#[component]
fn End(range: Memo<Range<usize>>) -> impl IntoView {
    let gallery = Workspace::get().gallery;
    let end = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(end) = end.get() {
            dom::observe_nearness(&end, LOAD_AHEAD, move || gallery.load_more());
        }
    });
    // A page may be too short to push the end out of reach; the observer would not speak up again.
    Effect::new(move || {
        if matches!(gallery.loading.get(), Loading::More(Some(_)))
            && range.with(|range| range.end) == gallery.tiles.with_untracked(Vec::len)
        {
            gallery.load_more();
        }
    });
    let is_empty = Memo::new(move |_| gallery.loading.get() == Loading::Complete && gallery.tiles.with(Vec::is_empty));
    let address = Address::get();
    let is_search = Memo::new(move |_| gallery.search.with(|search| !search.is_empty()));
    let empty_text = move || match gallery.filter.get() {
        _ if is_search.get() => (i18n::nothing_found(), i18n::nothing_found_help()),
        Filter::All => (i18n::no_pictures(), i18n::no_pictures_help()),
        Filter::Unlabelled => (i18n::all_labelled(), i18n::all_labelled_help()),
        Filter::Label(_) => (i18n::no_pictures_here(), i18n::no_pictures_here_help()),
    };
    view! {
        <div node_ref=end class="grid-end">
            {move || match gallery.loading.get() {
                Loading::Busy => view! { <p class="muted small" role="status">{i18n::loading()}</p> }.into_any(),
                Loading::Failed(_, error) => {
                    view! { <Failure error=error retry=move |()| gallery.load_more() /> }.into_any()
                }
                Loading::More(_) | Loading::Complete => ().into_any(),
            }}
            <Show when=move || is_empty.get()>
                <Empty
                    title=Signal::derive(move || empty_text().0.to_owned())
                    text=Signal::derive(move || empty_text().1.to_owned())
                >
                    <Show when=move || is_search.get()>
                        <button type="button" class="btn" on:click=move |_| address.search("")>
                            {i18n::show_all()}
                        </button>
                    </Show>
                </Empty>
            </Show>
        </div>
    }
}

fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0)
}
