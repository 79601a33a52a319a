//! Root certificates of the program and of the environment variables, in addition to the platform's.

use std::env;
use std::fs;
use std::path::PathBuf;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::pem::pem_text;
use crate::Error;

/// Names a file of root certificates. If it is set, Unix systems other than macOS trust no other roots.
const FILE: &str = "SSL_CERT_FILE";
/// Names folders of root certificates.
const FOLDERS: &str = "SSL_CERT_DIR";

/// The certificates in the file that `SSL_CERT_FILE` names. A file without certificates is an error: the client would trust
/// no server.
pub(super) fn from_environment() -> Result<Vec<CertificateDer<'static>>, Error> {
    for folder in env::var_os(FOLDERS).iter().flat_map(env::split_paths).filter(|path| !path.as_os_str().is_empty()) {
        // Without a file, the client would trust no server if a folder is missing.
        if let (Err(error), None) = (fs::read_dir(&folder), env::var_os(FILE)) {
            return Err(refused(FOLDERS, &format!("names {}: {error}", folder.display())));
        }
    }
    let Some(path) = env::var_os(FILE).map(PathBuf::from) else { return Ok(Vec::new()) };
    if path.as_os_str().is_empty() {
        return Err(refused(FILE, "is empty"));
    }
    let unreadable = |why: &dyn std::fmt::Display| refused(FILE, &format!("names {}: {why}", path.display()));
    let bytes = fs::read(&path).map_err(|error| unreadable(&error))?;
    let certificates = read(&bytes);
    match bytes.first() {
        _ if !certificates.is_empty() => Ok(certificates),
        None => Err(unreadable(&"the file is empty")),
        Some(0x30) => Err(unreadable(&"the file is in DER form, not PEM")),
        Some(_) => Err(unreadable(&"the file has no certificate in PEM form")),
    }
}

fn refused(variable: &str, why: &str) -> Error {
    Error::input(
        format!("the root certificates cannot be read: {variable} {why}"),
        "nothing was sent: name a file with certificates in PEM form (openssl x509 -inform der -in FILE converts from DER), \
         or unset the variable",
    )
}

/// The root certificates of a program.
pub(crate) fn parse(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates = read(pem);
    match certificates.is_empty() {
        false => Ok(certificates),
        true => Err(Error::input(
            "the root certificate cannot be used: the text has no certificate in PEM form",
            "pass the text of a PEM file (openssl x509 -inform der -in FILE converts from DER)",
        )),
    }
}

/// The root certificates in a PEM text, in any encoding of [`durable_files::decode`]. Skips other certificates.
fn read(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    let is_root = |found: &CertificateDer<'_>| RootCertStore::empty().add(found.clone().into_owned()).is_ok();
    CertificateDer::pem_slice_iter(&pem_text(bytes)).filter_map(Result::ok).filter(is_root).collect()
}
