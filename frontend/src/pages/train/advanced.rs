//! What the next run is asked to do, folded away: most people never need it.

use crate::state::reading::Reading;
use crate::{
    api,
    components::{failure::Failure, field::FieldError, testid},
    i18n,
    state::{
        plan::{self, Draft, Plan},
        workspace::Workspace,
    },
};
use dto::model::{Backbone, Mode, Settings};
use leptos::{ev, html, prelude::*};

#[component]
pub fn Advanced() -> impl IntoView {
    let plan = Workspace::get().plan;
    let details = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        if let Some(details) = details.get_untracked() {
            plan.open.set(details.open());
        }
    };
    let in_a_line =
        move || plan.draft.with(|draft| i18n::plan(draft.mode, draft.backbone, &draft.max_epochs, &draft.target));
    view! {
        <details
            node_ref=details
            class="card all advanced"
            prop:open=move || plan.open.get()
            data-testid=testid::ADVANCED
            on:toggle=on_toggle
        >
            <summary>
                <b>{i18n::advanced()}</b>
                <span class="muted small num">{in_a_line}</span>
            </summary>
            <div class="fields">
                <Modes plan=plan />
                <Networks plan=plan />
                <NumberField
                    plan=plan
                    field=plan::MAX_EPOCHS
                    label=i18n::epochs_most()
                    help=i18n::epochs_most_help()
                    value=|draft| draft.max_epochs.clone()
                    change=|draft, text| draft.max_epochs = text
                />
                <NumberField
                    plan=plan
                    field=plan::TARGET
                    label=i18n::target()
                    help=i18n::target_help()
                    value=|draft| draft.target.clone()
                    change=|draft, text| draft.target = text
                />
                <NumberField
                    plan=plan
                    field=plan::PATIENCE
                    label=i18n::patience()
                    help=i18n::patience_help()
                    value=|draft| draft.patience.clone()
                    change=|draft, text| draft.patience = text
                />
                <Mirror plan=plan />
            </div>
            <div class="row">
                <p class="muted small grow">{i18n::settings_kept()}</p>
                <button
                    type="button"
                    class="btn"
                    disabled=move || plan.draft.with(|draft| *draft == Draft::default())
                    data-testid=testid::ADVANCED_RESET
                    on:click=move |_| plan.change(|draft| *draft = Draft::default())
                >
                    {i18n::reset_to_defaults()}
                </button>
            </div>
        </details>
    }
}

#[component]
fn Modes(plan: Plan) -> impl IntoView {
    let workspace = Workspace::get();
    let images = move || workspace.project.with(|project| project.as_ref().map_or(0, |project| project.labelled_count));
    let epochs =
        move || plan.draft.with(|draft| draft.max_epochs.trim().parse().unwrap_or(Settings::default().max_epochs));
    let choice = move |mode: Mode| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="mode"
                    value=mode.as_str()
                    data-testid=testid::ADVANCED_MODE
                    prop:checked=move || plan.draft.with(|draft| draft.mode == mode)
                    on:change=move |_| plan.change(|draft| draft.mode = mode)
                />
                <span>
                    <b>{i18n::mode(mode)}</b>
                    <span class="muted small">{move || i18n::mode_help(mode, images(), epochs())}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="wide">
            <legend>{i18n::how_to_learn()}</legend>
            <div class="choices">{Mode::ALL.map(choice).collect_view()}</div>
            <FieldError text=Signal::derive(move || plan.error(plan::MODE)) />
        </fieldset>
    }
}

/// Fine-tuning mirrors at random anyhow.
#[component]
fn Mirror(plan: Plan) -> impl IntoView {
    let is_idle = move || plan.draft.with(|draft| draft.mode == Mode::FineTune);
    view! {
        <label class="choice wide">
            <input
                type="checkbox"
                disabled=is_idle
                data-testid=testid::ADVANCED_MIRROR
                prop:checked=move || plan.draft.with(|draft| draft.mirror)
                on:change:target=move |event| plan.change(|draft| draft.mirror = event.target().checked())
            />
            <span>
                <b>{i18n::mirrored_views()}</b>
                <span class="muted small">{i18n::mirrored_views_help()}</span>
            </span>
        </label>
    }
}

/// The networks that have weights on this server.
#[component]
fn Networks(plan: Plan) -> impl IntoView {
    let health = Reading::new(api::health::get);
    let choose = move |event: ev::Targeted<ev::Event, web_sys::HtmlSelectElement>| {
        let backbone = Backbone::parse(&event.target().value());
        plan.change(|draft| draft.backbone = backbone);
    };
    let option = move |backbone: Backbone| {
        view! {
            <option
                value=backbone.as_str()
                prop:selected=move || plan.draft.with(|draft| draft.backbone == Some(backbone))
            >
                {backbone.title()}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="backbone">{i18n::network()}</label>
            {move || match health.get() {
                None => view! { <p class="muted small">{i18n::reading_networks()}</p> }.into_any(),
                Some(Err(error)) => {
                    view! { <Failure error=error retry=move |()| health.refetch() /> }.into_any()
                }
                Some(Ok(health)) => {
                    let usable = health.backbones.into_iter().filter(|known| known.pretrained);
                    view! {
                        <select
                            id="backbone"
                            aria-describedby="backbone-help"
                            data-testid=testid::ADVANCED_BACKBONE
                            on:change:target=choose
                        >
                            <option value="" prop:selected=move || plan.draft.with(|draft| draft.backbone.is_none())>
                                {i18n::best_network()}
                            </option>
                            {usable.map(|known| option(known.backbone)).collect_view()}
                        </select>
                    }
                        .into_any()
                }
            }}
            <div id="backbone-help">
                <FieldError text=Signal::derive(move || plan.error(plan::BACKBONE)) />
                <p class="muted small">{i18n::network_help()}</p>
            </div>
        </div>
    }
}

#[component]
fn NumberField(
    plan: Plan,
    /// Its name on the wire.
    field: &'static str,
    label: &'static str,
    help: &'static str,
    value: fn(&Draft) -> String,
    change: fn(&mut Draft, String),
) -> impl IntoView {
    let error = Signal::derive(move || plan.error(field));
    let help_id = format!("{field}-help");
    view! {
        <div class="field">
            <label for=field>{label}</label>
            <input
                id=field
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=help_id.clone()
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=format!("{}-{field}", testid::ADVANCED)
                prop:value=move || plan.draft.with(value)
                on:input:target=move |event| plan.change(|draft| change(draft, event.target().value()))
            />
            <div id=help_id>
                <FieldError text=error />
                <p class="muted small">{help}</p>
            </div>
        </div>
    }
}
