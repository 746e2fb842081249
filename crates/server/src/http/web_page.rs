//! The web page: the files that Trunk built, held in memory with their compressed forms.

use super::{error::ApiError, headers};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, AcceptEncoding, ContentEncoding, Encoding, Header},
    },
    web::Data,
};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use dto::ErrorCode;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fs, path::Path};

const INDEX: &str = "index.html";
const NOT_BUILT: &str = "<!doctype html><title>Pupil</title><p>Pupil's REST API is running, but its web page has not been \
    built. Run <code>cargo xtask web</code>, then start Pupil again.";

struct File {
    content_type: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    /// Its name changes with its content.
    hashed: bool,
    /// What it may load, if it is a page.
    policy: Option<String>,
}

/// The files of the page by path, without the leading slash.
pub struct WebPage(HashMap<String, File>);

impl WebPage {
    /// Reads the folder; with none, the page says that it has not been built.
    pub fn load(folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut files = HashMap::new();
        match folder {
            Some(folder) => {
                read(folder, folder, &mut files).with_context(|| format!("can't read {}", folder.display()))?
            }
            None => tracing::warn!("the web page has not been built: `cargo xtask web` builds it"),
        }
        Ok(Self(files))
    }
}

fn read(root: &Path, folder: &Path, files: &mut HashMap<String, File>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, files)?;
            continue;
        }
        if path.extension().is_some_and(|extension| extension == "br" || extension == "gz") {
            continue;
        }
        let Some(name) = path.strip_prefix(root)?.to_str().map(str::to_owned) else { continue };
        let compressed = |suffix: &str| fs::read(format!("{}.{suffix}", path.display())).ok().map(Bytes::from);
        let plain = fs::read(&path)?;
        let is_page = path.extension().is_some_and(|extension| extension == "html");
        let file = File {
            content_type: mime_guess::from_path(&path).first_or_octet_stream().to_string(),
            policy: is_page.then(|| headers::page_policy(&script_hashes(&String::from_utf8_lossy(&plain)))),
            plain: plain.into(),
            brotli: compressed("br"),
            gzip: compressed("gz"),
            hashed: has_hash(&name),
        };
        files.insert(name, file);
    }
    Ok(())
}

/// The hashes of the scripts that stand in a page itself: Trunk starts the WebAssembly by one.
fn script_hashes(page: &str) -> Vec<String> {
    let scripts = page.split("<script").skip(1).filter_map(|rest| {
        let (_attributes, rest) = rest.split_once('>')?;
        rest.split_once("</script>").map(|(script, _)| script)
    });
    scripts.filter(|script| !script.is_empty()).map(|script| STANDARD.encode(Sha256::digest(script))).collect()
}

/// Trunk puts a hash into the names of what it built: up to 16 hexadecimal digits, without leading zeros. No word is
/// that long and has only the letters a to f.
fn has_hash(name: &str) -> bool {
    let is_hash = |part: &str| (12..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split(['-', '_', '.', '/']).any(is_hash)
}

/// Any GET outside the API: a file of the page, or the page itself for an address within it.
pub async fn serve(page: Data<WebPage>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::new(ErrorCode::MethodNotAllowed, "This address can only be read."));
    }
    let path = request.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let file = match page.0.get(path) {
        Some(file) => file,
        None if is_file => return Err(ApiError::new(ErrorCode::NotFound, "There is no such file.")),
        None => match page.0.get(INDEX) {
            Some(index) => index,
            None => return Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(NOT_BUILT)),
        },
    };
    let cache = if file.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let (encoding, body) = best_form(file, &request);
    let mut response = HttpResponse::Ok();
    response
        .content_type(file.content_type.as_str())
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "Accept-Encoding"));
    if let Some(policy) = &file.policy {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy.as_str()));
    }
    // Set even when plain, which tells actix-web that the body is as it should be.
    response.insert_header(encoding);
    Ok(response.body(body))
}

/// The smallest form of the file that the client takes.
fn best_form(file: &File, request: &HttpRequest) -> (ContentEncoding, Bytes) {
    let accepted =
        AcceptEncoding::parse(request).ok().filter(|_| request.headers().contains_key(header::ACCEPT_ENCODING));
    let accepts = |encoding: Encoding| {
        let known = accepted.as_ref();
        known.is_some_and(|accepted| {
            accepted.negotiate([&encoding, &Encoding::identity()].into_iter()) == Some(encoding.clone())
        })
    };
    if let Some(brotli) = file.brotli.as_ref().filter(|_| accepts(Encoding::brotli())) {
        return (ContentEncoding::Brotli, brotli.clone());
    }
    if let Some(gzip) = file.gzip.as_ref().filter(|_| accepts(Encoding::gzip())) {
        return (ContentEncoding::Gzip, gzip.clone());
    }
    (ContentEncoding::Identity, file.plain.clone())
}

#[cfg(test)]
mod tests {
    use super::{has_hash, script_hashes};

    #[test]
    fn scripts_in_the_page_are_hashed_as_browsers_do() {
        let page = "<script src=/a.js></script><script type=module>alert('Hello, world.');</script>";
        assert_eq!(script_hashes(page), ["qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="]);
    }

    #[test]
    fn trunk_s_names_are_known() {
        for name in ["frontend-3f1c2d4b5a697887_bg.wasm", "main-0123456789abcdef.css", "login-a6588718337c1eb.css"] {
            assert!(has_hash(name), "{name}");
        }
        for name in ["index.html", "favicon.svg", "robots.txt"] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
