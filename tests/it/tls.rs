//! A server with an untrusted certificate gets no token and no second attempt.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use partner_center_budgets::Client;
use partner_center_budgets::auth::FixedToken;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::replay::{TOKEN, customer};
use crate::scripted_server::short_waits;

#[tokio::test]
async fn refuses_an_untrusted_certificate_without_a_retry() {
    let certificate = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certificate.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&connections);
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut read = Vec::new();
                let _ = stream.read_to_end(&mut read).await;
                assert!(read.is_empty(), "bytes were sent to an untrusted server");
            }
        }
    });
    let url = format!("https://{address}");
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(url).retry(short_waits()).build().unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    let causes: Vec<_> =
        std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
    assert!(causes.iter().any(|cause| cause.contains("invalid peer certificate")), "{causes:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 1, "a retry would fail too");
    assert!(!server.is_finished());
    server.abort();
}
