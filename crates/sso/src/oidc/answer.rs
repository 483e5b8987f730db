//! What the browser brings back from the provider.

use super::{Known, Transaction, settings::Checked};
use crate::SsoError;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

/// Takes the code out of the query of the callback.
pub(super) fn code(
    query: &str,
    transaction: &Transaction,
    settings: &Checked,
    known: &Known,
) -> Result<String, SsoError> {
    let state = parameter(query, "state")?.unwrap_or_default();
    let is_ours: bool = state.as_bytes().ct_eq(transaction.state().as_bytes()).into();
    if !is_ours {
        return Err(SsoError::Invalid("another state"));
    }
    // RFC 9207 §2.4, for errors too: another provider must not answer in the place of the one that was asked.
    match parameter(query, "iss")? {
        Some(issuer) if issuer != settings.issuer.as_str() => {
            return Err(SsoError::Invalid("the answer of another issuer"));
        }
        None if known.announces_issuer => return Err(SsoError::Invalid("an answer without its issuer")),
        _ => {}
    }
    if let Some(error) = parameter(query, "error")? {
        return Err(refusal(&error));
    }
    parameter(query, "code")?
        .filter(|code| !code.is_empty())
        .ok_or(SsoError::Invalid("an answer without a code"))
}

/// RFC 6749 §3.1: no parameter may be there twice, for two readers could take two values.
fn parameter(query: &str, name: &str) -> Result<Option<String>, SsoError> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        _ => Err(SsoError::Invalid("a parameter twice")),
    }
}

/// RFC 6749 §4.1.2.1. The code comes through the browser, so it is looked at before it is written anywhere.
fn refusal(error: &str) -> SsoError {
    let is_code =
        (1..=64).contains(&error.len()) && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let code = if is_code { error } else { "an error without a name" };
    match code {
        "server_error" | "temporarily_unavailable" => SsoError::Unavailable(format!("it says {code}")),
        code => SsoError::Denied(code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_there_once_or_not_at_all() {
        assert_eq!(parameter("a=1&b=%20+&c", "b").unwrap().as_deref(), Some("  "));
        assert_eq!(parameter("a=1&b=2&c", "c").unwrap().as_deref(), Some(""));
        assert_eq!(parameter("", "a").unwrap(), None);
        for twice in ["a=1&a=1", "a=1&b=&%61=2", "a&a"] {
            assert!(matches!(parameter(twice, "a"), Err(SsoError::Invalid(_))), "{twice}");
        }
    }

    #[test]
    fn what_the_browser_says_went_wrong_cannot_write_into_the_log() {
        assert!(matches!(refusal("access_denied"), SsoError::Denied(code) if code == "access_denied"));
        assert!(matches!(refusal("server_error"), SsoError::Unavailable(_)));
        for odd in ["", "a b", "a\nb", "<b>", &"a".repeat(65)] {
            assert!(
                matches!(refusal(odd), SsoError::Denied(code) if code == "an error without a name"),
                "{odd}"
            );
        }
    }
}
