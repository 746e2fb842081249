//! HTTPS, with a certificate of the operator's and with one that Pupil makes. curl is the client, because it knows
//! certificates from files.

use pupil_tests::{
    Database, Home, Server,
    pictures::{self, Motif},
    program::{self, Finished},
};
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

const CREDENTIALS: &str = r#"{"username":"ann","password":"a long enough passphrase"}"#;

#[tokio::test]
async fn a_classroom_has_https_without_an_authority() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_SELF_SIGNED", "true");
    let server = Server::start(&home);
    assert!(server.address().starts_with("https://127.0.0.1:"), "{}", server.address());
    let folder = home.data_folder().join("tls");
    let certificate = folder.join("certificate.pem");
    let mode = |path: &Path| fs::metadata(path).expect("it was made").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("key.pem"))), (0o700, 0o600));

    let curl = Curl { server: &server, certificate: &certificate, jar: home.data_folder().join("jar") };
    let stranger = curl.without_certificate("/api/health").await;
    assert_ne!(stranger.code, Some(0), "nobody knows this certificate");
    // It names this computer as people on it do.
    let by_name = server.address().replace("127.0.0.1", "localhost");
    assert!(curl.ok(&[&format!("{by_name}/api/health")]).await.contains("200"));

    let signed_up = curl.ok(&["-c", &curl.jar(), "--json", CREDENTIALS, &curl.url("/api/auth/signup")]).await;
    let cookie = signed_up.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    assert!(cookie.is_some_and(|cookie| cookie.contains("; Secure")), "{signed_up}");
    assert!(!signed_up.to_ascii_lowercase().contains("strict-transport-security"), "{signed_up}");

    // The page's own origin is the encrypted one, and no other.
    let host = server.address().strip_prefix("https://").expect("checked above");
    for (origin, status) in [(format!("https://{host}"), 201), (format!("http://{host}"), 403), ("null".into(), 403)] {
        let origin = format!("Origin: {origin}");
        let made = ["-b", &curl.jar(), "-H", &origin, "--json", r#"{"name":"p"}"#, &curl.url("/api/projects")];
        let answer = curl.ok(&made).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{origin}: {answer}");
    }
    let projects = curl.ok(&["-b", &curl.jar(), &curl.url("/api/projects")]).await;
    let projects: Value = serde_json::from_str(projects.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    let project = projects["items"][0]["id"].as_str().expect("sign-up makes one");

    let picture = home.data_folder().join("picture.png");
    fs::write(&picture, pictures::png(&Motif::Circles.draw(1))).expect("one's own folder");
    let (origin, file) = (format!("Origin: https://{host}"), format!("file=@{}", picture.display()));
    let url = curl.url(&format!("/api/projects/{project}/images"));
    let upload = curl.ok(&["-b", &curl.jar(), "-H", &origin, "-F", &file, &url]).await;
    assert!(upload.contains("\"stored\":1"), "{upload}");

    // It stays the same one, which people have accepted.
    let first = fs::read(&certificate).expect("it was made");
    assert!(server.log().contains("SHA-256 fingerprint"), "{}", server.log());
    server.stop();
    let again = Server::start(&home);
    assert_eq!(fs::read(&certificate).expect("it is there"), first);
    drop(again);
}

#[tokio::test]
async fn an_operators_certificate_is_used_and_faults_are_told() {
    // What Pupil made for itself serves as somebody's own.
    let made = Home::new(Database::Sqlite).await.with("PUPIL_SELF_SIGNED", "true");
    drop(Server::start(&made));
    let folder = made.data_folder().join("tls");
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let with = async |certificate: &Path, key: &Path| {
        let home = Home::new(Database::Sqlite).await;
        home.with("PUPIL_TLS_CERT", certificate.to_str().expect("UTF-8"))
            .with("PUPIL_TLS_KEY", key.to_str().expect("UTF-8"))
    };
    let home = with(&certificate, &key).await;
    let server = Server::start(&home);
    let curl = Curl { server: &server, certificate: &certificate, jar: home.data_folder().join("jar") };
    let answer = curl.ok(&[&curl.url("/")]).await.to_ascii_lowercase();
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    assert!(!home.data_folder().join("tls").exists(), "none was made");

    let missing = folder.join("missing.pem");
    for (certificate, key, told) in
        [(&missing, &key, "PUPIL_TLS_CERT"), (&certificate, &missing, "PUPIL_TLS_KEY"), (&key, &key, "PUPIL_TLS_CERT")]
    {
        let mut command = with(certificate, key).await.command();
        command.arg("serve");
        let ended = program::run(command).await;
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
}

struct Curl<'a> {
    server: &'a Server,
    certificate: &'a Path,
    jar: PathBuf,
}

impl Curl<'_> {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.address())
    }

    fn jar(&self) -> String {
        self.jar.display().to_string()
    }

    /// Headers and body of the answer.
    async fn ok(&self, arguments: &[&str]) -> String {
        let certificate = self.certificate.to_str().expect("UTF-8");
        let ended = run(&[&["--cacert", certificate], arguments].concat()).await;
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.stderr);
        ended.stdout
    }

    async fn without_certificate(&self, path: &str) -> Finished {
        run(&[&self.url(path)]).await
    }
}

async fn run(arguments: &[&str]) -> Finished {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "60"]).args(arguments);
    program::run(curl).await
}
