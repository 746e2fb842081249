//! One group: label all of it, or keep one picture of it.

use crate::{
    color,
    components::{label_select::LabelSelect, testid, thumbnail::Thumbnail, toast::Toasts},
    i18n,
    state::workspace::Workspace,
};
use dto::{
    ImageId, LabelId,
    likeness::{DuplicateGroup, LikeImage},
};
use leptos::prelude::*;

#[component]
pub fn Group(group: DuplicateGroup) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let images = StoredValue::new(group.images.clone());
    let count = group.images.len();
    // The oldest comes first.
    let kept = RwSignal::new(group.images.first().map(|image| image.image_id));
    let label_all = move |label: Option<LabelId>| {
        let before = images.with_value(|images| images.iter().map(|image| (image.image_id, image.label_id)).collect());
        workspace.gallery.relabel(before, label, workspace, toasts);
    };
    let delete = move |_| {
        let others = images.with_value(|images| {
            images.iter().map(|image| image.image_id).filter(|id| Some(*id) != kept.get_untracked()).collect()
        });
        workspace.gallery.delete(others, workspace, toasts);
    };
    view! {
        <section class="card group" data-testid=testid::ALIKE_GROUP data-conflict=group.conflict.to_string()>
            <div class="row">
                <h2 class="num">{i18n::alike(count)}</h2>
                {group.conflict.then(|| view! { <b class="conflict small">{i18n::same_picture_two_labels()}</b> })}
                <span class="grow"></span>
                <div class="tools">
                    <LabelSelect
                        labels=workspace.labels
                        current=Signal::derive(|| None)
                        on_pick=label_all
                        name=i18n::label_of_group(count)
                        placeholder=i18n::label_all_as()
                        testid=testid::ALIKE_LABEL
                    />
                    <button
                        type="button"
                        class="btn small bad-text"
                        data-testid=testid::ALIKE_DELETE
                        on:click=delete
                    >
                        {i18n::delete_others(count - 1)}
                    </button>
                </div>
            </div>
            <div class="members" role="radiogroup" aria-label=i18n::keep_this()>
                {group.images.into_iter().map(|image| view! { <Member image=image kept=kept /> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Member(image: LikeImage, kept: RwSignal<Option<ImageId>>) -> impl IntoView {
    let workspace = Workspace::get();
    let id = image.image_id;
    let label = move || image.label_id.and_then(|id| workspace.label(id));
    let css = move || label().map(|label| color::css(&label.color)).unwrap_or_default();
    let name = move || label().map_or_else(|| i18n::no_label().to_owned(), |label| label.name);
    view! {
        <label
            class="pic"
            class:sel=move || kept.get() == Some(id)
            title=image.file_name.clone()
            data-testid=testid::ALIKE_PICTURE
            data-image-id=id.to_string()
        >
            <Thumbnail id=id />
            <span class="member small">
                <input
                    type="radio"
                    aria-label=i18n::keep_named(&image.file_name)
                    prop:checked=move || kept.get() == Some(id)
                    on:change=move |_| kept.set(Some(id))
                />
                <span class="dot" aria-hidden="true" style:--c=css></span>
                <span class="ellipsis">{name}</span>
            </span>
        </label>
    }
}
