//! Sign-in by a user: with a device code, and in a browser, which the test simulates.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use partner_center_budgets::auth::{AuthError, AuthorizationCode, DeviceCode, MemoryStore, TokenStore};
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::authority::{APP, AUDIENCE, Authority, BUDGET, TENANT, TOKEN_LINE, fields, refusal};
use crate::replay::customer;
use crate::skipped;

const GRANT: &str = r#"{"access_token":"at","refresh_token":"rt","expires_in":3599}"#;

fn scope() -> String {
    format!("{AUDIENCE}/.default offline_access")
}

/// Answers polls with `polls` in turn, and repeats the last.
async fn device(expires_in: &'static str, polls: Vec<(u16, String)>) -> Authority {
    Authority::start(move |seen, before| {
        if seen.line.ends_with("/devicecode") {
            let grant = format!(
                r#"{{"device_code":"the-device-code","user_code":"ABC-123","verification_uri":"https://example.com/d",
                "expires_in":{expires_in},"interval":"0.1"}}"#
            );
            return (200, grant);
        }
        match seen.is_sign_in() {
            true => polls[(before - 1).min(polls.len() - 1)].clone(),
            false => (200, BUDGET.to_owned()),
        }
    })
    .await
}

fn pending() -> (u16, String) {
    refusal("authorization_pending", "AADSTS70016: pending")
}

#[tokio::test]
async fn shows_a_device_code_and_polls() {
    let polls = vec![pending(), (503, String::new()), pending(), (200, GRANT.to_owned())];
    let authority = device("900", polls).await;
    let (store, shown) = (Arc::new(MemoryStore::default()), Arc::new(Mutex::new(Vec::new())));
    let note = shown.clone();
    let credential =
        DeviceCode::new(TENANT, APP, store.clone(), move |prompt| note.lock().unwrap().push(prompt.clone()));
    authority.client(credential.clone()).get_budget(customer()).await.unwrap();
    {
        let shown = shown.lock().unwrap();
        let [prompt] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!((prompt.user_code.as_str(), prompt.verification_uri.as_str()), ("ABC-123", "https://example.com/d"));
        assert!(prompt.message.contains("https://example.com/d") && prompt.message.contains("ABC-123"));
        assert_eq!(prompt.lifetime, Duration::from_secs(900));
    }
    let sign_ins = authority.sign_ins();
    assert_eq!(sign_ins.len(), 5);
    assert_eq!(sign_ins[0].line, "POST /contoso.onmicrosoft.com/oauth2/v2.0/devicecode");
    assert_eq!(sign_ins[0].form(), fields([("client_id", APP), ("scope", &scope())]));
    for poll in &sign_ins[1..] {
        assert_eq!(poll.line, TOKEN_LINE);
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        let expected = fields([("grant_type", grant), ("device_code", "the-device-code"), ("client_id", APP)]);
        assert_eq!(poll.form(), expected);
    }
    assert_eq!(store.load().await.unwrap().unwrap().expose_secret(), "rt");

    // The next sign-in redeems the saved token.
    authority.client(credential).get_budget(customer()).await.unwrap();
    assert_eq!(authority.sign_ins().last().unwrap().form()["grant_type"], "refresh_token");
    assert_eq!(shown.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_prompt_has_no_power_over_a_terminal() {
    let authority = Authority::start(|seen, _| match seen.line.ends_with("/devicecode") {
        true => (
            200,
            r#"{"device_code":"d","user_code":"A\u001b[2J","verification_uri":"https://example.com/\u202ed",
            "message":"open\n\u001b]0;it","interval":"0.1"}"#
                .to_owned(),
        ),
        false => refusal("authorization_declined", ""),
    })
    .await;
    let shown = Arc::new(Mutex::new(Vec::new()));
    let note = shown.clone();
    let store = Arc::new(MemoryStore::default());
    let credential = DeviceCode::new(TENANT, APP, store, move |prompt| note.lock().unwrap().push(prompt.clone()));
    credential.sign_in_user(&authority.sign_in()).await.unwrap_err();
    let prompt = shown.lock().unwrap().remove(0);
    assert_eq!(
        (&*prompt.message, &*prompt.user_code, &*prompt.verification_uri),
        ("open\n[U+001B]]0;it", "A[U+001B][2J", "https://example.com/[U+202E]d")
    );
}

#[tokio::test]
async fn stops_polling_when_declined_expired_or_dropped() {
    let sign_in = |expires_in, poll| async move {
        let authority = device(expires_in, vec![poll]).await;
        let credential = DeviceCode::new(TENANT, APP, Arc::new(MemoryStore::default()), |_| {});
        (credential.sign_in_user(&authority.sign_in()).await, authority)
    };
    let (declined, authority) = sign_in("900", refusal("authorization_declined", "")).await;
    assert!(declined.unwrap_err().to_string().contains("declined"));
    assert_eq!(authority.sign_ins().len(), 2);
    let (expired, authority) = sign_in("0.5", pending()).await;
    assert!(expired.unwrap_err().to_string().contains("in time"));
    assert!((2..=6).contains(&authority.sign_ins().len()));

    let authority = device("900", vec![pending()]).await;
    let credential = DeviceCode::new(TENANT, APP, Arc::new(MemoryStore::default()), |_| {});
    let to = authority.sign_in();
    let waited = tokio::time::timeout(Duration::from_millis(400), credential.sign_in_user(&to)).await;
    assert!(waited.is_err(), "it waits for the user");
    let polls = authority.sign_ins().len();
    tokio::time::sleep(Duration::from_millis(400)).await;
    // One poll may have been in flight.
    assert!(authority.sign_ins().len() <= polls + 1, "no more polls");
}

/// A browser sign-in in progress, and the address to open.
struct Browser {
    authority: Authority,
    store: Arc<MemoryStore>,
    done: tokio::task::JoinHandle<Result<(), AuthError>>,
    query: BTreeMap<String, String>,
    redirect: String,
}

impl Browser {
    async fn start(timeout: Duration) -> Self {
        let authority = Authority::granting(GRANT).await;
        let store = Arc::new(MemoryStore::default());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let sender = Mutex::new(Some(sender));
        let open = move |url: &str| sender.lock().unwrap().take().unwrap().send(url.to_owned()).unwrap();
        let credential = AuthorizationCode::new(TENANT, APP, store.clone(), open).timeout(timeout);
        let to = authority.sign_in();
        let done = tokio::spawn(async move { credential.sign_in_user(&to).await.map(drop) });
        let url = receiver.await.unwrap();
        let (address, query) = url.split_once('?').unwrap();
        assert_eq!(address, format!("{}/{TENANT}/oauth2/v2.0/authorize", authority.base_url));
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let port = query["redirect_uri"].strip_prefix("http://localhost:").unwrap();
        let redirect = format!("127.0.0.1:{port}");
        Self { authority, store, done, query, redirect }
    }

    /// The program's response to a request for `target`.
    async fn get(&self, target: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.redirect).await?;
        stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

/// Waits until the port is closed. A child process that another test starts holds it too, between fork and exec.
async fn closed(address: &str) {
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused).await.expect("the port is closed");
}

#[tokio::test]
async fn receives_the_code_from_the_browser() {
    let browser = Browser::start(Duration::from_secs(30)).await;
    let mut expected = fields([
        ("client_id", APP),
        ("code_challenge_method", "S256"),
        ("response_mode", "query"),
        ("response_type", "code"),
        ("scope", &scope()),
    ]);
    for made in ["state", "code_challenge", "redirect_uri"] {
        assert!(browser.query[made].len() >= 20, "{made}");
        expected.insert(made.to_owned(), browser.query[made].clone());
    }
    assert_eq!(browser.query, expected);

    // Browsers request other paths, and open connections on which they send nothing.
    let _silent = TcpStream::connect(&browser.redirect).await.unwrap();
    for other in ["/favicon.ico", "/", "/?code=x", "/other?code=x&state=y"] {
        assert!(browser.get(other).await.unwrap().starts_with("HTTP/1.1 404 "), "{other}");
    }
    let page = browser.get(&format!("/?code=the%2Fcode&state={}", browser.query["state"])).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Close this window"), "{page}");
    assert!(!page.contains("the/code") && page.contains("no-store"));
    let Browser { authority, store, done, query, redirect } = browser;
    done.await.unwrap().unwrap();
    closed(&redirect).await;
    assert_eq!(store.load().await.unwrap().unwrap().expose_secret(), "rt");

    let [exchange] = authority.sign_ins().try_into().unwrap();
    assert_eq!(exchange.line, TOKEN_LINE);
    let form = exchange.form();
    let verifier = ring::digest::digest(&ring::digest::SHA256, form["code_verifier"].as_bytes());
    assert_eq!(BASE64.encode(verifier), query["code_challenge"]);
    let mut expected = fields([("grant_type", "authorization_code"), ("code", "the/code"), ("client_id", APP)]);
    for (name, value) in
        [("redirect_uri", &query["redirect_uri"]), ("scope", &scope()), ("code_verifier", &form["code_verifier"])]
    {
        expected.insert(name.to_owned(), value.clone());
    }
    assert_eq!(form, expected);
}

#[tokio::test]
async fn receives_the_code_on_both_addresses_of_localhost() {
    if tokio::net::TcpListener::bind("[::1]:0").await.is_err() {
        return skipped("this machine has no IPv6");
    }
    for host in ["127.0.0.1", "[::1]"] {
        let mut browser = Browser::start(Duration::from_secs(30)).await;
        browser.redirect = browser.redirect.replace("127.0.0.1", host);
        let page = browser.get(&format!("/?code=right&state={}", browser.query["state"])).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{host}: {page}");
        browser.done.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_invalid_refresh_token_fails_the_sign_in() {
    for bad in ["   ".to_owned(), "x".repeat(100_000)] {
        let grant = format!(r#"{{"access_token":"at","refresh_token":"{bad}","expires_in":3599}}"#);
        let authority = device("900", vec![(200, grant)]).await;
        let store = Arc::new(MemoryStore::new("good"));
        let credential = DeviceCode::new(TENANT, APP, store.clone(), |_| {});
        let error = credential.sign_in_user(&authority.sign_in()).await.unwrap_err();
        assert!(error.to_string().contains("could not be saved"), "{error}");
        assert_eq!(store.load().await.unwrap().unwrap().expose_secret(), "good");
    }
}

#[tokio::test]
async fn refuses_redirects_with_another_state_and_continues() {
    let browser = Browser::start(Duration::from_secs(30)).await;
    // Any page in the same browser can request these.
    for target in ["/?code=x&state=forged", "/?error=access_denied&state=forged", "/?code=x&state=STATE&state=forged"] {
        let page = browser.get(&target.replace("STATE", &browser.query["state"])).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 400 ") && page.contains("another sign-in"), "{page}");
    }
    let page = browser.get(&format!("/?code=right&state={}", browser.query["state"])).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    browser.done.await.unwrap().unwrap();
    let [exchange] = browser.authority.sign_ins().try_into().unwrap();
    assert_eq!(exchange.form()["code"], "right");
}

#[tokio::test]
async fn a_redirect_without_a_code_fails_the_sign_in() {
    for (target, expected) in [
        ("/?state=STATE", "without a code"),
        ("/?code=&state=STATE", "without a code"),
        ("/?code=x&code=y&state=STATE", "without a code"),
        ("/?error=access_denied&error_description=AADSTS65004%3A+declined&state=STATE", "AADSTS65004: declined"),
    ] {
        let browser = Browser::start(Duration::from_secs(30)).await;
        let page = browser.get(&target.replace("STATE", &browser.query["state"])).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 400 "), "{page}");
        // The program has stopped listening, or refuses a second redirect.
        let right = format!("/?code=x&state={}", browser.query["state"]);
        assert!(!browser.get(&right).await.unwrap_or_default().contains(" 200 "));
        let error = browser.done.await.unwrap().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(browser.authority.seen().len(), 0, "no code is exchanged");
    }
}

#[tokio::test]
async fn times_out_without_a_redirect() {
    let browser = Browser::start(Duration::from_millis(200)).await;
    let error = browser.done.await.unwrap().unwrap_err();
    assert!(error.needs_sign_in() && error.to_string().contains("in time"), "{error}");
    closed(&browser.redirect).await;
}
