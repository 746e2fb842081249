//! One picture that looks wrong to the model.

use super::doubt::Doubt;
use crate::components::show::Show;
use crate::{
    api,
    components::{
        icons::Bin,
        label_select::LabelSelect,
        looked::{Look, LookButton, Looked},
        testid,
        thumbnail::Thumbnail,
        toast::Toasts,
    },
    format, i18n,
    state::workspace::Workspace,
};
use dto::{ImageId, LabelId, ModelId};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn MistakeCard(model: ModelId, doubt: Doubt) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let busy = RwSignal::new(false);
    let id = doubt.image_id;
    let before = doubt.said_id;
    let said = doubt.said.clone().unwrap_or_else(|| i18n::no_label().into());
    let predicted = StoredValue::new(doubt.suggested.clone());
    let predicted_id = doubt.suggested_id;
    let labels = [Some((predicted_id, doubt.suggested)), doubt.said_id.zip(doubt.said)];
    let look = Look { model, picture: Looked::Stored(id), labels: labels.into_iter().flatten().collect() };
    // A label that was deleted since can't be given any more.
    let can_relabel = Memo::new(move |_| workspace.label(predicted_id).is_some());
    let keep = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::images::confirm(workspace.id, id, true).await;
            busy.try_set(false);
            if workspace.is_closed() {
                return;
            }
            match answer {
                Ok(()) => {
                    workspace.kept.update(|kept| _ = kept.insert((model, id)));
                    toasts.with_undo(i18n::kept().to_owned(), move || doubt_again(workspace, toasts, model, id));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let relabel = move |label: LabelId| {
        busy.set(true);
        let name = workspace.label(label).map(|label| label.name);
        spawn_local(async move {
            let answer = api::images::set_label(id, Some(label)).await;
            busy.try_set(false);
            if workspace.is_closed() {
                return;
            }
            match answer {
                Ok(_) => {
                    show_mended(workspace, id, Some(label), true);
                    let message = i18n::labelled(1, name.as_deref());
                    toasts.with_undo(message, move || undo(workspace, toasts, id, before));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let pick = move |label: Option<LabelId>| {
        if let Some(label) = label {
            relabel(label);
        }
    };
    // With two labels it is one or the other, and both have a button.
    let has_others = move || workspace.labels.with(|labels| labels.as_ref().is_some_and(|labels| labels.len() > 2));
    let file_name = StoredValue::new(doubt.file_name.clone());
    let delete = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::images::delete(workspace.id, &[id]).await;
            busy.try_set(false);
            if workspace.is_closed() {
                return;
            }
            match answer {
                Ok(_) => {
                    set_mended(workspace, id, true);
                    workspace.gallery.remove(&[id]);
                    toasts.with_undo(i18n::deleted(1), move || restore(workspace, toasts, id));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <div class="pic wrong" role="listitem" data-testid=testid::MISTAKE_CARD data-image-id=id.to_string()>
            <a href=api::images::file_url(id) target="_blank" rel="noopener" title=doubt.file_name.clone()>
                <Thumbnail id=id alt=doubt.file_name.clone() />
            </a>
            <div class="why">
                <LookButton look=look />
                <div class="ellipsis">
                    {i18n::you_said()} " " <b>{said}</b> " "
                    <span class="muted num">{doubt.said_share.map(format::percent)}</span>
                </div>
                <div class="ellipsis">
                    {if doubt.suggested_share.is_some() { i18n::pupil_says() } else { i18n::may_be() }} " "
                    <b class="bad-text">{predicted.get_value()}</b> " "
                    <span class="muted num">{doubt.suggested_share.map(format::percent)}</span>
                </div>
            </div>
            <Show when=has_others>
                <LabelSelect
                    labels=workspace.labels
                    current=before
                    on_pick=pick
                    name=i18n::label_of(&file_name.get_value())
                    placeholder=i18n::choose_label()
                />
            </Show>
            <div class="acts">
                <button
                    type="button"
                    class="btn"
                    title=i18n::keep_help()
                    disabled=move || busy.get()
                    data-testid=testid::MISTAKE_KEEP
                    on:click=keep
                >
                    {i18n::keep()}
                </button>
                <button
                    type="button"
                    class="btn"
                    title=i18n::relabel_help(&predicted.get_value())
                    disabled=move || busy.get() || !can_relabel.get()
                    data-testid=testid::MISTAKE_RELABEL
                    on:click=move |_| relabel(predicted_id)
                >
                    <span class="ellipsis">{i18n::change_to(&predicted.get_value())}</span>
                </button>
                <button
                    type="button"
                    class="btn quiet icon-only"
                    aria-label=i18n::delete()
                    title=i18n::delete()
                    disabled=move || busy.get()
                    on:click=delete
                >
                    <Bin />
                </button>
            </div>
        </div>
    }
}

fn set_mended(workspace: Workspace, id: ImageId, mended: bool) {
    workspace.mended.update(|all| {
        if mended {
            all.insert(id);
        } else {
            all.remove(&id);
        }
    });
    workspace.refresh_counts();
}

fn show_mended(workspace: Workspace, id: ImageId, label: Option<LabelId>, mended: bool) {
    workspace.gallery.show_labels([(id, label)]);
    set_mended(workspace, id, mended);
}

fn undo(workspace: Workspace, toasts: Toasts, id: ImageId, label: Option<LabelId>) {
    spawn_local(async move {
        match api::images::set_label(id, label).await {
            _ if workspace.is_closed() => {}
            Ok(_) => show_mended(workspace, id, label, false),
            Err(error) => toasts.error(&error),
        }
    });
}

fn doubt_again(workspace: Workspace, toasts: Toasts, model: ModelId, id: ImageId) {
    spawn_local(async move {
        match api::images::confirm(workspace.id, id, false).await {
            _ if workspace.is_closed() => {}
            Ok(()) => workspace.kept.update(|kept| _ = kept.remove(&(model, id))),
            Err(error) => toasts.error(&error),
        }
    });
}

fn restore(workspace: Workspace, toasts: Toasts, id: ImageId) {
    spawn_local(async move {
        match api::images::restore(workspace.id, &[id]).await {
            _ if workspace.is_closed() => {}
            Ok(_) => {
                set_mended(workspace, id, false);
                workspace.gallery.reload();
            }
            Err(error) => toasts.error(&error),
        }
    });
}
