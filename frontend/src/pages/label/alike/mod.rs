//! Pictures that are nearly the same: bursts, copies, and the same picture under two labels.

mod group;

use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    api,
    components::{
        empty::Empty,
        more::{More, Paged},
    },
    dom, i18n,
    state::workspace::Workspace,
};
use dto::{Page, likeness::DuplicateGroup};
use group::Group;
use leptos::prelude::*;

/// Of all groups: how many they are, how many have different labels, how many pictures were compared, how many could
/// not be yet.
type Counts = (u64, u64, u64, u64);

#[component]
pub fn Alike() -> impl IntoView {
    let workspace = Workspace::get();
    let counts = RwSignal::new(None::<Counts>);
    let list = Paged::new(move |cursor| async move {
        let found = api::likeness::duplicates(workspace.id, cursor).await?;
        counts.try_set(Some((found.groups, found.conflicts, found.compared, found.pending)));
        Ok(Page { items: found.items, next_cursor: found.next_cursor })
    });
    let is_pending = move || counts.get().is_some_and(|(.., pending)| pending > 0);
    dom::look_again_while(is_pending, move || list.reload());
    // Whatever was labelled, deleted or brought back may have changed the groups.
    Effect::new(move |before: Option<u32>| {
        let now = workspace.label_changes.get();
        if before.is_some_and(|before| before != now) {
            list.reload();
        }
        now
    });
    let summary = move || {
        counts
            .get()
            .filter(|(groups, ..)| *groups > 0)
            .map(|(groups, conflicts, compared, _)| i18n::alike_groups(groups, conflicts, compared))
    };
    let pending = move || {
        counts
            .get()
            .filter(|(.., pending)| *pending > 0)
            .map(|(.., pending)| format!("{} {}", i18n::not_looked_at(pending), i18n::compare_pending_help()))
    };
    view! {
        <div class="alike-head">
            <h1>{i18n::alike_title()}</h1>
            <p class="muted num" role="status">{summary}</p>
            <p class="muted small num">{pending}</p>
        </div>
        <Show when=move || list.is_empty()>
            <div class="card">
                <Empty title=i18n::no_alike() text=i18n::no_alike_help() />
            </div>
        </Show>
        <Each each=move || list.items.get() key=key let:group>
            <Group group=group />
        </Each>
        <More reading=list.reading />
    }
}

/// What makes a group another one: its pictures and their labels.
fn key(group: &DuplicateGroup) -> Vec<(dto::ImageId, Option<dto::LabelId>)> {
    group.images.iter().map(|image| (image.image_id, image.label_id)).collect()
}
