//! The web page's files: right types, small on the wire, cached as long as they may be.

use pupil_tests::{
    Server,
    client::send,
    workspace::{self, FIRST_LOAD_BYTES},
};
use reqwest::{Response, StatusCode, header};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

both_databases![
    every_path_of_the_page_gives_the_page,
    a_file_that_is_not_there_is_not_found,
    files_outside_the_folder_are_never_served,
    files_have_their_content_type,
    hashed_files_are_cached_for_ever_and_the_page_never,
    compressed_files_are_the_same_files,
    the_first_load_is_small,
];

async fn every_path_of_the_page_gives_the_page(server: &Server) {
    let index = page(server).await;
    for path in ["/", "/train", "/predict", "/log-in", "/projects/1/label", "/?next=train"] {
        let response = get(server, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(header_of(&response, header::CONTENT_TYPE).starts_with("text/html"));
        assert_eq!(response.text().await.expect("a page"), index, "{path}");
    }
}

async fn a_file_that_is_not_there_is_not_found(server: &Server) {
    for path in ["/pupil-0123456789abcdef.js", "/pupil-0123456789abcdef_bg.wasm", "/style.css", "/favicon.png", "/.env"]
    {
        assert_eq!(get(server, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

async fn files_outside_the_folder_are_never_served(server: &Server) {
    for path in ["/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "/assets/%2e%2e/%2e%2e/Cargo.toml", "//etc/passwd.txt"] {
        let response = get(server, path).await;
        assert!(response.status().is_client_error(), "{path} answered {}", response.status());
    }
}

async fn files_have_their_content_type(server: &Server) {
    for file in files_of_first_load(server).await {
        let response = get(server, &file).await;
        let content_type = header_of(&response, header::CONTENT_TYPE);
        let right = match Path::new(&file).extension().and_then(|extension| extension.to_str()) {
            Some("js") => {
                content_type.starts_with("text/javascript") || content_type.starts_with("application/javascript")
            }
            Some("wasm") => content_type == "application/wasm",
            Some("css") => content_type.starts_with("text/css"),
            _ => true,
        };
        assert!(right, "{file} is served as {content_type}");
        assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{file}");
    }
}

async fn hashed_files_are_cached_for_ever_and_the_page_never(server: &Server) {
    assert_eq!(header_of(&get(server, "/").await, header::CACHE_CONTROL), "no-cache");
    for file in files_of_first_load(server).await {
        let response = get(server, &file).await;
        let cache = header_of(&response, header::CACHE_CONTROL);
        assert!(cache.contains("immutable") && cache.contains("max-age=31536000"), "{file}: {cache:?}");
    }
}

async fn compressed_files_are_the_same_files(server: &Server) {
    for file in files_of_first_load(server).await {
        let on_disk = std::fs::read(web_file(&file)).expect("the page names files that are there");
        assert_eq!(get(server, &file).await.bytes().await.expect("a file"), on_disk, "{file}");
        let compressed = get_compressed(server, &file).await;
        assert_eq!(header_of(&compressed, header::CONTENT_ENCODING), "br", "{file}");
        assert!(header_of(&compressed, header::VARY).to_ascii_lowercase().contains("accept-encoding"), "{file}");
        assert_eq!(compressed.bytes().await.expect("a file"), std::fs::read(precompressed(&file)).expect("beside it"));
    }
}

async fn the_first_load_is_small(server: &Server) {
    let mut bytes = get_compressed(server, "/").await.bytes().await.expect("a page").len();
    for file in files_of_first_load(server).await {
        bytes += get_compressed(server, &file).await.bytes().await.expect("a file").len();
    }
    assert!(bytes as u64 <= FIRST_LOAD_BYTES, "{bytes} bytes");
}

async fn page(server: &Server) -> String {
    let index = workspace::web_folder().join("index.html");
    assert!(index.is_file(), "there is no {}: build the page with `trunk build --release` first", index.display());
    get(server, "/").await.text().await.expect("a page")
}

/// The scripts, styles and WebAssembly that the page names.
async fn files_of_first_load(server: &Server) -> BTreeSet<String> {
    let page = page(server).await;
    let is_asset =
        |text: &&str| text.starts_with('/') && [".js", ".wasm", ".css"].iter().any(|end| text.ends_with(end));
    let files: BTreeSet<String> = page.split(['"', '\'']).filter(is_asset).map(str::to_owned).collect();
    assert!(files.iter().any(|file| file.ends_with(".wasm")), "the page starts no WebAssembly: {files:?}");
    files
}

async fn get(server: &Server, path: &str) -> Response {
    send(server.client().page(path)).await
}

async fn get_compressed(server: &Server, path: &str) -> Response {
    send(server.client().page(path).header(header::ACCEPT_ENCODING, "br, gzip")).await
}

fn web_file(path: &str) -> PathBuf {
    workspace::web_folder().join(path.trim_start_matches('/'))
}

fn precompressed(path: &str) -> PathBuf {
    web_file(&format!("{path}.br"))
}

fn header_of(response: &Response, name: header::HeaderName) -> &str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
