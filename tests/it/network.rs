//! Proxies and root certificates that the environment names, and servers whose issuer is not trusted.
//!
//! The calls run in child processes of this test binary, because a process has one environment.

use std::error::Error as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{Client, Cloud, Error};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::replay::{TOKEN, customer};
use crate::scripted_server::{answer, short_waits};

/// The server of the child, and whether it is the service or the authority.
const URL: &str = "NETWORK_CHILD_URL";
const IS_AUTHORITY: &str = "NETWORK_CHILD_IS_AUTHORITY";

/// The child process: makes one call and reports its error. Without the variable, it does nothing.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let builder = match std::env::var(IS_AUTHORITY) {
        Ok(_) => {
            let secret = ClientSecret::new("contoso.example", "an-app", "a-made-up-secret");
            Client::builder(secret).cloud(Cloud::custom("http://127.0.0.1:1", url, "audience"))
        }
        Err(_) => Client::builder(FixedToken::new(TOKEN)).base_url(url),
    };
    let shown = match builder.retry(short_waits()).build() {
        Err(error) => shown(&error),
        Ok(client) => match client.get_budget(customer()).await {
            Ok(amount) => format!("budget {}", amount.unwrap()),
            Err(error) => shown(&error),
        },
    };
    report(&shown);
}

fn shown(error: &Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let causes: Vec<_> = causes.map(|cause| format!(" <- {cause}")).collect();
    format!("{error}{}", causes.concat()).replace('\n', " ")
}

#[expect(clippy::print_stdout, reason = "it is read by the parent")]
fn report(text: &str) {
    println!("\nCHILD {text}");
}

/// The result of a call by a child with these variables.
async fn call(url: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "network::child", "--nocapture"]).env(URL, url);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("CHILD ")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// The answer to a call and to a sign-in.
const BUDGET_AND_TOKEN: &str = r#"{"amount":97,"access_token":"a-made-up-token"}"#;

/// A server on a real socket that counts connections.
pub(crate) struct Server {
    pub(crate) address: std::net::SocketAddr,
    connections: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// A TLS server whose certificate is signed by a root of its own, and the root as DER. It answers with a budget.
    async fn tls() -> (Self, Vec<u8>) {
        Self::tls_with(WebPkiClientVerifier::no_client_auth()).await
    }

    /// The same with a check of the clients' certificates.
    pub(crate) async fn tls_with(clients: Arc<dyn ClientCertVerifier>) -> (Self, Vec<u8>) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::OrganizationName, "Contoso");
        params.distinguished_name.push(DnType::CommonName, "Contoso Inspection Root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &root).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let server = Self::start(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = [0; 4096];
                let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut head).await;
                stream.write_all(answer("200 OK", "", BUDGET_AND_TOKEN).as_bytes()).await.unwrap();
                let _ = stream.shutdown().await;
            }
        });
        (server.await, root.der().to_vec())
    }

    /// A proxy that asks for a user and a password.
    async fn proxy() -> Self {
        Self::start(|mut stream| async move {
            read(&mut stream).await;
            let text = answer("407 Proxy Authentication Required", "Proxy-Authenticate: Basic\r\n", "");
            stream.write_all(text.as_bytes()).await.unwrap();
        })
        .await
    }

    pub(crate) async fn start<F>(serve: impl Fn(tokio::net::TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicU32>::default();
        let counted = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Self { address, connections, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn connections(&self) -> u32 {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The path of a file with these bytes, which is removed when dropped.
fn file(bytes: &[u8]) -> TempPath {
    let path = NamedTempFile::new().unwrap().into_temp_path();
    std::fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn names_an_issuer_that_is_not_trusted_and_does_not_retry() {
    let (server, _) = Server::tls().await;
    for (variables, attempts) in [(&[][..], 1), (&[(IS_AUTHORITY, "")], 2)] {
        let output = call(&server.url(), variables).await;
        assert!(output.contains("its issuer `Contoso Inspection Root` is not trusted"), "{output}");
        assert!(output.contains("invalid peer certificate"), "{output}");
        assert!(output.contains("the system's store") && output.contains("SSL_CERT_FILE"), "{output}");
        assert_eq!(server.connections(), attempts, "{output}");
    }
}

pub(crate) fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\r\n{text}\r\n-----END CERTIFICATE-----\r\n")
}

#[tokio::test]
async fn trusts_the_roots_in_the_file_that_the_environment_names_in_any_encoding() {
    let (server, root) = Server::tls().await;
    let text = pem(&root);
    let utf16 =
        |order: fn(u16) -> [u8; 2]| "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect();
    let files: [(&str, Vec<u8>); 4] = [
        ("plain", text.clone().into_bytes()),
        ("bom", format!("\u{feff}{text}").into_bytes()),
        ("utf16-le", utf16(u16::to_le_bytes)),
        ("utf16-be", utf16(u16::to_be_bytes)),
    ];
    for (name, bytes) in files {
        let file = file(&bytes);
        assert_eq!(call(&server.url(), &[("SSL_CERT_FILE", file.to_str().unwrap())]).await, "budget 97", "{name}");
    }
}

#[tokio::test]
async fn refuses_a_file_of_roots_that_names_none() {
    let (server, root) = Server::tls().await;
    let files = [&b""[..], &root, b"no certificate"].map(file);
    let [empty, der, text] = files.each_ref().map(|path| path.to_str().unwrap());
    for (path, why) in [
        ("/no/such/file.pem", "No such file"),
        ("", "SSL_CERT_FILE is empty"),
        (empty, "the file is empty"),
        (der, "DER form"),
        (text, "no certificate in PEM form"),
    ] {
        for variables in [&[("SSL_CERT_FILE", path)][..], &[("SSL_CERT_FILE", path), (IS_AUTHORITY, "")]] {
            let output = call(&server.url(), variables).await;
            assert!(
                output.contains("SSL_CERT_FILE") && output.contains(path) && output.contains(why),
                "{path}: {output}"
            );
        }
    }
    let output = call(&server.url(), &[("SSL_CERT_DIR", "/no/such/folder")]).await;
    assert!(output.contains("SSL_CERT_DIR names /no/such/folder: "), "{output}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn refuses_a_proxy_that_would_be_ignored_before_sending() {
    let (server, _) = Server::tls().await;
    for (name, value) in [
        ("HTTPS_PROXY", "\"http://127.0.0.1:9\""),
        ("https_proxy", " http://127.0.0.1:9"),
        ("ALL_PROXY", "http://dom\\user:made-up-password@127.0.0.1:9"),
        ("all_proxy", "http://user:made-up password@127.0.0.1:9"),
        ("HTTPS_PROXY", "http://user:made-up/password@127.0.0.1:9"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
    ] {
        for variables in [&[(name, value)][..], &[(name, value), (IS_AUTHORITY, "")]] {
            let output = call(&server.url(), variables).await;
            assert!(output.contains(&format!("the proxy in {name} cannot be used: ")), "{value}: {output}");
            assert!(!output.contains("made-up"), "{output}");
        }
    }
    let cgi = [("HTTPS_PROXY", "http://127.0.0.1:9"), ("REQUEST_METHOD", "GET")];
    let output = call(&server.url(), &cgi).await;
    assert!(output.contains("REQUEST_METHOD"), "{output}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn does_not_retry_a_proxy_that_requires_a_user_and_a_password() {
    let ((server, _), proxy) = (Server::tls().await, Server::proxy().await);
    let address = format!("http://user:made-up-password@{}", proxy.address);
    for (variables, attempts) in
        [(&[("HTTPS_PROXY", address.as_str())][..], 1), (&[("ALL_PROXY", address.as_str()), (IS_AUTHORITY, "")], 2)]
    {
        let output = call(&server.url(), variables).await;
        assert!(output.contains("the proxy asks for a user and a password (407)"), "{output}");
        assert!(output.contains("USER:PASSWORD") && !output.contains("made-up"), "{output}");
        assert_eq!(proxy.connections(), attempts, "{output}");
    }
    assert_eq!(server.connections(), 0, "never around the proxy");
}

/// Reads a request without a body, because closing a connection with unread bytes resets it.
async fn read(stream: &mut tokio::net::TcpStream) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") && tokio::io::AsyncReadExt::read_buf(stream, &mut bytes).await.unwrap() > 0 {}
}
