//! Root certificates from the environment variables, in addition to the platform's.

use std::borrow::Cow;
use std::env;
use std::fs;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::Error;

/// Names a file of root certificates. If it is set, Unix systems other than macOS trust no other roots.
const FILE: &str = "SSL_CERT_FILE";
/// Names folders of root certificates.
const FOLDERS: &str = "SSL_CERT_DIR";

/// The certificates in the file that `SSL_CERT_FILE` names. A variable without certificates is an error, because no server
/// would be trusted.
pub(super) fn from_environment() -> Result<Vec<CertificateDer<'static>>, Error> {
    for folder in env::var_os(FOLDERS).iter().flat_map(env::split_paths).filter(|path| !path.as_os_str().is_empty()) {
        // Without a file, a missing folder would leave no trusted roots.
        if let (Err(error), None) = (fs::read_dir(&folder), env::var_os(FILE)) {
            return Err(refused(FOLDERS, &format!("names {}: {error}", folder.display())));
        }
    }
    let Some(path) = env::var_os(FILE) else { return Ok(Vec::new()) };
    if path.is_empty() {
        return Err(refused(FILE, "is empty"));
    }
    let path = std::path::PathBuf::from(path);
    let why = |why: &dyn std::fmt::Display| refused(FILE, &format!("names {}: {why}", path.display()));
    let bytes = fs::read(&path).map_err(|error| why(&error))?;
    let certificates = read(&bytes);
    match (certificates.is_empty(), bytes.first()) {
        (false, _) => Ok(certificates),
        (true, None) => Err(why(&"the file is empty")),
        (true, Some(0x30)) => Err(why(&"the file is in DER form, not PEM")),
        (true, Some(_)) => Err(why(&"the file has no certificate in PEM form")),
    }
}

fn refused(variable: &str, why: &str) -> Error {
    Error::input(
        format!("the root certificates cannot be read: {variable} {why}"),
        "nothing was sent: name a file with certificates in PEM form (openssl x509 -inform der -in FILE converts from DER), \
         or unset the variable",
    )
}

/// The root certificates in a PEM text, in any encoding of [`durable_files::decode`]. Skips other certificates.
fn read(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    // Comments between the certificates may have any encoding.
    let text =
        durable_files::decode(bytes).map_or(Cow::Borrowed(bytes), |text| Cow::Owned(text.into_owned().into_bytes()));
    let is_root =
        |certificate: &CertificateDer<'_>| RootCertStore::empty().add(certificate.clone().into_owned()).is_ok();
    CertificateDer::pem_slice_iter(&text).filter_map(Result::ok).filter(is_root).collect()
}
