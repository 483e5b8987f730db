//! Courier's keywords: `courierimapkeywords/:list` has the names, one on a line, a blank line, and then `base name:n n …` with the
//! places of the names. What changed since lies beside it, a file for each message, named by it or `.N.` and its name, with one
//! keyword on a line.

use std::collections::HashMap;

use super::filename;

/// The directory, beside `cur` and `new`.
pub(super) const DIRECTORY: &[u8] = b"courierimapkeywords";
/// The list in it.
pub(super) const LIST: &[u8] = b":list";

/// Keywords by base name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Courier(HashMap<Vec<u8>, Vec<String>>);

impl Courier {
    /// Understands what it can of the list; the count tells how many lines it could not.
    pub(crate) fn parse(list: &[u8]) -> (Self, usize) {
        let mut lines = list.split(|b| *b == b'\n');
        let names: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).map(shown).collect();
        let mut found = HashMap::new();
        let mut bad = 0;
        for line in lines.filter(|line| !line.is_empty()) {
            match entry(line, &names) {
                Some((base, keywords)) => _ = found.insert(base.to_vec(), keywords),
                None => bad += 1,
            }
        }
        (Self(found), bad)
    }

    /// Which message a file beside the list is about, and how new it is: without a number it is the newest.
    pub(crate) fn update(name: &[u8]) -> Option<(&[u8], u64)> {
        match name.strip_prefix(b".") {
            None => (name != LIST).then_some((name, u64::MAX)),
            Some(numbered) => {
                let dot = numbered.iter().position(|b| *b == b'.')?;
                Some((numbered.get(dot + 1..)?, filename::number(numbered.get(..dot)?)?))
            }
        }
    }

    /// Takes what such a file holds in place of what the list said.
    pub(crate) fn replace(&mut self, base: &[u8], text: &[u8]) {
        let keywords = text.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        self.0.insert(base.to_vec(), keywords.map(shown).collect());
    }

    /// The keywords of a message.
    pub(crate) fn of(&self, base: &[u8]) -> &[String] {
        self.0.get(base).map(Vec::as_slice).unwrap_or_default()
    }
}

fn entry<'a>(line: &'a [u8], names: &[String]) -> Option<(&'a [u8], Vec<String>)> {
    let colon = line.iter().rposition(|b| *b == b':')?;
    let (base, rest) = line.split_at_checked(colon)?;
    let places = rest.get(1..)?.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let keywords = places.map(|place| names.get(usize::try_from(filename::number(place)?).ok()?).cloned());
    Some((base, keywords.collect::<Option<_>>()?)).filter(|(base, _)| !base.is_empty())
}

fn shown(name: &[u8]) -> String {
    crate::names::printable(&String::from_utf8_lossy(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_and_what_changed_since() {
        let (mut keywords, bad) = Courier::parse("work\n大事\n\n1700.a:0 1\n1701.b:1\nwhat\n1702.c:9\n".as_bytes());
        assert_eq!(bad, 2);
        assert_eq!(keywords.of(b"1700.a"), ["work", "大事"]);
        keywords.replace(b"1701.b", b"home\n\n");
        assert_eq!(keywords.of(b"1701.b"), ["home"]);
        assert!(keywords.of(b"1702.c").is_empty());
        assert_eq!(Courier::parse(b"").0, Courier::default());
    }

    #[test]
    fn files_beside_the_list_say_what_they_are_about() {
        assert_eq!(Courier::update(b"1700.M1.host"), Some((&b"1700.M1.host"[..], u64::MAX)));
        assert_eq!(Courier::update(b".12.1700.M1.host"), Some((&b"1700.M1.host"[..], 12)));
        for other in [&b":list"[..], b".tmp", b".x.1700"] {
            assert_eq!(Courier::update(other), None);
        }
    }
}
