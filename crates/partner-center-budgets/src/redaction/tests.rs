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
fn takes_out_a_token_in_all_its_encodings() {
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
fn takes_out_a_client_secret_of_http_basic() {
    let secret = "abc8Q~de.fgh~ijkl~mnop~qrst~uvwx";
    let form = String::from_utf8(oauth_form(secret.as_bytes())).unwrap();
    let header = BASE64.encode(format!("some-app:{form}"));
    let shown = Secrets::new([secret]).redact(&header).into_owned();
    assert!(shown.contains(REDACTED) && shown.len() < 32, "{shown}");
}

#[test]
fn short_words_stay_and_short_secrets_go() {
    let text = "The sandbox was told to refuse this call.";
    assert_eq!(Secrets::new(["sandbox"]).redact(text), text);
    assert_eq!(Secrets::new(["hunter2-x"]).redact("a Hunter2%2Dx b"), "a [redacted] b");
}

#[test]
fn a_long_body_of_escape_sequences_stays() {
    // Each byte begins an escape sequence, so that all views are made.
    let text = "%25&#38;\\u0025".repeat(64 * 1024 / 14);
    assert_eq!(Secrets::new([TOKEN]).redact(&text), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_run_of_a_secret_survives(
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
        for run in letters.windows(16) {
            let run: String = run.iter().collect();
            for encode in ENCODINGS {
                prop_assert!(!shown.contains(&encode(&run)), "{} of {}", run, shown);
            }
        }
    }

    #[test]
    fn no_run_survives_in_base64(
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
    fn text_without_a_secret_stays(
        secret in "[a-m_-]{16,80}",
        text in "([n-z0-9 %&;#\\\\\"{}:,.]|[^\\x00-\\x7f]){0,200}",
    ) {
        prop_assert_eq!(Secrets::new([&*secret]).redact(&text), &*text);
    }
}
