//! Client assertions, checked without the client's certificate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::failure::Failure;

/// Checks the parts of an assertion, and its claims about client and endpoint, but not its signature.
pub(crate) fn check(assertion: &str, client: &str, endpoints: &[String]) -> Result<(), Failure> {
    let malformed = || Failure::new(50_027, "JWT token is invalid or malformed.");
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(malformed());
    };
    let header = decode(header).ok_or_else(malformed)?;
    let claims = decode(claims).ok_or_else(malformed)?;
    let signed = URL_SAFE_NO_PAD.decode(signature).is_ok_and(|signature| !signature.is_empty());
    if !signed || header.get("alg").and_then(Value::as_str).is_none() {
        return Err(malformed());
    }
    let claim = |name| claims.get(name).and_then(Value::as_str);
    if claim("iss") != Some(client) || claim("sub") != Some(client) {
        return Err(Failure::new(
            700_021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        ));
    }
    if !claim("aud").is_some_and(|audience| endpoints.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(audience))) {
        return Err(Failure::new(700_023, "Client assertion audience claim does not match Realm issuer."));
    }
    Ok(())
}

fn decode(part: &str) -> Option<Value> {
    let json: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
    json.is_object().then_some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(header: &str, claims: &str, signature: &str) -> Option<String> {
        let assertion = [header, claims, signature].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        check(&assertion, "app", &["http://h/t/oauth2/v2.0/token".to_owned()])
            .err()
            .map(|failure| failure.description())
    }

    #[test]
    fn checks_parts_and_claims() {
        let header = r#"{"alg":"PS256"}"#;
        let claims = r#"{"iss":"app","sub":"app","aud":"http://h/t/oauth2/v2.0/token"}"#;
        assert_eq!(outcome(header, claims, "signature"), None);
        for (header, claims, signature, code) in [
            (header, claims, "", "AADSTS50027"),
            ("{}", claims, "s", "AADSTS50027"),
            (header, "[]", "s", "AADSTS50027"),
            (header, r#"{"iss":"app","sub":"other","aud":"http://h/t/oauth2/v2.0/token"}"#, "s", "AADSTS700021"),
            (header, r#"{"iss":"app","sub":"app","aud":"http://h/t"}"#, "s", "AADSTS700023"),
        ] {
            assert!(outcome(header, claims, signature).unwrap().starts_with(code), "{claims}");
        }
        for text in ["", "a.b", "a.b.c.d", "!.!.!"] {
            assert!(check(text, "app", &[]).is_err(), "{text}");
        }
    }
}
