//! How an upload goes, and what came of it.

use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    components::{bar::ProgressBar, icons::Cross, testid},
    format, i18n,
    state::{
        uploads::{Refused, Tally},
        workspace::Workspace,
    },
};
use leptos::prelude::*;

#[component]
pub fn UploadPanel() -> impl IntoView {
    let workspace = Workspace::get();
    let uploads = workspace.uploads;
    let is_active = Memo::new(move |_| uploads.is_active());
    let share =
        move || uploads.tally.with(|tally| if tally.bytes > 0.0 { tally.bytes_sent / tally.bytes } else { 1.0 });
    let status = move || {
        let tally = uploads.tally.get();
        if is_active.get() {
            i18n::uploading(tally.answered, tally.files, &format::bytes(tally.bytes_sent), &format::bytes(tally.bytes))
        } else {
            i18n::uploaded(tally.stored, tally.duplicates, uploads.refused.with(Vec::len))
        }
    };
    let pace = move || uploads.tally.with(|tally| pace(tally, js_sys::Date::now()));
    let failed = move || {
        let unsent = uploads.unsent.with(Vec::len);
        uploads.error.get().filter(|_| unsent > 0).map(|error| i18n::not_sent(unsent, &error.to_string()))
    };
    view! {
        <Show when=move || !uploads.is_empty()>
            <section class="card upload" aria-label=i18n::upload()>
                <div class="row">
                    <b role="status" class="num" data-testid=testid::UPLOAD_STATUS>
                        {status}
                    </b>
                    <span class="grow muted small num">
                        {move || (is_active.get() && uploads.pause().is_none()).then(pace)}
                    </span>
                    <Show
                        when=move || is_active.get()
                        fallback=move || {
                            view! {
                                <button
                                    type="button"
                                    class="btn quiet icon-only"
                                    aria-label=i18n::close()
                                    on:click=move |_| uploads.dismiss()
                                >
                                    <Cross />
                                </button>
                            }
                        }
                    >
                        <button
                            type="button"
                            class="btn small"
                            data-testid=testid::UPLOAD_STOP
                            on:click=move |_| uploads.stop()
                        >
                            {i18n::stop()}
                        </button>
                    </Show>
                </div>
                <Show when=move || is_active.get()>
                    <ProgressBar share=Signal::derive(share) name=i18n::upload() />
                </Show>
                {move || {
                    uploads
                        .pause()
                        .map(|text| {
                            view! {
                                <p class="warn-text small" data-testid=testid::UPLOAD_PAUSE>
                                    {text}
                                </p>
                            }
                        })
                }}
                {move || {
                    failed()
                        .map(|text| {
                            view! {
                                <div class="row" role="alert">
                                    <span class="grow bad-text" data-testid=testid::UPLOAD_FAILED>
                                        {text}
                                    </span>
                                    <button
                                        type="button"
                                        class="btn small"
                                        data-testid=testid::UPLOAD_RETRY
                                        on:click=move |_| uploads.retry(workspace)
                                    >
                                        {i18n::try_again()}
                                    </button>
                                </div>
                            }
                        })
                }}
                <RefusedFiles />
            </section>
        </Show>
    }
}

#[component]
fn RefusedFiles() -> impl IntoView {
    let refused = Workspace::get().uploads.refused;
    let rows = move || refused.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <Show when=move || refused.with(|refused| !refused.is_empty())>
            <ul class="refused small" aria-label=i18n::refused_files()>
                <Each each=rows key=|(place, _)| *place let((_, Refused { file_name, reason }))>
                    <li data-testid=testid::REFUSED_FILE>
                        <b class="ellipsis">{file_name}</b>
                        " "
                        <span class="muted">{reason}</span>
                    </li>
                </Each>
            </ul>
        </Show>
    }
}

/// Speed and time left, once there is enough to tell from.
fn pace(tally: &Tally, now: f64) -> String {
    let (since, bytes_then) = tally.pace_from;
    let (seconds, bytes) = ((now - since) / 1000.0, tally.bytes_sent - bytes_then);
    if seconds < 1.0 || bytes <= 0.0 {
        return String::new();
    }
    let per_second = bytes / seconds;
    let left = (tally.bytes - tally.bytes_sent) / per_second;
    i18n::pace(&format::bytes(per_second), left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_waits_until_it_can_tell() {
        let tally = Tally { bytes: 5e6, bytes_sent: 3e6, pace_from: (1_000.0, 1e6), ..Default::default() };
        assert_eq!(pace(&tally, 1_500.0), "");
        assert_eq!(pace(&tally, 3_000.0), i18n::pace(&format::bytes(1e6), 2.0));
    }
}
