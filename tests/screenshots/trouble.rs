//! What goes wrong around the page.

use crate::{album::Album, studio::Studio};
use pupil_tests::{
    Server,
    browser::{Page, hook, visit},
};

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("In the garden", "label").await;
    page.open("/nowhere").await;
    page.wait_for(".empty").await;
    studio.take("trouble-not-found").await;
    page.open("/projects/01890000-0000-7000-8000-000000000000/label").await;
    page.wait_for("[role=alert], .empty").await;
    studio.take("trouble-no-such-project").await;

    page.open(&visit::address(ada.project, "label")).await;
    page.wait_for(&hook("label-add")).await;
    page.clear_cookies().await;
    page.type_and_enter(&hook("label-add"), "before").await;
    page.wait_for(&hook("relogin-password")).await;
    studio.take("trouble-log-in-expired").await;
    page.type_and_enter(&hook("relogin-password"), &ada.password).await;
    page.wait_for_count("dialog[open]", 0).await;
    studio.upload(&ada, 6).await;
    studio.reload().await;
    page.wait_for(&hook("image-card")).await;
}

/// Goes on where [`take`] ends, and leaves no server behind.
pub async fn take_without_server(page: &Page<'_>, album: &Album, server: Server) {
    server.kill();
    page.type_and_enter(&hook("label-add"), "after").await;
    page.wait_for(&hook("connection-banner")).await;
    album.take(page, "trouble-server-gone").await;
    page.evaluate(
        "const data = new DataTransfer();
         data.items.add(new File(['a'], 'picture.png', { type: 'image/png' }));
         document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))",
    )
    .await;
    page.wait_for(&hook("upload-pause")).await;
    album.take(page, "trouble-upload-waits").await;
    page.click(".brand a").await;
    page.wait_for(&hook("confirm-yes")).await;
    album.take(page, "trouble-leaving").await;
}
