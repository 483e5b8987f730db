//! What `/p3/serviceValidate` says (CAS protocol, appendix A).

use crate::{
    SsoError,
    xml::{self, Element},
};
use std::collections::BTreeMap;

const NAMESPACE: &str = "http://www.yale.edu/tp/cas";

/// What the server says of a ticket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Whose it is.
    Success(Success),
    /// Nobody's; the code of the failure.
    Failure(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Success {
    pub(super) user: String,
    attributes: BTreeMap<String, Vec<String>>,
}

impl Success {
    pub(super) fn values(&self, name: &str) -> &[String] {
        self.attributes.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of an attribute that names somebody, and so has one.
    pub(super) fn one(&self, name: &str) -> Result<String, SsoError> {
        match self.values(name) {
            [value] if !value.is_empty() => Ok(value.clone()),
            [] | [_] => Err(SsoError::NotAllowed(
                "the attribute that names the account or the person is missing",
            )),
            _ => Err(SsoError::NotAllowed(
                "the attribute that names the account or the person has several values",
            )),
        }
    }

    /// Whether each required attribute has one of the values it may have.
    pub(super) fn meets(&self, required: &BTreeMap<String, Vec<String>>) -> bool {
        required
            .iter()
            .all(|(name, wanted)| self.values(name).iter().any(|value| wanted.contains(value)))
    }
}

/// Reads an answer; `Err` says what it is not.
pub(super) fn read(text: &str) -> Result<Answer, &'static str> {
    let root = xml::parse(text)?;
    if !root.is(NAMESPACE, "serviceResponse") {
        return Err("an answer that is not of CAS");
    }
    let [said] = root.children.as_slice() else {
        return Err("an answer with several meanings");
    };
    if said.is(NAMESPACE, "authenticationFailure") {
        return Ok(Answer::Failure(said.attribute("code").unwrap_or_default().to_owned()));
    }
    if !said.is(NAMESPACE, "authenticationSuccess") || said.children.iter().any(speaks_of_success) {
        return Err("an answer with several meanings");
    }
    // A proxy that signs in for somebody: none is configured.
    if said.children.iter().any(|child| child.name == "proxies") {
        return Err("a ticket that came by a proxy");
    }
    let user = said.only(NAMESPACE, "user").filter(|user| user.children.is_empty());
    let user = user.map(|user| user.text.trim()).filter(|user| !user.is_empty());
    Ok(Answer::Success(Success {
        user: user.ok_or("an answer that names not one user")?.to_owned(),
        attributes: attributes(said)?,
    }))
}

fn speaks_of_success(element: &Element) -> bool {
    element.name == "authenticationSuccess" || element.children.iter().any(speaks_of_success)
}

/// Attributes come as elements below `attributes`, once for each value, or as `<attribute name= value=/>`; some servers send both.
fn attributes(success: &Element) -> Result<BTreeMap<String, Vec<String>>, &'static str> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let lists = success.all(NAMESPACE, "attributes").collect::<Vec<_>>();
    if lists.len() > 1 {
        return Err("an answer with two lists of attributes");
    }
    let below = lists.iter().flat_map(|list| &list.children);
    for element in below.chain(success.all(NAMESPACE, "attribute")) {
        if element.namespace != NAMESPACE || !element.children.is_empty() {
            continue;
        }
        match (element.attribute("name"), element.attribute("value")) {
            (Some(name), Some(value)) if element.name == "attribute" => {
                listed.entry(name.to_owned()).or_default().push(value.trim().to_owned());
            }
            _ => {
                let values = found.entry(element.name.clone()).or_default();
                values.push(element.text.trim().to_owned());
            }
        }
    }
    for (name, values) in listed {
        found.entry(name).or_insert(values);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(inner: &str) -> Result<Answer, &'static str> {
        read(&format!(
            "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>{inner}</cas:serviceResponse>"
        ))
    }

    fn success(inner: &str) -> Result<Success, &'static str> {
        match response(&format!(
            "<cas:authenticationSuccess>{inner}</cas:authenticationSuccess>"
        ))? {
            Answer::Success(success) => Ok(success),
            Answer::Failure(_) => Err("failure"),
        }
    }

    #[test]
    fn attributes_are_read_in_both_forms_and_counted_once() {
        let person = success(
            "<cas:user> hanako\n</cas:user><cas:attributes><cas:kind>staff</cas:kind><cas:kind>alumni</cas:kind>\
             <cas:uid>u1</cas:uid><x:uid xmlns:x='urn:x'>u2</x:uid><cas:deep><cas:uid>u3</cas:uid></cas:deep></cas:attributes>\
             <cas:attribute name='kind' value='staff'/><cas:attribute name='mail' value='a@b'/>",
        )
        .unwrap();
        assert_eq!(person.user, "hanako");
        assert_eq!(person.values("kind"), ["staff", "alumni"]);
        assert_eq!(person.values("mail"), ["a@b"]);
        assert_eq!(person.one("uid").unwrap(), "u1");
        assert!(person.one("kind").is_err() && person.one("absent").is_err());
        assert!(person.meets(&BTreeMap::from([("kind".into(), vec!["alumni".into(), "x".into()])])));
        assert!(!person.meets(&BTreeMap::from([("kind".into(), vec!["student".into()])])));
        assert!(!person.meets(&BTreeMap::from([("absent".into(), vec!["student".into()])])));
    }

    #[test]
    fn a_failure_has_its_code() {
        let answer = response("<cas:authenticationFailure code=\"INVALID_TICKET\">unknown</cas:authenticationFailure>");
        assert_eq!(answer, Ok(Answer::Failure("INVALID_TICKET".into())));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let one = "<cas:authenticationSuccess><cas:user>a</cas:user></cas:authenticationSuccess>";
        for inner in [
            "",
            "hanako",
            &format!("{one}{one}"),
            &format!("{one}<cas:authenticationFailure code='X'/>"),
            &one.replace("cas:authentication", "authentication"),
            &one.replace(
                "<cas:authenticationSuccess>",
                "<x:authenticationSuccess xmlns:x='urn:x'>",
            )
            .replace("/cas:auth", "/x:auth"),
            "<cas:user>a</cas:user>",
        ] {
            assert!(response(inner).is_err(), "{inner}");
        }
        for inner in [
            "",
            "<cas:user/>",
            "<cas:user> </cas:user>",
            "<user>a</user>",
            "<cas:user>a</cas:user><cas:user>b</cas:user>",
            "<cas:user>a<cas:b/></cas:user>",
            "<cas:user>a</cas:user><cas:proxies><cas:proxy>https://p</cas:proxy></cas:proxies>",
            "<cas:user>a</cas:user><cas:proxies/>",
            "<cas:user>a</cas:user><cas:attributes/><cas:attributes/>",
            "<cas:user>a</cas:user><cas:attributes><cas:authenticationSuccess><cas:user>b</cas:user></cas:authenticationSuccess></cas:attributes>",
        ] {
            assert!(success(inner).is_err(), "{inner}");
        }
        assert!(
            read("<serviceResponse><authenticationSuccess><user>a</user></authenticationSuccess></serviceResponse>")
                .is_err()
        );
    }
}
