//! The transport settings of a client serve the calls and the sign-in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{Client, ClientBuilder, Cloud, Error, RetryPolicy};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use crate::network::{Server, pem};
use crate::replay::{TOKEN, customer};

/// A root of client certificates, and the PEM text of a certificate that it signed with its key.
fn client_identity() -> (CertificateDer<'static>, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Clients");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["client.example".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.signed_by(&key, &root).unwrap();
    (root.der().clone(), format!("{}{}", certificate.pem(), key.serialize_pem()))
}

/// A server that demands a certificate of this root, and the PEM text of its own root.
async fn demanding(root: CertificateDer<'static>) -> (Server, String) {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
    let (server, root) = Server::tls_with(clients).await;
    (server, pem(&root))
}

/// A client whose service and authority are both at `url`.
fn builder(url: &str) -> ClientBuilder {
    Client::builder(ClientSecret::new("contoso.example", "an-app", "a-made-up-secret"))
        .cloud(Cloud::custom(url, url, "audience"))
        .retry(RetryPolicy::never())
}

/// The budget, or the error with its causes.
async fn budget(client: ClientBuilder) -> String {
    match client.build().unwrap().get_budget(customer()).await {
        Ok(budget) => budget.unwrap().to_string(),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn presents_its_certificate_to_the_service_and_the_authority() {
    let (root, identity) = client_identity();
    let (server, ca) = demanding(root).await;
    let trusting = || builder(&server.url()).root_certificate(&ca);
    assert_eq!(budget(trusting().client_certificate(&identity)).await, "97");
    assert_eq!(server.connections(), 2, "a sign-in and a call");

    let without = budget(trusting()).await;
    assert!(without.contains("the server requires a client certificate"), "{without}");
    assert!(without.contains("pass one to ClientBuilder::client_certificate"), "{without}");
    let call = Client::builder(FixedToken::new(TOKEN)).base_url(server.url()).root_certificate(&ca);
    let error = call.build().unwrap().clear_budget(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { may_have_been_sent: false, .. }), "{error:?}");
    assert!(!error.is_retryable(), "a setting must be changed first");

    let untrusted = budget(builder(&server.url()).client_certificate(&identity)).await;
    assert!(untrusted.contains("is not trusted"), "{untrusted}");
    assert!(untrusted.contains("ClientBuilder::root_certificate"), "{untrusted}");
}

/// A proxy that asks for the user `user` with the password `pass%word`, and the first lines of its requests.
async fn proxy() -> (Server, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&lines);
    let proxy = Server::start(move |mut stream| {
        let seen = Arc::clone(&seen);
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap() > 0 {}
            let head = String::from_utf8(head).unwrap();
            let line = head.lines().next().unwrap().to_owned();
            let target = line.split(' ').nth(1).unwrap().to_owned();
            seen.lock().unwrap().push(line);
            // Base64 of `user:pass%word`.
            assert!(head.to_ascii_lowercase().contains("proxy-authorization: basic dxnlcjpwyxnzjxdvcmq="), "{head}");
            let mut server = TcpStream::connect(target).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut server).await;
        }
    });
    (proxy.await, lines)
}

#[tokio::test]
async fn connects_to_the_service_and_the_authority_through_the_proxy() {
    let (root, identity) = client_identity();
    let ((server, ca), (proxy, lines)) = (demanding(root).await, proxy().await);
    let address = format!("http://user:pass%25word@{}", proxy.address);
    let client = builder(&server.url()).root_certificate(&ca).client_certificate(&identity).proxy(&address);
    assert!(!format!("{client:?}").contains("word"));
    assert_eq!(budget(client).await, "97");
    let connect = format!("CONNECT {} HTTP/1.1", server.address);
    assert_eq!(*lines.lock().unwrap(), [connect.clone(), connect]);
}

#[tokio::test]
async fn refuses_invalid_settings_and_repeats_no_secret() {
    let (_, identity) = client_identity();
    let (_, other) = client_identity();
    let (certificate, key) = identity.split_at(identity.find("-----BEGIN PRIVATE").unwrap());
    let with_other_key = format!("{certificate}{}", &other[other.find("-----BEGIN PRIVATE").unwrap()..]);
    let url = "https://127.0.0.1:9";
    for (client, why) in [
        (builder(url).proxy("socks5://user:made-up@127.0.0.1:9"), "SOCKS"),
        (builder(url).proxy("http://user:made up@127.0.0.1:9"), "the proxy cannot be used"),
        (builder(url).root_certificate("made-up"), "no certificate in PEM form"),
        (builder(url).root_certificate(key), "no certificate in PEM form"),
        (builder(url).client_certificate(certificate), "no private key"),
        (builder(url).client_certificate(key), "no certificate"),
        (builder(url).client_certificate(&with_other_key), "the key is not that of the first certificate"),
        // Plain http needs none of them, but a mistake stays a mistake.
        (builder("http://127.0.0.1:9").client_certificate("made-up"), "no certificate"),
    ] {
        let error = client.build().unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error:?}");
        let shown = format!("{error:?}");
        assert!(shown.contains(why) && error.advice().is_some(), "{shown}");
        let lines = identity.lines().chain(other.lines()).filter(|line| !line.starts_with('-'));
        assert!(!shown.contains("made") && lines.into_iter().all(|line| !shown.contains(line)), "{shown}");
    }
}

#[tokio::test]
async fn gives_up_a_connection_that_is_not_made_in_time() {
    // Accepts connections and never answers the greeting of TLS.
    let silent = Server::start(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(silent.url()).retry(RetryPolicy::never());
    let client = client.connect_timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.clear_budget(customer()).await.unwrap_err();
    // The timeout of the attempt would leave open whether the call was sent.
    assert!(matches!(error, Error::Transport { may_have_been_sent: false, .. }), "{error:?}");
}

#[tokio::test]
async fn uses_an_http_client_of_ones_own() {
    let (server, root) = Server::tls_with(WebPkiClientVerifier::no_client_auth()).await;
    let mut roots = RootCertStore::empty();
    roots.add(root.into()).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let http = reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap();
    assert_eq!(budget(builder(&server.url()).http_client(http.clone())).await, "97");
    assert_eq!(server.connections(), 2, "a sign-in and a call");
    let settings: [fn(ClientBuilder) -> ClientBuilder; 2] =
        [|builder| builder.connect_timeout(Duration::from_secs(1)), |builder| builder.proxy("http://127.0.0.1:9")];
    for set in settings {
        let error = set(builder(&server.url()).http_client(http.clone())).build().unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error}");
    }
}
