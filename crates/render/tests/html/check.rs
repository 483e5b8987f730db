//! Renders a body and holds it to the lists of the design (`security.md` 4.3), written down here a second time on purpose.

use crate::tokens::{self, Read};
use render::{BodyDocument, BodyOptions, BodyView, BodyWords, Skeleton, body_document, body_document_linking};

const ELEMENTS: &str = "a abbr address article b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em \
    figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section small span \
    strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr";
const ATTRIBUTES: &str = "href title src alt width height align valign bgcolor border cellpadding cellspacing colspan rowspan dir lang color \
    face size start type style target rel";
const PROPERTIES: &str = "background-color border border-collapse border-spacing color direction display font height letter-spacing line-height \
    list-style-type margin max-width min-width max-height min-height padding vertical-align white-space width word-break word-spacing \
    overflow-wrap float opacity";
const PROPERTY_FAMILIES: [&str; 5] = ["border-", "font-", "margin-", "padding-", "text-"];
const FUNCTIONS: &str = "rgb rgba hsl hsla calc min max clamp";

pub const BLOCKED: &str = "image not loaded";
pub const TOO_COMPLEX: &str = "only the text is shown";

/// Where the images of a message are to be had in these tests.
pub const IMAGES: &str = "https://mail.example/image/";

/// A message whose body is this HTML, with whatever parts come along.
pub fn document_with(html: &str, related: &[(&str, &str, &[u8])]) -> BodyDocument {
    body_document(&Skeleton::whole(&message_with(html, related)), &options())
}

/// The same, in which images that do not fit are loaded by themselves.
pub fn document_linking(html: &str, related: &[(&str, &str, &[u8])]) -> BodyDocument {
    let skeleton = Skeleton::whole(&message_with(html, related));
    body_document_linking(&skeleton, &options(), &|part| Some(format!("{IMAGES}{part}?t=1.a&b")))
}

fn message_with(html: &str, related: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut raw =
        "From: a@example.jp\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"=edge=\"\r\n\r\n\
        --=edge=\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            .to_owned();
    let wrapped = |bytes: &[u8]| data_encoding::BASE64_MIME.encode(bytes);
    raw.push_str(&wrapped(html.as_bytes()));
    for (id, content_type, bytes) in related {
        raw.push_str(&format!(
            "\r\n--=edge=\r\nContent-Type: {content_type}\r\nContent-ID: <{id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            wrapped(bytes)
        ));
    }
    raw.push_str("\r\n--=edge=--\r\n");
    raw.into_bytes()
}

fn options() -> BodyOptions {
    let words = BodyWords {
        image_blocked: BLOCKED.to_owned(),
        too_complex: TOO_COMPLEX.to_owned(),
        ..BodyWords::default()
    };
    BodyOptions {
        view: BodyView::Html,
        words,
        ..BodyOptions::default()
    }
}

pub fn document(html: &str) -> BodyDocument {
    document_with(html, &[])
}

/// What stands between the tags of the template.
pub fn body_of(document: &BodyDocument) -> &str {
    let html = &document.html;
    let start = html.find("<body>").expect("template") + "<body>".len();
    let end = html.rfind("</body>").expect("template");
    &html[start..end]
}

/// The body, checked; panics with `what` if it breaks a rule.
pub fn checked(what: &str, document: &BodyDocument) -> Read {
    let body = body_of(document);
    let read = tokens::read(body);
    assert!(
        !body.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')),
        "{what}: control character in {body:?}"
    );
    assert_eq!(read.comments, 0, "{what}: comment in {body}");
    assert!(read.deepest <= 256, "{what}: {} deep", read.deepest);
    for start in &read.starts {
        assert!(contains(ELEMENTS, &start.name), "{what}: <{}> in {body}", start.name);
        for (name, value) in &start.attributes {
            // The one class is the note's, which the template writes.
            if name == "class" {
                assert!(
                    document.fell_back_to_text && value == "fumibako-note",
                    "{what}: class in {body}"
                );
                continue;
            }
            assert!(contains(ATTRIBUTES, name), "{what}: {name}={value} in {body}");
            attribute(what, &start.name, name, value, document.links_images);
        }
    }
    raw_attributes(what, body);
    read
}

fn contains(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|each| each == word)
}

fn attribute(what: &str, element: &str, name: &str, value: &str, links_images: bool) {
    match name {
        "href" => {
            assert_eq!(element, "a", "{what}");
            let url = url::Url::parse(value).unwrap_or_else(|_| panic!("{what}: relative href {value}"));
            assert!(
                ["http", "https", "mailto", "tel"].contains(&url.scheme()),
                "{what}: href {value}"
            );
            assert!(
                url.username().is_empty() && url.password().is_none(),
                "{what}: user information in {value}"
            );
        }
        "src" => {
            assert_eq!(element, "img", "{what}");
            let kinds = ["png", "jpeg", "gif", "webp"];
            assert!(
                kinds
                    .iter()
                    .any(|kind| value.starts_with(&format!("data:image/{kind};base64,")))
                    || (links_images && value.starts_with(IMAGES)),
                "{what}: src {value}"
            );
        }
        "target" => assert_eq!((element, value), ("a", "_blank"), "{what}"),
        "rel" => assert_eq!((element, value), ("a", "noopener noreferrer nofollow"), "{what}"),
        "style" => style(what, value),
        "title" | "alt" => {}
        _ => assert!(
            value.len() <= 200 && !value.contains(['<', '>', '"', '(', ':', '\\']),
            "{what}: {name}={value}"
        ),
    }
}

fn style(what: &str, value: &str) {
    for forbidden in ["\\", "<", ">", "url", "/*", "@", "{", "}"] {
        assert!(
            !value.to_ascii_lowercase().contains(forbidden),
            "{what}: {forbidden} in style {value}"
        );
    }
    for declaration in value
        .split(';')
        .map(str::trim)
        .filter(|declaration| !declaration.is_empty())
    {
        let (property, value) = declaration
            .split_once(':')
            .unwrap_or_else(|| panic!("{what}: {declaration}"));
        let property = property.trim();
        assert!(
            contains(PROPERTIES, property) || PROPERTY_FAMILIES.iter().any(|family| property.starts_with(family)),
            "{what}: property {property}"
        );
        for before in value.split('(').rev().skip(1) {
            let function: String = before
                .chars()
                .rev()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect::<Vec<_>>()
                .iter()
                .rev()
                .collect();
            assert!(
                function.is_empty() || contains(FUNCTIONS, &function),
                "{what}: {function}() in {declaration}"
            );
        }
    }
}

/// `<` and `>` never stand inside an attribute value, so that no parser can end a tag there.
fn raw_attributes(what: &str, body: &str) {
    let (mut in_tag, mut quote) = (false, None);
    for c in body.chars() {
        match (in_tag, quote, c) {
            (false, _, '<') => in_tag = true,
            (true, None, '>') => in_tag = false,
            (true, None, '"') => quote = Some('"'),
            (true, Some('"'), '"') => quote = None,
            (true, Some(_), '<' | '>') => panic!("{what}: {c} inside an attribute in {body}"),
            (true, None, '<') => panic!("{what}: < inside a tag in {body}"),
            _ => {}
        }
    }
    assert!(!in_tag, "{what}: a tag that does not end in {body}");
}
