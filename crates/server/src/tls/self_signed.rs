//! The certificate that Pupil makes for itself: kept, so that people accept it once, and made anew when it runs out or
//! this computer has an address that it does not name.

use super::addresses::{host_name, on_the_network};
use anyhow::Context;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use time::{Duration, OffsetDateTime};

/// Browsers refuse certificates that hold for much longer than a year.
const DAYS: i64 = 397;
/// Renewed while it still holds, at the first start within this time.
const DAYS_BEFORE_THE_END: i64 = 30;
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";
const ABOUT: &str = "about.json";

/// What the certificate says, beside it, because nothing here reads certificates.
#[derive(Serialize, Deserialize)]
struct About {
    names: BTreeSet<String>,
    /// Unix seconds.
    ends: i64,
}

/// The files of certificate and key, made when there are none that still do.
pub fn files(data_dir: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let folder = data_dir.join("tls");
    let files = (folder.join(CERTIFICATE), folder.join(KEY));
    let names = names();
    if !still_does(&folder, &names) {
        make(&folder, names).with_context(|| format!("can't make a certificate in {}", folder.display()))?;
    }
    Ok(files)
}

fn names() -> BTreeSet<String> {
    let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let host = host_name().into_iter().flat_map(|name| {
        let on_the_network = (!name.contains('.')).then(|| format!("{name}.local"));
        on_the_network.into_iter().chain([name])
    });
    let addresses = on_the_network().into_iter().map(|address| address.to_string());
    local.into_iter().chain(host).chain(addresses).collect()
}

/// A name that is gone does no harm: a laptop that left the network comes back.
fn still_does(folder: &Path, names: &BTreeSet<String>) -> bool {
    let about = fs::read(folder.join(ABOUT)).ok().and_then(|json| serde_json::from_slice::<About>(&json).ok());
    let soon = (OffsetDateTime::now_utc() + Duration::days(DAYS_BEFORE_THE_END)).unix_timestamp();
    let is_there = folder.join(CERTIFICATE).is_file() && folder.join(KEY).is_file();
    is_there && about.is_some_and(|about| about.ends > soon && names.is_subset(&about.names))
}

fn make(folder: &Path, names: BTreeSet<String>) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let ends = now + Duration::days(DAYS);
    let key = KeyPair::generate()?;
    let mut certificate = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
    // Clocks in a classroom differ.
    certificate.not_before = now - Duration::days(1);
    certificate.not_after = ends;
    certificate.distinguished_name = DistinguishedName::new();
    certificate.distinguished_name.push(DnType::CommonName, "Pupil");
    certificate.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = certificate.self_signed(&key)?;

    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // What tells that they are whole goes first and comes last.
    if let Err(error) = fs::remove_file(folder.join(ABOUT))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(error.into());
    }
    write(&folder.join(KEY), key.serialize_pem().as_bytes())?;
    write(&folder.join(CERTIFICATE), certificate.pem().as_bytes())?;
    let about = About { names, ends: ends.unix_timestamp() };
    write(&folder.join(ABOUT), &serde_json::to_vec(&about)?)?;
    tracing::info!("made a certificate for this computer");
    Ok(())
}

/// For the owner's eyes from the first byte on.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_certificate_is_kept_until_it_runs_out_or_a_name_is_missing() -> anyhow::Result<()> {
        let data = std::env::temp_dir().join(format!("pupil-tls-{}", uuid::Uuid::now_v7()));
        let folder = data.join("tls");
        let (certificate, key) = files(&data)?;
        let first = fs::read(&certificate)?;
        files(&data)?;
        assert_eq!(fs::read(&certificate)?, first);
        assert_eq!(fs::metadata(&key)?.permissions().mode() & 0o777, 0o600);

        let change = |change: &dyn Fn(&mut About)| -> anyhow::Result<Vec<u8>> {
            let mut about: About = serde_json::from_slice(&fs::read(folder.join(ABOUT))?)?;
            change(&mut about);
            fs::write(folder.join(ABOUT), serde_json::to_vec(&about)?)?;
            files(&data)?;
            Ok(fs::read(&certificate)?)
        };
        let same = change(&|about| _ = about.names.insert("192.0.2.7".into()))?;
        assert_eq!(same, first);
        let second = change(&|about| about.ends = OffsetDateTime::now_utc().unix_timestamp() + 3600)?;
        assert_ne!(second, first);
        let third = change(&|about| _ = about.names.remove("localhost"))?;
        assert_ne!(third, second);
        fs::remove_dir_all(data)?;
        Ok(())
    }
}
