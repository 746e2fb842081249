//! All pictures on a plane: what looks alike lies close together.

mod plot;
mod scatter;
mod shape;

use crate::state::reading::Reading;
use crate::{
    api, color,
    components::{
        empty::Empty, failure::Failure, label_select::LabelSelect, testid, thumbnail::Thumbnail, toast::Toasts,
    },
    dom, format, i18n,
    state::workspace::Workspace,
};
use dto::{
    LabelId,
    likeness::{ImageMap, MapPoint},
};
use leptos::prelude::*;
use scatter::Scatter;
use shape::Shape;

#[component]
pub fn Map() -> impl IntoView {
    let workspace = Workspace::get();
    let reading = Reading::new(move || {
        workspace.label_changes.track();
        api::likeness::map(workspace.id)
    });
    let is_pending = move || matches!(reading.get(), Some(Ok(ImageMap { pending: 1.., .. })));
    dom::look_again_while(is_pending, move || reading.refetch());
    let map = Memo::new(move |last: Option<&Option<ImageMap>>| match reading.get() {
        Some(Ok(map)) => Some(map),
        _ => last.cloned().flatten(),
    });
    let pending = move || {
        let pending = map.with(|map| map.as_ref().map_or(0, |map| map.pending));
        (pending > 0).then(|| i18n::not_looked_at(pending))
    };
    let count = Memo::new(move |_| map.with(|map| map.as_ref().map(|map| map.items.len())));
    view! {
        <h1>{i18n::map_title()}</h1>
        <p class="muted small">{i18n::map_help()} " " <span class="num">{pending}</span></p>
        {move || match (count.get(), reading.get()) {
            (Some(0), _) => {
                view! {
                    <div class="card">
                        <Empty title=i18n::map_empty() text=i18n::map_empty_help() />
                    </div>
                }
                    .into_any()
            }
            (Some(_), _) => view! { <Drawn map=map /> }.into_any(),
            (None, Some(Err(error))) => {
                view! { <Failure error=error retry=move |()| reading.refetch() /> }.into_any()
            }
            (None, _) => view! { <p class="muted" role="status">{i18n::loading()}</p> }.into_any(),
        }}
    }
}

#[component]
fn Drawn(map: Memo<Option<ImageMap>>) -> impl IntoView {
    let points = Memo::new(move |_| map.with(|map| map.as_ref().map(|map| map.items.clone()).unwrap_or_default()));
    let shown = RwSignal::new(None::<usize>);
    let point = move || shown.get().and_then(|place| points.with(|points| points.get(place).cloned()));
    view! {
        <div class="map">
            <Scatter points=points shown=shown />
            <aside class="card">
                {move || match point() {
                    Some(point) => view! { <Picture point=point /> }.into_any(),
                    None => view! { <p class="muted">{i18n::nothing_pointed_at()}</p> }.into_any(),
                }}
                <Legend points=points />
            </aside>
        </div>
    }
}

#[component]
fn Picture(point: MapPoint) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let (id, label) = (point.image_id, point.label_id);
    view! {
        <div class="pic" data-testid=testid::MAP_PICTURE data-image-id=id.to_string()>
            <Thumbnail id=id alt=i18n::picture() />
            <LabelSelect
                labels=workspace.labels
                current=Signal::derive(move || label)
                on_pick=move |picked| workspace.gallery.relabel([(id, label)].into(), picked, workspace, toasts)
                name=i18n::label()
                placeholder=i18n::choose_label()
                testid=testid::MAP_LABEL
            />
        </div>
        <a class="btn small" href=api::images::file_url(id) target="_blank" rel="noopener">
            {i18n::open_large()}
        </a>
    }
}

/// Which mark stands for which label, and how many there are.
#[component]
fn Legend(points: Memo<Vec<MapPoint>>) -> impl IntoView {
    let workspace = Workspace::get();
    let rows = move || {
        let labels = workspace.labels.get().unwrap_or_default().into_iter().enumerate();
        let labels =
            labels.map(|(place, label)| (Some(label.id), label.name, Shape::of_place(place), color::css(&label.color)));
        let none = (None, i18n::no_label().to_owned(), Shape::Ring, "var(--muted)".to_owned());
        let row = |(id, name, shape, css): (Option<LabelId>, String, Shape, String)| {
            let count = points.with(|points| points.iter().filter(|point| point.label_id == id).count());
            (count > 0).then(|| {
                view! {
                    <li style=("--c", css)>
                        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                            <path class="mark" class:ring=shape == Shape::Ring d=shape.path(8.0, 8.0, 6.0) />
                        </svg>
                        <span class="ellipsis grow">{name}</span>
                        <span class="num muted">{format::count(count as u64)}</span>
                    </li>
                }
                .into_any()
            })
        };
        labels.chain([none]).map(row).collect::<Vec<_>>()
    };
    view! { <ul class="map-legend small">{rows}</ul> }
}
