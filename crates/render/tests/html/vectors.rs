//! The vectors of the design (`security.md` 13), classes A to H, M and R, each held to the lists, to stability, and to its own line.

use crate::check::{self, body_of, checked, document, document_linking, document_with};
use std::fmt::Write as _;

/// A vector: its number, the body, what must not be in the output, what must.
type Vector = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const VECTORS: &[Vector] = &[
    // A. Mutation and namespace confusion
    (
        "V-01",
        r#"<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x()&gt;">"#,
        &["<math", "onerror=x()>"],
        &[],
    ),
    (
        "V-02",
        r#"<svg></p><style><a id="</style><img src=1 onerror=x()>">"#,
        &["<svg", "<style", "onerror"],
        &[],
    ),
    (
        "V-03",
        r#"<svg><iframe><a title="</iframe><img src onerror=x()>">test"#,
        &["<svg", "<iframe", "onerror"],
        &[],
    ),
    (
        "V-04",
        r#"<noscript><p title="</noscript><img src=x onerror=x()>">"#,
        &["<noscript", "onerror"],
        &[],
    ),
    (
        "V-05",
        r#"<math><annotation-xml encoding="text/html"><p><style><p title="</style><img src onerror=x()>">"#,
        &["<math", "<style"],
        &[],
    ),
    (
        "V-06",
        "<select><style></select><img src onerror=x()></style>",
        &["<select", "<style"],
        &[],
    ),
    (
        "A-table",
        "<table><tr><td><svg><desc><b><p></table><style><img src=x onerror=x()>",
        &["<svg", "<img"],
        &[],
    ),
    (
        "A-title",
        r#"<title><a title="</title><img src=x onerror=x()>">"#,
        &["<title", "onerror"],
        &[],
    ),
    (
        "A-textarea",
        r#"<textarea><a title="</textarea><img src=x onerror=x()>">"#,
        &["<textarea"],
        &[],
    ),
    (
        "A-xmp",
        r#"<xmp><p title="</xmp><img src=x onerror=x()>">t"#,
        &["<xmp"],
        &[],
    ),
    (
        "A-comment",
        "<!--><img src=x onerror=x()>--><p>t</p>",
        &["<!--"],
        &["t"],
    ),
    (
        "A-template",
        "<template><img src=x onerror=x()></template><p>t</p>",
        &["<template"],
        &["t"],
    ),
    (
        "A-plaintext",
        "<p>t</p><plaintext><img src=x onerror=x()>",
        &["<plaintext", "<img"],
        &["t"],
    ),
    (
        "A-cdata",
        "<svg><![CDATA[<p>]]><img src=x onerror=x()></svg>t",
        &["<svg", "CDATA["],
        &[],
    ),
    // B. Script and handlers
    ("V-09", "<p>t</p><script>x()</script>", &["script", "x()"], &["t"]),
    ("V-10", "<img src=x onerror=x()>", &["onerror", "src="], &[]),
    ("V-11", "<svg onload=x()>", &["<svg", "onload"], &[]),
    ("V-12", "<body onload=x()>t", &["onload"], &["t"]),
    (
        "V-13",
        "<details ontoggle=x() open>t</details>",
        &["ontoggle", " open"],
        &["<details>", "t"],
    ),
    ("V-14", r#"<IMG """><SCRIPT>x()</SCRIPT>">"#, &["<script", "x()"], &[]),
    (
        "V-15",
        r#"<a href="https://ok.example" title="</p><img src=x onerror=x()>">t</a>"#,
        &["<img"],
        &["title=\"&lt;/p&gt;"],
    ),
    ("B-slash", "<img/src=x/onerror=x()>", &["onerror"], &[]),
    (
        "B-data",
        "<p data-x=1 aria-label=2 id=a name=b class=c for=d headers=e accesskey=f tabindex=1 contenteditable>t</p>",
        &[
            "data-",
            "aria-",
            " id",
            " name",
            " class",
            " for",
            "headers",
            "accesskey",
            "tabindex",
            "contenteditable",
        ],
        &["<p>t</p>"],
    ),
    // C. SVG
    (
        "V-16",
        r#"<svg><a xlink:href="javascript:x()"><text>t</text></a></svg>"#,
        &["<svg", "javascript"],
        &[],
    ),
    (
        "V-17",
        "<svg><animate xlink:href=#k attributeName=href values=javascript:x() /><a id=k><text>t</text></a></svg>",
        &["<svg", "animate"],
        &[],
    ),
    (
        "V-18",
        "<svg><set attributeName=onmouseover to=x() /></svg>",
        &["<set"],
        &[],
    ),
    ("V-19", "<svg><script>x()</script></svg>", &["script"], &[]),
    (
        "V-20",
        "<svg><foreignObject><img src=x onerror=x()></foreignObject></svg>",
        &["foreign"],
        &[],
    ),
    (
        "V-21",
        r#"<svg><filter><feImage href="https://t.example/f"/></filter></svg>"#,
        &["t.example"],
        &[],
    ),
    (
        "V-22",
        r#"<svg><rect fill="url(https://t.example/a"/></svg>"#,
        &["t.example"],
        &[],
    ),
    (
        "V-23",
        r#"<svg><animate attributeName=mask values="url(https://t.example)"/></svg>"#,
        &["t.example"],
        &[],
    ),
    // D. MathML
    (
        "V-24",
        r#"<math href="javascript:x()">t</math>"#,
        &["<math", "javascript"],
        &[],
    ),
    (
        "V-25",
        "<math><mstyle href=javascript:x()>t</mstyle></math>",
        &["<math", "javascript"],
        &[],
    ),
    // E. Links
    (
        "V-26",
        r#"<a href="javascript:x()">t</a>"#,
        &["href", "javascript"],
        &["t"],
    ),
    (
        "V-27",
        "<a href=\" java\tscript:x()\">t</a>",
        &["href", "script:"],
        &["t"],
    ),
    ("V-28", r#"<a href="&#x6A;avascript:x()">t</a>"#, &["href"], &["t"]),
    ("V-29", r#"<a href="vbscript:x()">t</a>"#, &["href"], &["t"]),
    (
        "V-30",
        r#"<a href="data:text/html,<script>x()</script>">t</a>"#,
        &["href", "script"],
        &["t"],
    ),
    ("V-31", "<area href=javascript:x()>", &["<area"], &[]),
    ("V-32", r#"<a href="relative.html">t</a>"#, &["href"], &["t"]),
    (
        "V-33",
        "<form action=javascript:x()><input></form>",
        &["<form", "<input"],
        &[],
    ),
    (
        "E-slashes",
        r#"<a href="//t.example/">t</a><a href="/x">u</a><a href="?q">v</a><a href="\\t.example">w</a>"#,
        &["href", "t.example"],
        &["t", "u", "v", "w"],
    ),
    (
        "E-blob",
        r#"<a href="blob:https://t.example/x">t</a><a href="file:///etc/passwd">u</a><a href="cid:x">v</a><a href="about:blank">w</a>"#,
        &["href"],
        &["t", "u", "v", "w"],
    ),
    (
        "E-user",
        r#"<a href="https://bank.example:x@t.example/p">t</a>"#,
        &["bank.example"],
        &["href=\"https://t.example/p\""],
    ),
    (
        "E-good",
        r#"<a href="https://ok.example/a?b=1&amp;c=2" target=_top rel=opener>t</a><a href="mailto:a@ok.example">m</a><a href="tel:+81312345678">p</a>"#,
        &["_top", "\"opener\""],
        &[
            "https://ok.example/a?b=1&amp;c=2",
            "mailto:a@ok.example",
            "tel:+81312345678",
            "target=\"_blank\"",
            "noopener noreferrer nofollow",
        ],
    ),
    (
        "E-ping",
        r#"<a href="https://ok.example" ping="https://t.example">t</a>"#,
        &["ping", "t.example"],
        &["t"],
    ),
    // F. CSS
    (
        "V-34",
        r#"<p style="color:red;background:url(https://t.example/a)">t</p>"#,
        &["t.example", "url"],
        &["color:red"],
    ),
    (
        "V-35",
        r#"<p style="background:\75rl(//t.example/a)">t</p>"#,
        &["t.example", "style"],
        &["t"],
    ),
    (
        "V-36",
        r#"<p style="background-image:image-set('//t.example/a' 1x)">t</p>"#,
        &["t.example", "style"],
        &["t"],
    ),
    (
        "V-37",
        r#"<p style="background:var(--x,url(//t.example/a))">t</p>"#,
        &["t.example", "style"],
        &["t"],
    ),
    (
        "V-38",
        r#"<p style="background:cross-fade(url(//t.example/a),url(//t.example/b),50%)">t</p>"#,
        &["t.example", "style"],
        &["t"],
    ),
    (
        "V-39",
        "<style>@import url(https://t.example/a.css);</style><p>t</p>",
        &["t.example", "import"],
        &["t"],
    ),
    (
        "V-40",
        "<style>p{color:red}</style><p>t</p>",
        &["color:red"],
        &["<p>t</p>"],
    ),
    (
        "V-41",
        r#"<style>a[href^="x"]{background:url(//t.example/x)}</style>"#,
        &["t.example"],
        &[],
    ),
    (
        "V-42",
        r#"<div style="position:fixed;top:0;left:0;width:100%;height:100%">t</div>"#,
        &["position", "fixed", "top", "left"],
        &["t"],
    ),
    (
        "V-43",
        r#"<div style="position : fixed !important">t</div>"#,
        &["position"],
        &["t"],
    ),
    (
        "V-44",
        r#"<p style="width:expression(x())">t</p>"#,
        &["expression", "style"],
        &["t"],
    ),
    (
        "V-45",
        r#"<p style="-moz-binding:url(//t.example/x);behavior:url(#default)">t</p>"#,
        &["binding", "behavior", "t.example"],
        &["t"],
    ),
    (
        "V-46",
        r#"<p style="content: '</style><img src=x onerror=x()>'">t</p>"#,
        &["content", "onerror"],
        &["t"],
    ),
    (
        "F-escape",
        r#"<p style="c\6flor:red;background-color:\72 gb(1,2,3)">t</p>"#,
        &["\\", "style"],
        &["t"],
    ),
    (
        "F-comment",
        r#"<p style="back/**/ground:url(//t.example);width:exp/**/ression(x())">t</p>"#,
        &["t.example", "ression"],
        &["t"],
    ),
    (
        "F-font",
        r#"<p style="font-family:url(//t.example/f);font:12px url(//t.example/f)">t</p>"#,
        &["t.example"],
        &["t"],
    ),
    (
        "F-list",
        r#"<ul style="list-style-image:url(//t.example/l);list-style:url(//t.example/l)"><li>t</ul>"#,
        &["t.example"],
        &["t"],
    ),
    (
        "F-nest",
        r#"<p style="width:calc(min(max(clamp(calc(1px + 1px),1px,2px),1px),1px))">t</p>"#,
        &["calc"],
        &["t"],
    ),
    (
        "F-margin",
        r#"<p style="margin:-9999px;margin-left:-51px;margin-top:-10px">t</p>"#,
        &["-9999", "-51px"],
        &["t"],
    ),
    (
        "F-opacity",
        r#"<p style="opacity:0;opacity:0.1">t</p>"#,
        &["opacity:0"],
        &["t"],
    ),
    (
        "F-attr",
        r#"<p style="width:attr(title);height:env(x);color:var(--x)">t</p>"#,
        &["attr(", "env(", "var("],
        &["t"],
    ),
    (
        "F-good",
        r#"<td style="COLOR:#FF0000; padding:4px 8px; border:1px solid rgb(1, 2, 3); text-align:center"><p style="font-weight:bold">t</p>"#,
        &[],
        &["font-weight", "bold"],
    ),
    (
        "F-unclosed",
        r#"<p style="color:red;width:calc(1px">t</p>"#,
        &["calc(1px\""],
        &["t"],
    ),
    (
        "F-quote",
        r#"<p style="font-family:'a;background:url(//t.example/)">t</p>"#,
        &["t.example"],
        &["t"],
    ),
    // G. Document level
    (
        "V-47",
        r#"<base href="https://t.example/"><p>t</p>"#,
        &["<base", "t.example"],
        &["t"],
    ),
    (
        "V-48",
        r#"<meta http-equiv=refresh content="0;url=https://t.example"><p>t</p>"#,
        &["<meta", "t.example"],
        &["t"],
    ),
    (
        "V-49",
        "<form action=https://t.example><input type=password><button formaction=https://t.example>b</button></form>",
        &["<form", "<input", "<button", "t.example"],
        &[],
    ),
    (
        "V-50",
        "<link rel=stylesheet href=//t.example/a.css><link rel=preconnect href=//t.example>",
        &["<link", "t.example"],
        &[],
    ),
    (
        "V-51",
        "<iframe src=https://t.example></iframe>",
        &["<iframe", "t.example"],
        &[],
    ),
    (
        "V-52",
        "<object data=x.swf><p>fallback</p></object>t",
        &["<object", "fallback"],
        &["t"],
    ),
    (
        "G-embed",
        "<embed src=https://t.example><applet code=x></applet><frameset><frame src=https://t.example></frameset>",
        &["t.example", "<embed", "<applet", "<frame"],
        &[],
    ),
    (
        "G-nested",
        "<html><head><title>x</title></head><body bgcolor=red><p>t</p></body></html>",
        &["<html", "<head", "<title", "<body"],
        &["t"],
    ),
    // H. Remote content
    (
        "V-53",
        "<img src=https://t.example/p.gif width=1 height=1>",
        &["t.example", "src="],
        &["<img"],
    ),
    (
        "V-54",
        r#"<img src=cid:a srcset="https://t.example/a 2x">"#,
        &["srcset", "t.example"],
        &["<img"],
    ),
    (
        "V-55",
        "<video poster=https://t.example/p></video><audio src=https://t.example/a></audio>",
        &["t.example", "<video", "<audio"],
        &[],
    ),
    (
        "V-56",
        "<body background=https://t.example/b><table background=https://t.example/c><tr><td background=//t.example/d>t",
        &["t.example", "background"],
        &["t"],
    ),
    (
        "V-57",
        "<input type=image src=https://t.example/i>",
        &["t.example", "<input"],
        &[],
    ),
    (
        "V-58",
        r#"<body background="data:image/png,x);background:url(//t.example/a">t"#,
        &["t.example"],
        &["t"],
    ),
    (
        "H-picture",
        "<picture><source srcset=https://t.example/a><img src=https://t.example/b alt=picture></picture>",
        &["t.example", "<source"],
        &["alt=\"picture"],
    ),
    (
        "H-lowsrc",
        "<img lowsrc=https://t.example/a dynsrc=https://t.example/b longdesc=https://t.example/c>",
        &["t.example"],
        &["<img"],
    ),
    (
        "H-cite",
        "<blockquote cite=https://t.example/q>t</blockquote><q cite=https://t.example>u</q>",
        &["t.example"],
        &["t", "u"],
    ),
    // K
    (
        "V-74",
        r#"<a href="https://t.example/x">https://bank.example</a>"#,
        &[],
        &["https://bank.example [t.example]</a>"],
    ),
    // R
    (
        "V-107",
        r#"<img src="data:image/svg+xml,<svg/>"><img src="data:image/svg+xml;base64,PHN2Zy8+">"#,
        &["svg", "src="],
        &[],
    ),
    (
        "R-lie",
        r#"<img src="data:image/png;base64,PHN2Zy8+"><img src="data:text/html;base64,PHN2Zy8+">"#,
        &["src="],
        &[],
    ),
];

#[test]
fn every_vector_is_harmless_and_stays_so() {
    let mut failures = String::new();
    for (number, html, absent, present) in VECTORS {
        let failed = std::panic::catch_unwind(|| {
            let document = document(html);
            let body = body_of(&document);
            checked(number, &document);
            for text in *absent {
                assert!(!body.to_ascii_lowercase().contains(text), "{number}: {text} in {body}");
            }
            for text in *present {
                assert!(body.contains(text), "{number}: no {text} in {body}");
            }
            assert!(!document.fell_back_to_text, "{number}: text only");
            let again = self::document(body);
            assert_eq!(body_of(&again), body, "{number}: not stable");
        })
        .err();
        if let Some(panic) = failed {
            let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            let _ = writeln!(failures, "{said}\n");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn remote_images_are_counted_and_shown_as_what_they_are() {
    let two = document("<img src=https://t.example/a.png alt=Logo><p>t</p><img src='HTTP://t.example/b.png'>");
    assert_eq!(two.remote_images, 2);
    let read = checked("count", &two);
    let images: Vec<_> = read.starts.iter().filter(|start| start.name == "img").collect();
    assert_eq!(images.len(), 2);
    assert!(images.iter().all(|image| image.get("src").is_none()), "{images:?}");
    assert_eq!(images[0].get("alt"), Some("Logo"));
    // The words stand in the template's style; the letter itself holds nothing of the blocked address.
    assert!(
        two.html
            .contains(&format!("img:not([src])::after{{content:\" {}\"}}", check::BLOCKED))
    );
    assert!(!two.html.contains("t.example"));
    assert_eq!(
        document("<table background=//t.example/x><td>t</table>").remote_images,
        1
    );
    assert_eq!(document("<p>https://t.example/a.png</p>").remote_images, 0);
}

/// V-08, V-78 to V-81: what would make a tree builder work for minutes is not given to it.
#[test]
fn bombs_are_shown_as_text() {
    let deep_svg = format!("{}<svg><style>x", "<div>".repeat(513));
    let adoption = format!("<p>{}<p>a", "<a href=A>".repeat(20_000));
    let amplified = format!(
        "{}{}",
        format!("<b title=\"{}\">", "y".repeat(16_000)).repeat(40),
        "<p>a".repeat(5_000)
    );
    for (what, html) in [
        ("V-08", "<b>".repeat(60_000)),
        ("V-08", deep_svg),
        ("V-80", "<ul><li>".repeat(20_000)),
        ("V-81", adoption),
        ("V-81", amplified),
        ("tags", "<br>".repeat(20_001)),
        ("size", "a".repeat((1 << 20) + 1)),
    ] {
        let document = document(&format!("<p>Readable</p>{html}"));
        assert!(document.fell_back_to_text, "{what}");
        let read = checked(what, &document);
        assert!(read.text.contains("Readable"), "{what}");
        assert!(read.text.contains(check::TOO_COMPLEX), "{what}");
        assert!(document.html.len() <= 5 << 20, "{what}");
    }
}

#[test]
fn attributes_beyond_the_limits_do_no_harm() {
    let many: String = (0..500).map(|number| format!(" a{number}=x")).collect();
    checked("many", &document(&format!("<p{many} style=color:red>t</p>")));
    let long = format!("<a href=\"https://ok.example/{}\">t</a>", "x".repeat(20_000));
    assert!(body_of(&document(&long)).contains('t'));
    // The formatting elements that reopen in each block copy their attributes each time.
    let copied = format!("{}<p>a", format!("<font face=\"{}\">", "f".repeat(15_000)).repeat(50)).repeat(30);
    assert!(document(&copied).html.len() <= 5 << 20);
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

#[test]
fn images_of_the_message_itself_are_inlined_when_they_are_images() {
    let shown = document_with("<img src=\"cid:logo@x\" alt=Logo>", &[("logo@x", "image/png", PNG)]);
    let read = checked("V-105", &shown);
    assert!(
        read.starts[0]
            .get("src")
            .is_some_and(|src| src.starts_with("data:image/png;base64,iVBORw0KGgo")),
        "{read:?}"
    );
    assert_eq!(shown.remote_images, 0);
    let stable = document(body_of(&shown));
    assert_eq!(body_of(&stable), body_of(&shown));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>";
    for content_type in ["image/svg+xml", "image/png"] {
        let hidden = document_with("<img src=\"cid:s\">", &[("s", content_type, svg)]);
        assert!(
            checked("V-106", &hidden).starts[0].get("src").is_none(),
            "{content_type}"
        );
    }
    let escaped = document_with("<img src=\"CID:a%2Bb@x\">", &[("a+b@x", "image/png", PNG)]);
    assert!(checked("cid", &escaped).starts[0].get("src").is_some());
    let missing = document("<img src=cid:nowhere>");
    assert!(checked("cid", &missing).starts[0].get("src").is_none());
}

#[test]
fn inlined_images_have_a_limit() {
    let mut large = PNG.to_vec();
    large.resize(3 << 20, 0);
    let html = "<img src=cid:a>".repeat(40);
    let document = document_with(&html, &[("a", "image/png", &large)]);
    assert!(document.html.len() < 12 << 20, "{} bytes", document.html.len());
}

fn sources(document: &render::BodyDocument) -> Vec<Option<String>> {
    let read = checked("images", document);
    let images = read.starts.iter().filter(|start| start.name == "img");
    images.map(|image| image.get("src").map(str::to_owned)).collect()
}

/// The other half of V-105: what does not fit is loaded by itself, and nothing else is.
#[test]
fn images_that_do_not_fit_are_linked() {
    let small = document_linking("<img src=cid:a>", &[("a", "image/png", PNG)]);
    assert!(!small.links_images && sources(&small)[0].as_ref().unwrap().starts_with("data:image/png"));

    // One that is too large a message to be kept whole.
    let mut large = PNG.to_vec();
    large.resize(5 << 20, 0);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>".repeat(100_000);
    let parts: [(&str, &str, &[u8]); 4] = [
        ("a", "image/png", &large),
        ("s", "image/svg+xml", &svg),
        ("t", "image/png", &svg),
        ("b", "application/octet-stream", PNG),
    ];
    let html = "<img src=cid:a><img src=cid:s><img src=cid:t><img src=cid:b><img src=cid:nowhere><img src=https://mail.example/image/9>";
    let linked = document_linking(html, &parts);
    let found = sources(&linked);
    assert_eq!(found[0].as_deref(), Some("https://mail.example/image/2?t=1.a&b"));
    assert_eq!((found[1].clone(), found[2].clone()), (None, None), "V-106");
    assert!(found[3].as_ref().unwrap().starts_with("data:image/png"));
    assert_eq!((found[4].clone(), found[5].clone()), (None, None));
    assert!(linked.links_images && linked.html.contains("?t=1.a&amp;b"));
    assert_eq!(linked.remote_images, 1);
    let without = document_with(html, &parts);
    assert!(!without.links_images && sources(&without)[0].is_none());

    // One that is shown too often to be written each time.
    let mut often = PNG.to_vec();
    often.resize(1 << 20, 0);
    let document = document_linking(&"<img src=cid:a>".repeat(2_000), &[("a", "image/png", &often)]);
    let found = sources(&document);
    let count = |beginning: &str| {
        let begins = |source: &&Option<String>| source.as_ref().is_some_and(|source| source.starts_with(beginning));
        found.iter().filter(begins).count()
    };
    assert_eq!((count("data:"), count(check::IMAGES)), (7, 1_000));
}

/// RFC 2557: what comes along under an address is shown in its place, and nobody is asked.
#[test]
fn images_that_come_along_under_an_address_are_those_of_the_message() {
    let show = |at: &str, html: &str, large: usize| {
        let mut image = PNG.to_vec();
        image.resize(large, 0);
        let part = |location: &str, bytes: &[u8]| {
            let encoded = data_encoding::BASE64_MIME.encode(bytes);
            format!(
                "--b\nContent-Type: image/png\nContent-Location: {location}\nContent-Transfer-Encoding: base64\n\n{encoded}\n"
            )
        };
        let raw = format!(
            "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n{at}\n{html}\n{}{}{}--b--\n",
            part("https://t.example/a/\n logo.png?x=1&y=2", &image),
            part("\"pixel.gif\"", PNG),
            part("https://t.example/drawn.png", b"<svg onload=x()/>"),
        );
        let link = |part| Some(format!("{}{part}", check::IMAGES));
        render::body_document_linking(
            &render::Skeleton::whole(raw.as_bytes()),
            &render::BodyOptions::default(),
            &link,
        )
    };
    let shown =
        |document: &render::BodyDocument| -> Vec<bool> { sources(document).iter().map(Option::is_some).collect() };
    let logo = "<img src=\"https://t.example/a/logo.png?x=1&amp;y=2\">";
    let document = show("", &format!("{logo}<img src=' pixel.gif'>"), 100);
    assert_eq!((shown(&document), document.remote_images), (vec![true, true], 0));
    // The HTML's own address makes others whole, on either side.
    let at = "Content-Location: https://t.example/a/letter.html\n";
    let html = "<img src='logo.png?x=1&y=2'><img src=HTTPS://t.example/a/pixel.gif><img src=/a/../a/pixel.gif><img src=pixel.gi>";
    let document = show(at, html, 100);
    assert_eq!(
        (shown(&document), document.remote_images),
        (vec![true, true, true, false], 0)
    );
    // Too large to be put in, and what is not an image, or not there, or not an image's source.
    let document = show("", logo, 5 << 20);
    assert_eq!(sources(&document)[0].as_deref(), Some("https://mail.example/image/2"));
    let html = "<img src=https://t.example/drawn.png><img src=https://t.example/b.png><td background=https://t.example/a/logo.png?x=1&y=2>";
    let document = show("", html, 100);
    assert_eq!((shown(&document), document.remote_images), (vec![false, false], 3));
}

/// V-60: decoded once, before anything looks for tags; ESC cannot come out.
#[test]
fn escape_sequences_hide_nothing() {
    let show = |raw: &[u8]| {
        let document = render::body_document(&render::Skeleton::whole(raw), &render::BodyOptions::default());
        checked("V-60", &document);
        document.html
    };
    // ESC ( J makes a yen sign of the backslash, which ends no quote.
    let html =
        show(b"Content-Type: text/html; charset=iso-2022-jp\n\n<p title=\"\x1b(J\\\x1b(B\">\x1b$B2q5D\x1b(B</p>");
    assert!(html.contains("<p title=\"\u{a5}\">会議</p>"), "{html}");
    // ESC $ B swallows the closing quote; what follows is inside it for the browser as for us.
    let html = show(
        b"Content-Type: text/html; charset=iso-2022-jp\n\n<p title=\"\x1b$B\">a</p>\x1b(B<img src=x onerror=x()>\">t",
    );
    assert!(!html.contains("<img src"), "{html}");
    // The same without a label: bytes that look like tags in two-byte mode are letters.
    let html = show(b"Content-Type: text/html\n\n<p>\x1b$B!c#i#m#g!d\x1b(B</p>");
    assert!(html.contains("＜ｉｍｇ＞") || html.contains("〈ｉｍｇ〉"), "{html}");
    // V-62: the header wins, and the meta element is gone.
    let raw = "Content-Type: text/html; charset=utf-8\n\n<meta charset=shift_jis><p>会議</p>".as_bytes();
    let document = render::body_document(&render::Skeleton::whole(raw), &render::BodyOptions::default());
    assert!(document.html.contains("会議") && !document.html.contains("shift_jis"));
}

/// Class J: a text body shown as a document.
#[test]
fn plain_text_stays_text() {
    for (number, text) in [
        ("V-65", "a@a.co?]<img/src=\"x\"/onerror=x()>"),
        ("V-66", "[<script>x()</script>] https://ok.example"),
        ("V-67", "https://ok.example/?q=<b>&r=\"x\""),
        ("quote", "> <script>x()</script>\n\n-- \n<b onclick=x()>'\"&amp;"),
        ("controls", "a\u{1b}$B\u{0}b\u{202e}c"),
    ] {
        let raw = format!("Content-Type: text/plain; charset=utf-8\n\n{text}");
        let document = render::body_document(
            &render::Skeleton::whole(raw.as_bytes()),
            &render::BodyOptions::default(),
        );
        let read = checked(number, &document);
        for start in &read.starts {
            assert!(
                ["p", "br", "a", "blockquote", "div", "pre"].contains(&start.name.as_str()),
                "{number}: {start:?}"
            );
        }
    }
}
