//! The code and the description in the body of a refusal, whichever server wrote it.

use secret_redaction::unescape_html;
use serde_json::Value;

const CODES: [&str; 3] = ["code", "errorCode", "error_code"];
const DESCRIPTIONS: [&str; 4] = ["description", "errorDescription", "error_description", "message"];
/// The maximum nesting of faults.
const MAX_DEPTH: usize = 4;
/// The maximum number of faults in a list.
const MAX_FAULTS: usize = 8;

/// The code and the description in the body of a refusal.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FaultText {
    pub(crate) code: Option<String>,
    pub(crate) description: Option<String>,
}

impl FaultText {
    /// Parses JSON (of the service, its gateway, other services of Microsoft, or `application/problem+json`), XML, HTML and
    /// plain text.
    pub(crate) fn parse(body: &str) -> Self {
        match serde_json::from_str::<Value>(body) {
            Ok(json) => Self::from_json(&json, MAX_DEPTH),
            Err(_) => Self::from_text(body),
        }
    }

    /// Other members, whatever their type, must not hide the code and the description.
    fn from_json(body: &Value, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::default() };
        match body {
            Value::String(text) => return Self::from_text(text),
            Value::Array(faults) => {
                let faults = faults.iter().take(MAX_FAULTS).map(|fault| Self::from_json(fault, depth));
                let (codes, texts): (Vec<_>, Vec<_>) = faults.map(|fault| (fault.code, fault.description)).unzip();
                return Self {
                    code: codes.into_iter().flatten().next(),
                    description: joined(texts.into_iter().flatten(), "; "),
                };
            }
            _ => {}
        }
        if let Some(inner @ (Value::Object(_) | Value::Array(_))) = member(body, &["error"]) {
            return Self::from_json(inner, depth);
        }
        let code = match member(body, &CODES) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let text = |names: &[&str]| Some(member(body, names)?.as_str().filter(|it| !it.is_empty())?.to_owned());
        // RFC 9457. Its extension `errors` is a list of faults, or lists of texts by field.
        let errors = || errors_text(member(body, &["errors"])?, depth);
        let problem = || joined([text(&["title"]), text(&["detail"]), errors()].into_iter().flatten(), ": ");
        let description = text(&DESCRIPTIONS).or_else(problem).or_else(|| text(&["error"]));
        Self { code, description }
    }

    /// Parses plain text, such as `Authentication failed. MFA required. (10001)`, or markup. Truncated JSON yields nothing.
    fn from_text(body: &str) -> Self {
        let text = body.trim_start_matches('\u{feff}').trim();
        if text.starts_with(['{', '[']) {
            return Self::default();
        }
        if text.starts_with('<') {
            return Self::from_markup(text);
        }
        let code = text.ends_with("(10001)").then(|| "10001".to_owned());
        Self { code, description: Some(text.to_owned()) }
    }

    /// Takes code and description from elements with these names. Without such a description, it is all the text.
    fn from_markup(markup: &str) -> Self {
        let (mut code, mut description) = (None, None);
        let mut all: Vec<String> = Vec::new();
        let mut element = String::new();
        let mut rest = markup;
        while !rest.is_empty() {
            let (text, tag_and_rest) = rest.split_once('<').unwrap_or((rest, ""));
            let text = unescape_html(text.trim()).into_owned();
            if !text.is_empty() {
                let is = |names: &[&str]| names.iter().any(|name| element.eq_ignore_ascii_case(name));
                if is(&CODES) {
                    code.get_or_insert_with(|| text.clone());
                } else if is(&DESCRIPTIONS) || is(&["detail", "faultstring"]) {
                    description.get_or_insert_with(|| text.clone());
                }
                // A page repeats its title as its heading.
                if all.last() != Some(&text) {
                    all.push(text);
                }
            }
            let end = if tag_and_rest.starts_with("!--") { "-->" } else { ">" };
            let (tag, after_tag) = tag_and_rest.split_once(end).unwrap_or((tag_and_rest, ""));
            let name = tag.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default();
            element = name.rsplit(':').next().unwrap_or_default().to_owned();
            rest = match ["script", "style"].into_iter().find(|skipped| element.eq_ignore_ascii_case(skipped)) {
                Some(skipped) => after_tag.find(&format!("</{skipped}")).map_or("", |end| &after_tag[end..]),
                None => after_tag,
            };
        }
        Self { code, description: description.or_else(|| joined(all, " ")) }
    }
}

/// The first of these members that is present and not null. Names match in any case.
fn member<'a>(body: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let members = body.as_object()?;
    let find = |name: &&str| {
        members.get(*name).or_else(|| members.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1))
    };
    names.iter().filter_map(find).find(|value| !value.is_null())
}

fn errors_text(errors: &Value, depth: usize) -> Option<String> {
    let text = |value| FaultText::from_json(value, depth).description;
    let Value::Object(fields) = errors else { return text(errors) };
    let fields = fields.iter().take(MAX_FAULTS).filter_map(|(name, value)| Some((name, text(value)?)));
    joined(fields.map(|(name, text)| if name.is_empty() { text } else { format!("{name}: {text}") }), "; ")
}

/// Joins texts. Before punctuation, a text loses its full stops.
fn joined(texts: impl IntoIterator<Item = String>, separator: &str) -> Option<String> {
    let trimmed = |text: String| if separator == " " { text } else { text.trim_end_matches('.').to_owned() };
    let texts: Vec<_> = texts.into_iter().map(trimmed).collect();
    (!texts.is_empty()).then(|| texts.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_code_and_description_in_all_shapes() {
        for (body, code, description) in [
            (r#"{"code":2000,"description":"bad"}"#, Some("2000"), Some("bad")),
            (r#"[{"code":"1","description":"one"},{"message":"two"}]"#, Some("1"), Some("one; two")),
            (r#"{"errorCode":"60003","errorDescription":"gone"}"#, Some("60003"), Some("gone")),
            (r#"{"ErrorCode":7,"ErrorDescription":"gone"}"#, Some("7"), Some("gone")),
            (
                r#"{"type":"about:blank","title":"Bad input","status":400,"detail":"no amount"}"#,
                None,
                Some("Bad input: no amount"),
            ),
            (
                r#"{"title":"Bad input","errors":{"amount":["must be positive","x"]}}"#,
                None,
                Some("Bad input: amount: must be positive; x"),
            ),
            (r#"{"errors":[{"code":"9","message":"nine"}]}"#, None, Some("nine")),
            (
                r#"{"error":{"code":"InvalidAuthenticationToken","message":"expired"}}"#,
                Some("InvalidAuthenticationToken"),
                Some("expired"),
            ),
            (r#"{"error":"maintenance"}"#, None, Some("maintenance")),
            ("<Error><Code>Busy</Code><Message>come &amp; wait</Message></Error>", Some("Busy"), Some("come & wait")),
            (
                "<?xml version=\"1.0\"?><m:error xmlns:m=\"x\"><m:code/><m:message xml:lang=\"en\">no</m:message></m:error>",
                None,
                Some("no"),
            ),
            (
                "<html><head><title>502 Bad Gateway</title><style>p{}</style></head><body><h1>502 Bad Gateway</h1><!-- a > b --><p>proxy&#32;7</p></body></html>",
                None,
                Some("502 Bad Gateway proxy 7"),
            ),
            ("{\"code\":", None, None),
        ] {
            let found = FaultText::parse(body);
            assert_eq!((found.code.as_deref(), found.description.as_deref()), (code, description), "{body}");
        }
    }
}
