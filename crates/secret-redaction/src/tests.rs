use proptest::prelude::*;

use super::*;

const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.bWFkZS11cC1mb3ItdGVzdHM.bm8tc2lnbmF0dXJl_-x";

fn json(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn url(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn html(text: &str) -> String {
    text.chars().map(|character| format!("&#{};", u32::from(character))).collect()
}

fn html_named(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('.', "&period;")
}

fn plain(text: &str) -> String {
    text.to_owned()
}

fn folded_lines(text: &str) -> String {
    text.chars().flat_map(|character| [character, '\n']).collect()
}

type Encoding = fn(&str) -> String;
const ENCODINGS: [Encoding; 5] = [plain, json, url, html, html_named];

#[test]
fn removes_a_token_in_each_encoding() {
    let secrets = Secrets::new([TOKEN]);
    let base64 = |text: &str| BASE64.encode(text);
    let base64_url = |text: &str| base64::prelude::BASE64_URL_SAFE.encode(text);
    for text in [
        format!("bad header: Bearer {TOKEN}."),
        format!("cut: {}", &TOKEN[..TOKEN.len() - 1]),
        format!("cut: {}", &TOKEN[20..40]),
        TOKEN.to_uppercase(),
        folded_lines(TOKEN),
        base64(TOKEN),
        base64(&format!("Authorization: Bearer {TOKEN}")),
        base64_url(&format!("xx{TOKEN}")),
        url(&base64(&format!("x{TOKEN}"))),
        json(&url(&html(TOKEN))),
    ] {
        let shown = secrets.redact(&text);
        assert!(shown.contains(REDACTED), "{text}: {shown}");
        let left = shown.replace(REDACTED, "");
        assert!(left.len() < 40, "{text}: {left}");
    }
}

#[test]
fn removes_a_client_secret_from_an_http_basic_header() {
    let secret = "abc8Q~de.fgh~ijkl~mnop~qrst~uvwx";
    let form = "abc8Q%7Ede.fgh%7Eijkl%7Emnop%7Eqrst%7Euvwx";
    let header = BASE64.encode(format!("some-app:{form}"));
    let shown = Secrets::new([secret]).redact(&header).into_owned();
    assert!(shown.contains(REDACTED) && shown.len() < 32, "{shown}");
}

#[test]
fn form_encodes_as_browsers_do() {
    assert_eq!(form_encoded("aZ09 -._*~+/\u{e9}".as_bytes()), b"aZ09+-._*%7E%2B%2F%C3%A9");
}

#[test]
fn removes_a_secret_whose_characters_are_escaped_in_each_way() {
    let secret = "pass/word\u{1f511}\n\"key\"\u{1f512}end";
    let secrets = Secrets::new([secret]);
    for text in [
        json(secret),
        r#"pass\/word\ud83d\udd11\n\"key\"\uD83D\uDD12end"#.to_owned(),
        r#"\x70\x61\x73\x73\x2f\x77\x6f\x72\x64\ud83d\udd11\n\"key\"\ud83d\udd12end"#.to_owned(),
    ] {
        assert_eq!(secrets.redact(&text), REDACTED, "{text}");
    }
    // A backslash that starts no escape sequence is kept.
    let secrets = Secrets::new([r"domain\user-and-password"]);
    assert_eq!(secrets.redact(r"domain\user-and-password"), REDACTED);
    assert_eq!(secrets.redact(r"domain\\user-and-password"), REDACTED);
}

#[test]
fn removes_a_secret_with_blanks_from_text_without_them() {
    let secrets = Secrets::new(["correct horse battery staple"]);
    for text in ["correct horse battery staple", "correcthorsebatterystaple", "correct horse\nbattery staple"] {
        assert_eq!(secrets.redact(text), REDACTED, "{text}");
    }
}

#[test]
fn decodes_no_deeper_than_the_limit() {
    let encoded = |times| (0..times).fold(TOKEN.to_owned(), |text, _| url(&text));
    let secrets = Secrets::new([TOKEN]);
    assert_eq!(secrets.redact(&encoded(MAX_NESTING)), REDACTED);
    let deeper = encoded(MAX_NESTING + 1);
    assert_eq!(secrets.redact(&deeper), deeper);
}

#[test]
fn removes_secrets_from_eight_bytes_on() {
    let text = "The sandbox refuses this call.";
    assert_eq!(Secrets::new(["sandbox"]).redact(text), text);
    assert_eq!(Secrets::new(["hunter2x"]).redact("a hunter2x b"), "a [redacted] b");
    assert_eq!(Secrets::new(["hunter2-x"]).redact("a Hunter2%2Dx b"), "a [redacted] b");
}

#[test]
fn takes_the_credentials_from_an_authorization_header() {
    let secrets = Secrets::from_authorization("Bearer hunter2-x");
    assert_eq!(secrets.redact("Bearer hunter2-x"), "Bearer [redacted]");
    assert_eq!(Secrets::from_authorization("hunter2-x").redact("hunter2-x"), REDACTED);
    assert_eq!(format!("{secrets:?}"), "Secrets { .. }");
}

#[test]
fn leaves_a_long_text_of_escape_sequences_unchanged() {
    // Contains each kind of escape sequence, so every decoder runs at every depth.
    let text = "%25&#38;\\u0025".repeat(64 * 1024 / 14);
    assert_eq!(Secrets::new([TOKEN]).redact(&text), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn leaves_no_window_of_a_secret(
        secret in "[ -~]{16,80}|[a-zà-ü%&\\\\;#]{16,40}",
        around in ["[A-Z \\n\"]{0,20}", "\\PC{0,20}"],
        (from, length) in (0_usize..64, 16_usize..80),
        (inner, outer) in (0..ENCODINGS.len(), 0..ENCODINGS.len()),
    ) {
        let letters: Vec<char> = secret.chars().collect();
        let from = from.min(letters.len() - 16);
        let part: String = letters[from..].iter().take(length).collect();
        let encoded = ENCODINGS[outer](&ENCODINGS[inner](&part));
        let text = format!("{}{encoded}{}", around[0], around[1]);
        let shown = Secrets::new([&*secret]).redact(&text).into_owned();
        prop_assert!(shown.contains(REDACTED), "{}", shown);
        for window in letters.windows(16) {
            let window: String = window.iter().collect();
            for encode in ENCODINGS {
                prop_assert!(!shown.contains(&encode(&window)), "{} of {}", window, shown);
            }
        }
    }

    #[test]
    fn leaves_no_window_of_a_secret_in_base64(
        secret in "[ -~]{16,80}",
        before in "[ -~]{0,20}",
        behind in "[ -~]{0,20}",
        cut in 0_usize..8,
    ) {
        let encoded = BASE64.encode(format!("{before}{secret}{behind}"));
        let shown = Secrets::new([&*secret]).redact(&encoded[cut.min(before.len())..]).into_owned();
        prop_assert!(shown.contains(REDACTED), "{}", shown);
        let longest = shown.split(REDACTED).map(str::len).max().unwrap();
        prop_assert!(longest <= 40, "{}", shown);
    }

    #[test]
    fn leaves_text_without_a_secret_unchanged(
        secret in "[a-m_-]{16,80}",
        text in "([n-z0-9 %&;#\\\\\"{}:,.]|[^\\x00-\\x7f]){0,200}",
    ) {
        prop_assert_eq!(Secrets::new([&*secret]).redact(&text), &*text);
    }
}
