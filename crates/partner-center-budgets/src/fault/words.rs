//! Code and description of a refusal, whichever server wrote it.

use secret_redaction::unescape_html;
use serde_json::Value;

const CODES: [&str; 3] = ["code", "errorCode", "error_code"];
const DESCRIPTIONS: [&str; 4] = ["description", "errorDescription", "error_description", "message"];
/// How deep faults may be nested.
const DEPTH: usize = 4;

/// Code and description of a body: JSON in the shapes of the service, its gateway, other services of Microsoft and
/// `application/problem+json`; XML; the text of an HTML page; plain text.
pub(crate) fn words(text: &str) -> (Option<String>, Option<String>) {
    match serde_json::from_str::<Value>(text) {
        Ok(json) => from_json(&json, DEPTH),
        Err(_) => from_text(text),
    }
}

/// The first of some members that is there and not null, in any case of letters.
fn member<'a>(body: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let members = body.as_object()?;
    let find = |name: &&str| {
        members.get(*name).or_else(|| members.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1))
    };
    names.iter().filter_map(find).find(|value| !value.is_null())
}

/// Whatever else a body holds, and of whatever type, must not hide its code and description.
fn from_json(body: &Value, depth: usize) -> (Option<String>, Option<String>) {
    let Some(depth) = depth.checked_sub(1) else { return (None, None) };
    match body {
        Value::String(text) => return from_text(text),
        Value::Array(faults) => {
            let (codes, texts): (Vec<_>, Vec<_>) = faults.iter().take(8).map(|fault| from_json(fault, depth)).unzip();
            return (codes.into_iter().flatten().next(), joined(texts.into_iter().flatten(), "; "));
        }
        _ => {}
    }
    if let Some(inner @ (Value::Object(_) | Value::Array(_))) = member(body, &["error"]) {
        return from_json(inner, depth);
    }
    let code = match member(body, &CODES) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let text =
        |names: &[&str]| member(body, names).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    // A problem of RFC 9457, whose errors are a list of faults, or lists of texts by field.
    let errors = || member(body, &["errors"]).and_then(|errors| from_errors(errors, depth));
    let problem = || joined([text(&["title"]), text(&["detail"]), errors()].into_iter().flatten(), ": ");
    let description = text(&DESCRIPTIONS).or_else(problem).or_else(|| text(&["error"]));
    (code, description)
}

fn from_errors(errors: &Value, depth: usize) -> Option<String> {
    match errors {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                from_json(value, depth).1.map(|text| if name.is_empty() { text } else { format!("{name}: {text}") })
            };
            joined(fields.iter().take(8).filter_map(field), "; ")
        }
        errors => from_json(errors, depth).1,
    }
}

fn joined(texts: impl IntoIterator<Item = String>, between: &str) -> Option<String> {
    let texts: Vec<_> = texts.into_iter().collect();
    let texts: Vec<_> =
        texts.iter().map(|text| if between == " " { text } else { text.trim_end_matches('.') }).collect();
    (!texts.is_empty()).then(|| texts.join(between))
}

/// Plain text, such as `Authentication failed. MFA required. (10001)`, or the text of a page. A text that begins like JSON
/// was cut, and says nothing by itself.
fn from_text(body: &str) -> (Option<String>, Option<String>) {
    let text = body.trim_start_matches('\u{feff}').trim();
    if text.starts_with(['{', '[']) {
        return (None, None);
    }
    if text.starts_with('<') {
        return from_markup(text);
    }
    let code = text.ends_with("(10001)").then(|| "10001".to_owned());
    (code, Some(text.to_owned()))
}

/// A page of HTML or a fault in XML: its code and description where elements have these names, else all its text.
fn from_markup(markup: &str) -> (Option<String>, Option<String>) {
    let (mut code, mut description) = (None, None);
    let mut all: Vec<String> = Vec::new();
    let mut element = String::new();
    let mut rest = markup;
    while !rest.is_empty() {
        let (text, behind) = rest.split_once('<').unwrap_or((rest, ""));
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
        let end = if behind.starts_with("!--") { "-->" } else { ">" };
        let (tag, next) = behind.split_once(end).unwrap_or((behind, ""));
        let name = tag.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default();
        element = name.rsplit(':').next().unwrap_or_default().to_owned();
        rest = match ["script", "style"].into_iter().find(|skipped| element.eq_ignore_ascii_case(skipped)) {
            Some(skipped) => next.find(&format!("</{skipped}")).map_or("", |end| &next[end..]),
            None => next,
        };
    }
    (code, description.or_else(|| joined(all, " ")))
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
            let found = words(body);
            assert_eq!((found.0.as_deref(), found.1.as_deref()), (code, description), "{body}");
        }
    }
}
