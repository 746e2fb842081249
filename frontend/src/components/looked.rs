//! Where a model looked: what of a picture speaks for a label.

use super::{dialog::Dialog, failure::Failure, icons::Eye, testid};
use crate::state::reading::Reading;
use crate::{
    api::{self, ApiResult},
    dom::ObjectUrl,
    i18n,
};
use dto::{ImageId, LabelId, ModelId};
use leptos::prelude::*;
use std::sync::Arc;

/// The picture that is looked at.
#[derive(Clone)]
pub enum Looked {
    Stored(ImageId),
    File(web_sys::File),
}

/// What is asked: for which labels the picture is looked through.
#[derive(Clone)]
pub struct Look {
    pub model: ModelId,
    pub picture: Looked,
    pub labels: Vec<(LabelId, String)>,
}

/// The question that is being answered; any part of the page may ask.
#[derive(Clone, Copy)]
pub struct Looking(RwSignal<Option<Look>, LocalStorage>);

impl Looking {
    pub fn provide() -> Self {
        let looking = Self(RwSignal::new_local(None));
        provide_context(looking);
        looking
    }
}

/// The button that asks.
#[component]
pub fn LookButton(
    look: Look,
    /// Whether the button says what it does, where there is room.
    #[prop(optional)]
    with_words: bool,
) -> impl IntoView {
    let Looking(looking) = expect_context();
    let look = StoredValue::new_local(look);
    view! {
        <button
            type="button"
            class=if with_words { "btn small" } else { "btn quiet icon-only look" }
            aria-label=i18n::where_it_looked()
            title=i18n::where_it_looked()
            data-testid=testid::LOOK
            on:click=move |_| looking.set(Some(look.get_value()))
        >
            <Eye />
            {with_words.then(i18n::where_it_looked)}
        </button>
    }
}

/// Shows the answer over the page.
#[component]
pub fn LookDialog(looking: Looking) -> impl IntoView {
    let Looking(looking) = looking;
    let open = RwSignal::new(false);
    Effect::new(move || open.set(looking.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && looking.with_untracked(Option::is_some) {
            looking.set(None);
        }
    });
    let figures = move || {
        let look = looking.get()?;
        let (model, picture) = (look.model, look.picture);
        let figures = look.labels.into_iter().map(|(label, name)| {
            let text = i18n::speaks_for(&name);
            match picture.clone() {
                Looked::Stored(image) => {
                    view! { <Figure src=api::heat::of_image(model, image, label) text=text /> }.into_any()
                }
                Looked::File(file) => view! { <OfFile model=model file=file label=label text=text /> }.into_any(),
            }
        });
        Some(figures.collect::<Vec<_>>())
    };
    view! {
        <Dialog open=open name=i18n::where_it_looked() class="looked" testid=testid::LOOK_DIALOG>
            <h2>{i18n::where_it_looked()}</h2>
            <div class="heats">{figures}</div>
            <p class="muted small">{i18n::where_it_looked_help()}</p>
            <div class="row end">
                <button type="button" class="btn" autofocus on:click=move |_| open.set(false)>
                    {i18n::close()}
                </button>
            </div>
        </Dialog>
    }
}

#[component]
fn Figure(#[prop(into)] src: String, text: String) -> impl IntoView {
    let is_broken = RwSignal::new(false);
    view! {
        <figure>
            <img
                src=src
                alt=text.clone()
                width="224"
                height="224"
                data-testid=testid::HEAT
                on:error=move |_| is_broken.set(true)
            />
            <figcaption class="small">
                {move || if is_broken.get() { i18n::no_heat().to_owned() } else { text.clone() }}
            </figcaption>
        </figure>
    }
}

/// Of a picture that only this browser has.
#[component]
fn OfFile(model: ModelId, file: web_sys::File, label: LabelId, text: String) -> impl IntoView {
    let heat = Reading::new(move || {
        let file = file.clone();
        async move { ApiResult::Ok(Arc::new(ObjectUrl::of_png(&api::heat::of_file(model, &file, label).await?))) }
    });
    move || match heat.get() {
        None => view! { <p class="muted" role="status">{i18n::loading()}</p> }.into_any(),
        Some(Err(error)) => view! { <Failure error=error retry=move |()| heat.refetch() /> }.into_any(),
        Some(Ok(url)) => view! { <Figure src=url.0.clone() text=text.clone() /> }.into_any(),
    }
}
