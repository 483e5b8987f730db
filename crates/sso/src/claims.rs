//! What a provider says of a person, and how a value is taken from it: one, or none.

use crate::{SsoError, identity::decoration};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Claims whose origin has been checked.
#[derive(Clone, Default)]
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    pub(crate) fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// Takes what is not known yet from `other`; what is known stays.
    pub(crate) fn complete(&mut self, other: Map<String, Value>) {
        for (name, value) in other {
            self.0.entry(name).or_insert(value);
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// The one value of the claim that names the account: a list of one is one, anything else than text is none.
    pub(crate) fn account(&self, name: &str) -> Result<String, SsoError> {
        let value = match self.0.get(name) {
            Some(Value::Array(values)) => match values.as_slice() {
                [value] => Some(value),
                [] => None,
                _ => {
                    return Err(SsoError::NotAllowed(
                        "the claim that names the account has several values",
                    ));
                }
            },
            value => value,
        };
        match value {
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(SsoError::NotAllowed("the claim that names the account is missing")),
        }
    }

    /// The one value of a claim that is a number, which providers write as one or as text.
    pub(crate) fn number(&self, name: &str) -> Result<String, SsoError> {
        match self.0.get(name) {
            Some(Value::Number(number)) => Ok(number.to_string()),
            _ => self.account(name),
        }
    }

    /// A value for show.
    pub(crate) fn decoration(&self, name: &str) -> Option<String> {
        self.text(name).and_then(decoration)
    }

    /// A value that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether each required claim has one of the values it may have.
    pub(crate) fn meet(&self, required: &BTreeMap<String, Vec<String>>) -> bool {
        required.iter().all(|(name, wanted)| match self.0.get(name) {
            Some(Value::Array(values)) => values.iter().any(|value| is_among(value, wanted)),
            Some(value) => is_among(value, wanted),
            None => false,
        })
    }
}

/// `true` and `1` are compared as they are written.
fn is_among(value: &Value, wanted: &[String]) -> bool {
    match value {
        Value::String(text) => wanted.contains(text),
        Value::Bool(_) | Value::Number(_) => wanted.contains(&value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        Claims::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn the_account_is_one_text_or_nothing() {
        for (value, account) in [
            (json!("hanako"), Some("hanako")),
            (json!(["hanako"]), Some("hanako")),
            (json!(["hanako", "taro"]), None),
            (json!(["hanako", "hanako"]), None),
            (json!([]), None),
            (json!(""), None),
            (json!(null), None),
            (json!(12345), None),
            (json!({"a": "hanako"}), None),
            (json!([["hanako"]]), None),
        ] {
            let found = claims(json!({"login": value.clone()})).account("login");
            assert_eq!(found.ok().as_deref(), account, "{value}");
        }
        assert!(claims(json!({})).account("login").is_err());
    }

    #[test]
    fn a_required_claim_has_one_of_its_values_alone_or_in_a_list() {
        let required = |name: &str, values: &[&str]| {
            BTreeMap::from([(name.to_owned(), values.iter().map(|v| (*v).to_owned()).collect())])
        };
        let person =
            claims(json!({"groups": ["alumni", "student"], "kind": "staff", "checked": true, "x": {"y": "staff"}}));
        assert!(person.meet(&BTreeMap::new()));
        assert!(person.meet(&required("groups", &["student", "staff"])));
        assert!(person.meet(&required("kind", &["staff"])));
        assert!(person.meet(&required("checked", &["true"])));
        assert!(!person.meet(&required("groups", &["staff"])));
        assert!(!person.meet(&required("kind", &["Staff", "staf"])));
        assert!(!person.meet(&required("x", &["staff"])));
        assert!(!person.meet(&required("absent", &["staff"])));
        let mut both = required("kind", &["staff"]);
        both.extend(required("absent", &["a"]));
        assert!(!person.meet(&both), "all of them, not one");
    }

    #[test]
    fn what_is_known_first_stays() {
        let mut token = claims(json!({"sub": "1", "kind": "guest"}));
        token.complete(claims(json!({"kind": "staff", "mail": "a@b"})).0);
        assert_eq!(token.text("kind"), Some("guest"));
        assert_eq!(token.text("mail"), Some("a@b"));
    }
}
