//! Sign-in with a certificate. The test generates the key, so that the repository contains none.

use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use graviola::signing::rsa::{KeySize, SigningKey};
use partner_center_budgets::auth::{Certificate, ClientCertificate, MemoryStore, RefreshToken, SigningAlgorithm};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;

use crate::auth_file_store::utf_16;
use crate::authority::{APP, Authority, TENANT, TOKEN_LINE};
use crate::replay::customer;

struct Made {
    certificate_pem: String,
    certificate: Vec<u8>,
    key_pem: String,
    key_pkcs1_pem: String,
    public: Vec<u8>,
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn make() -> Made {
    let key = SigningKey::generate(KeySize::Rsa2048).unwrap();
    let mut buffer = [0; 2048];
    let key_pem = pem("PRIVATE KEY", key.to_pkcs8_der(&mut buffer).unwrap());
    let key_pkcs1_pem = pem("RSA PRIVATE KEY", key.to_pkcs1_der(&mut buffer).unwrap());
    let public = key.public_key().to_pkcs1_der(&mut buffer).unwrap().to_vec();
    let pair = rcgen::KeyPair::from_pem_and_sign_algo(&key_pem, &rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["budgets".to_owned()]).unwrap().self_signed(&pair).unwrap();
    Made { certificate_pem: certificate.pem(), certificate: certificate.der().to_vec(), key_pem, key_pkcs1_pem, public }
}

/// The key that signs in the tests, and that `check` verifies with.
fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(make)
}

fn part(text: &str) -> Value {
    serde_json::from_slice(&BASE64.decode(text).unwrap()).unwrap()
}

/// Checks an assertion as the authority would, and returns its id.
fn check(assertion: &str, audience: &str, algorithm: &str) -> String {
    let made = made();
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let parameters = match algorithm {
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    let signature = BASE64.decode(signature).unwrap();
    UnparsedPublicKey::new(parameters, &made.public).verify(signed.as_bytes(), &signature).unwrap();
    let thumbprint = |algorithm| BASE64.encode(digest(algorithm, &made.certificate));
    let expected = serde_json::json!({
        "alg": algorithm,
        "typ": "JWT",
        "x5t": thumbprint(&SHA1_FOR_LEGACY_USE_ONLY),
        "x5t#S256": thumbprint(&SHA256),
    });
    assert_eq!(part(header), expected);
    let claims = part(claims);
    assert_eq!(claims["aud"], audience);
    assert_eq!((&claims["iss"], &claims["sub"]), (&Value::from(APP), &Value::from(APP)));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (from, to) = (claims["nbf"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
    assert!(from <= now && now < to && to - from <= 600, "{from} {now} {to}");
    claims["jti"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn signs_in_with_a_signed_assertion() {
    let made = made();
    let certificate = Certificate::from_pem(format!("{}{}", made.certificate_pem, made.key_pem)).unwrap();
    let mut ids = Vec::new();
    for (algorithm, name) in [(SigningAlgorithm::Ps256, "PS256"), (SigningAlgorithm::Rs256, "RS256")] {
        let authority = Authority::granting(r#"{"access_token":"at","refresh_token":"rt","expires_in":3599}"#).await;
        let certificate = certificate.clone().algorithm(algorithm);
        let app = ClientCertificate::new(TENANT, APP, certificate.clone());
        authority.client(app).get_budget(customer()).await.unwrap();
        let store = Arc::new(MemoryStore::new("rt-0"));
        let user = RefreshToken::new(TENANT, APP, store).client_certificate(certificate);
        authority.client(user).get_budget(customer()).await.unwrap();

        let audience = format!("{}/{TENANT}/oauth2/v2.0/token", authority.base_url);
        let [app, user] = authority.sign_ins().try_into().unwrap();
        for (sign_in, grant) in [(app, "client_credentials"), (user, "refresh_token")] {
            assert_eq!(sign_in.line, TOKEN_LINE);
            let form = sign_in.form();
            assert_eq!(form["grant_type"], grant);
            assert_eq!(form["client_id"], APP);
            assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            assert!(!form.contains_key("client_secret"));
            ids.push(check(&form["client_assertion"], &audience, name));
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each assertion has an id of its own");
}

#[test]
fn pem_text_is_read_in_any_order_or_refused_without_showing_it() {
    let made = made();
    let other = make();
    for pem in [
        format!("{}{}", made.key_pem, made.certificate_pem),
        format!("{}{}", made.certificate_pem, made.key_pkcs1_pem),
        format!("{}{}{}", other.certificate_pem, made.certificate_pem, made.key_pem),
    ] {
        let debug = format!("{:?}", Certificate::from_pem(pem).unwrap());
        let thumbprint = BASE64.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &made.certificate));
        assert!(debug.contains(&thumbprint) && debug.len() < 200, "{debug}");
    }
    let encrypted = made.key_pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let elliptic = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let cut = &made.key_pem[..made.key_pem.len() / 2];
    for (pem, expected) in [
        (String::new(), "no private key"),
        (made.certificate_pem.clone(), "no private key"),
        (format!("{}{encrypted}", made.certificate_pem), "no private key"),
        (format!("{}{cut}", made.certificate_pem), "no private key"),
        (made.key_pem.clone(), "no certificate"),
        (format!("{}{}", other.certificate_pem, made.key_pem), "no certificate"),
        (format!("{}{elliptic}", made.certificate_pem), "key cannot be used"),
    ] {
        let error = Certificate::from_pem(&pem).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let line = made.key_pem.lines().nth(3).unwrap();
        assert!(!format!("{error:?}").contains(line));
    }
}

#[test]
fn pem_text_of_any_editor_is_read() {
    let made = made();
    let text = format!(" \r\n{}{}\r\n ", made.certificate_pem, made.key_pem).replace('\n', "\r\n");
    let expected = format!("{:?}", Certificate::from_pem(format!("{}{}", made.certificate_pem, made.key_pem)).unwrap());
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf_16(&text, u16::to_le_bytes),
        utf_16(&text, u16::to_be_bytes),
        // Comments in Windows-1252.
        [b"Name: M\xfcller\n", text.as_bytes()].concat(),
    ] {
        assert_eq!(format!("{:?}", Certificate::from_pem(bytes).unwrap()), expected);
    }
}
