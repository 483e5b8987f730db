//! The small part of XML that answers of a sign-in need: elements, attributes, text. No document type, no entities of its own, so
//! nothing is fetched and nothing grows.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
};

/// No answer is as deep as this.
const DEPTH: usize = 16;

/// An element with all that is in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The namespace; empty if there is none.
    pub(crate) namespace: String,
    /// The name without its prefix.
    pub(crate) name: String,
    /// Attributes by their names as written.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// All text that is not within a child.
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(named, _)| named == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The children of that name.
    pub(crate) fn all<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    /// The only child of that name.
    pub(crate) fn only<'a>(&'a self, namespace: &'a str, name: &'a str) -> Option<&'a Element> {
        let mut all = self.all(namespace, name);
        all.next().filter(|_| all.next().is_none())
    }
}

/// Reads a document. `Err` says what it is not.
pub(crate) fn parse(text: &str) -> Result<Element, &'static str> {
    const NOT_XML: &str = "no well-formed XML";
    let mut reader = NsReader::from_str(text);
    // The first is not an element: the document is its child.
    let mut open = vec![Element::default()];
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| NOT_XML)?;
        match event {
            Event::Start(start) => {
                let element = element(namespace, &start).ok_or(NOT_XML)?;
                open.push(element);
                if open.len() > DEPTH {
                    return Err("XML too deep");
                }
            }
            Event::Empty(start) => {
                let element = element(namespace, &start).ok_or(NOT_XML)?;
                open.last_mut().ok_or(NOT_XML)?.children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().ok_or(NOT_XML)?;
                open.last_mut().ok_or(NOT_XML)?.children.push(element);
            }
            Event::Text(text) => add(&mut open, &text.decode().map_err(|_| NOT_XML)?).ok_or(NOT_XML)?,
            Event::CData(text) => add(&mut open, &text.decode().map_err(|_| NOT_XML)?).ok_or(NOT_XML)?,
            Event::GeneralRef(reference) => {
                let text = resolve(&reference).ok_or("an entity of its own in XML")?;
                add(&mut open, &text).ok_or(NOT_XML)?;
            }
            Event::DocType(_) => return Err("a document type in XML"),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    let document = open.pop().filter(|_| open.is_empty()).ok_or(NOT_XML)?;
    let mut roots = document.children.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) if document.text.trim().is_empty() => Ok(root),
        _ => Err(NOT_XML),
    }
}

fn add(open: &mut [Element], text: &str) -> Option<()> {
    open.last_mut()?.text.push_str(text);
    Some(())
}

fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok()?.map(String::from);
    }
    resolve_predefined_entity(&reference.decode().ok()?).map(str::to_owned)
}

fn element(namespace: ResolveResult<'_>, start: &BytesStart<'_>) -> Option<Element> {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => text(namespace.as_ref())?,
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        attributes.push((text(attribute.key.as_ref())?, value.into_owned()));
    }
    Some(Element {
        namespace,
        name: text(start.local_name().as_ref())?,
        attributes,
        ..Element::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_namespaces_attributes_and_text() {
        let root = parse("<?xml version=\"1.0\"?>\n<a:r xmlns:a='urn:a' x='1 &amp; 2'>é&lt;&#x3042;<![CDATA[<&]]><b/><a:b>t</a:b></a:r>\n")
            .unwrap();
        assert!(root.is("urn:a", "r"));
        assert_eq!(root.attribute("x"), Some("1 & 2"));
        assert_eq!(root.text, "é<あ<&");
        assert_eq!(root.children.len(), 2);
        assert_eq!(root.only("urn:a", "b").unwrap().text, "t");
        assert_eq!(root.only("", "b").unwrap().text, "");
        assert!(root.only("urn:a", "c").is_none());
    }

    #[test]
    fn what_is_doubled_is_not_the_only_one() {
        let root = parse("<r><a/><a/></r>").unwrap();
        assert_eq!(root.all("", "a").count(), 2);
        assert!(root.only("", "a").is_none());
    }

    #[test]
    fn what_could_grow_or_be_read_in_two_ways_is_refused() {
        for document in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "<x:a/>",
            "<a x='1' x='2'/>",
            "<a>&b;</a>",
            "<a x='&b;'/>",
            "<a>&#0;</a>",
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<a><!DOCTYPE a></a>",
            &format!("{}{}", "<a>".repeat(100), "</a>".repeat(100)),
        ] {
            assert!(parse(document).is_err(), "{document}");
        }
    }
}
