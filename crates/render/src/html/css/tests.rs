//! What is kept, and the plain way of saying it to compare with.

use super::*;

/// The words of `holds_word`.
const WORDS: [&str; 11] = [
    "url",
    "expression",
    "javascript",
    "vbscript",
    "image",
    "/*",
    "//",
    "data:",
    "var",
    "env(",
    "attr(",
];

#[test]
fn ordinary_styles_stay() {
    for (style, kept) in [
        ("color: red; font-size:14px", "color:red;font-size:14px"),
        ("COLOR:#FFF !important", "color:#FFF !important"),
        (
            "font-family: \"Hiragino Sans\", sans-serif",
            "font-family:\"Hiragino Sans\", sans-serif",
        ),
        ("width: calc(100% - 20px)", "width:calc(100% - 20px)"),
        ("background: #f3f3f3 none no-repeat", "background-color:#f3f3f3"),
        ("background: rgb(1, 2, 3)", "background-color:rgb(1, 2, 3)"),
        ("margin: 0 auto -10px", "margin:0 auto -10px"),
        ("border:1px solid rgba(0,0,0,.1)", "border:1px solid rgba(0,0,0,.1)"),
    ] {
        assert_eq!(declarations(style).as_deref(), Some(kept), "{style}");
        assert_eq!(declarations(kept).as_deref(), Some(kept), "again: {kept}");
    }
}

#[test]
fn no_word_is_missed() {
    for word in WORDS {
        for value in [format!("1px x{word}x"), format!("1px{word}")] {
            assert!(holds_word(&value) && !is_tame(&value), "{value}");
        }
    }
}

#[test]
fn whatever_reaches_out_goes() {
    for style in [
        "background:url(https://t.example/a)",
        r"background:\75rl(//t.example/a)",
        "background-image:image-set('//t.example/a' 1x)",
        "background:var(--x,url(//t.example/a))",
        "background:cross-fade(url(//t.example/a),url(//t.example/b),50%)",
        "position:fixed;top:0;left:0",
        "position : fixed !important",
        "width:expression(x())",
        "-moz-binding:url(//t.example/x);behavior:url(#default)",
        "content: '</style><img src=x onerror=x()>'",
        "margin-left:-9999px",
        "opacity:0",
        "opacity:.01",
        "width:calc(((((1px)))))",
        "border-image:url(x)",
        "color:red\\",
        "color:(",
        "--x:1",
        "list-style:url(x)",
        "transform:scale(9)",
        "z-index:9",
    ] {
        assert_eq!(declarations(style), None, "{style}");
    }
}

/// As [`is_tame`], said at length.
fn is_tame_plainly(lower: &str) -> bool {
    if lower.is_empty()
        || lower.contains(['\\', '<', '>', '{', '}', '@', '`', '\0'])
        || WORDS.iter().any(|word| lower.contains(word))
    {
        return false;
    }
    let (mut depth, mut word, mut quote) = (0_u32, String::new(), None);
    for c in lower.chars() {
        match (quote, c) {
            (Some(open), c) => quote = (c != open).then_some(open),
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => {
                let inside = word.is_empty() && depth > 0;
                depth += 1;
                if !(inside || FUNCTIONS.contains(&word.as_str())) || depth > DEEPEST {
                    return false;
                }
                word.clear();
            }
            (None, ')') if depth == 0 => return false,
            (None, ')') => {
                depth -= 1;
                word.clear();
            }
            (None, c) if c.is_ascii_alphanumeric() || "-_".contains(c) => word.push(c),
            (None, c) if c.is_ascii_whitespace() || ",.%#/+*!".contains(c) || !c.is_ascii() => word.clear(),
            _ => return false,
        }
    }
    depth == 0 && quote.is_none()
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(4_000))]
    #[test]
    fn tame_is_tame(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "calc", "rgb", "clamp", "rgba", "(", "(", ")", ")", "\"", "'", "-", "_", " ", "1px", ",", "%", "é", "\\", "<", "@", "ur",
            "l", "v", "ar", "/", "*", "data", ":", "env", "im", "age", "longerword", "!", ";", "\0", "\t", "\u{b}",
        ]), 0..10),
        more in "[ -~]?",
    ) {
        let value = pieces.concat() + &more;
        proptest::prop_assert_eq!(is_tame(&value), is_tame_plainly(&value), "{}", value);
    }
}
