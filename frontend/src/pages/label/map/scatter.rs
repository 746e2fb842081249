//! The drawing: one path for all marks of a label, so that thousands of them stay smooth.

use super::{plot::Size, shape::Shape};
use crate::{color, components::testid, dom, i18n, state::workspace::Workspace};
use dto::{LabelId, likeness::MapPoint};
use leptos::{ev, html, prelude::*};
use std::collections::HashMap;

/// `shown` is the place in the list of the point whose picture is on show.
#[component]
pub fn Scatter(points: Memo<Vec<MapPoint>>, shown: RwSignal<Option<usize>>) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let size = RwSignal::new(Size::default());
    // While a picture is held, pointing at others changes nothing.
    let held = RwSignal::new(false);
    Effect::new(move || {
        if let Some(frame) = frame.get() {
            let measured = frame.clone();
            dom::observe_size(&frame, move || {
                let place = measured.get_bounding_client_rect();
                size.set(Size { width: place.width(), height: place.height() });
            });
        }
    });
    let nearest = move |event: &ev::MouseEvent| {
        let frame = frame.get_untracked()?.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()) - frame.left(), f64::from(event.client_y()) - frame.top());
        points.with_untracked(|points| size.get_untracked().nearest(points, x, y))
    };
    let point_at = move |event: ev::MouseEvent| {
        if !held.get_untracked()
            && let Some(place) = nearest(&event)
            && shown.get_untracked() != Some(place)
        {
            shown.set(Some(place));
        }
    };
    let hold = move |event: ev::MouseEvent| {
        let meant = nearest(&event);
        held.set(meant.is_some());
        if meant.is_some() {
            shown.set(meant);
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, -1.0),
            "ArrowDown" => (0.0, 1.0),
            "Enter" | " " => {
                event.prevent_default();
                held.update(|held| *held = !*held);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let next = points.with_untracked(|points| match shown.get_untracked() {
            Some(from) => size.get_untracked().next(points, from, direction),
            None => (!points.is_empty()).then_some(0),
        });
        if next.is_some() {
            shown.set(next);
        }
    };
    let ring = move || {
        let (x, y) = points
            .with(|points| shown.get().and_then(|place| points.get(place)).map(|point| size.get().place(point)))?;
        Some(view! { <circle class="shown" class:held=move || held.get() cx=x cy=y r="10" /> })
    };
    view! {
        <div
            node_ref=frame
            class="card scatter"
            tabindex="0"
            role="application"
            aria-label=i18n::map_of()
            data-testid=testid::MAP
            data-points=move || points.with(Vec::len)
            on:mousemove=point_at
            on:click=hold
            on:keydown=on_keydown
        >
            <svg aria-hidden="true">
                <Marks points=points size=size />
                {ring}
            </svg>
        </div>
    }
}

#[component]
fn Marks(points: Memo<Vec<MapPoint>>, size: RwSignal<Size>) -> impl IntoView {
    let workspace = Workspace::get();
    move || {
        let size = size.get();
        let labels = workspace.labels.get().unwrap_or_default();
        let shapes: HashMap<LabelId, Shape> =
            labels.iter().enumerate().map(|(place, label)| (label.id, Shape::of_place(place))).collect();
        let mut paths: HashMap<Option<LabelId>, String> = HashMap::new();
        points.with(|points| {
            let radius = radius(points.len());
            for point in points {
                let label = point.label_id.filter(|id| shapes.contains_key(id));
                let shape = label.map_or(Shape::Ring, |id| shapes[&id]);
                let (x, y) = size.place(point);
                *paths.entry(label).or_default() += &shape.path(x, y, radius);
            }
        });
        // What has no label yet lies on top: it is what one looks for.
        let labelled =
            labels.iter().filter_map(|label| Some((color::css(&label.color), false, paths.remove(&Some(label.id))?)));
        let mut drawn: Vec<_> = labelled.collect();
        drawn.extend(paths.remove(&None).map(|path| ("var(--muted)".to_owned(), true, path)));
        drawn
            .into_iter()
            .map(|(css, ring, d)| view! { <path class="mark" class:ring=ring style=("--c", css) d=d /> }.into_any())
            .collect::<Vec<_>>()
    }
}

/// Many marks are small ones.
fn radius(count: usize) -> f64 {
    match count {
        0..=300 => 6.0,
        301..=1_500 => 5.0,
        1_501..=6_000 => 4.0,
        _ => 3.0,
    }
}
