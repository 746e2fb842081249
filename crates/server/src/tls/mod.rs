//! HTTPS: with the operator's certificate, or with one that Pupil makes for this computer.

pub mod addresses;
mod self_signed;

use crate::config::Settings;
use anyhow::Context;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{path::Path, sync::Arc};

/// What to encrypt with; none for plain HTTP.
pub fn load(settings: &Settings) -> anyhow::Result<Option<ServerConfig>> {
    let edge = &settings.edge;
    let (certificate, key) = match (&edge.tls_cert, &edge.tls_key) {
        (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
        _ if edge.self_signed => self_signed::files(&settings.data_dir)?,
        _ => return Ok(None),
    };
    config(&certificate, &key).map(Some)
}

fn config(certificate: &Path, key: &Path) -> anyhow::Result<ServerConfig> {
    let of_certificate = || format!("can't use the certificate {} (PUPIL_TLS_CERT)", certificate.display());
    let of_key = || format!("can't use the private key {} (PUPIL_TLS_KEY)", key.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(of_certificate)?;
    anyhow::ensure!(!chain.is_empty(), "there is no certificate in {} (PUPIL_TLS_CERT)", certificate.display());
    let key = PrivateKeyDer::from_pem_file(key).with_context(of_key)?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| format!("{} and its key don't go together", certificate.display()))
}

/// The fingerprint of the self-signed certificate, as browsers show it under the certificate's details.
pub fn fingerprint(settings: &Settings) -> anyhow::Result<Option<String>> {
    if !settings.edge.self_signed {
        return Ok(None);
    }
    let (certificate, _) = self_signed::files(&settings.data_dir)?;
    let certificate = CertificateDer::from_pem_file(certificate)?;
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&certificate);
    Ok(Some(digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")))
}
