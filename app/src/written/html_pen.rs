//! On the server: a string.

/// Elements without an end tag (HTML §13.1.2) that are used here.
const VOID: [&str; 2] = ["br", "input"];

/// Writes HTML. The names of elements and attributes are ours; every value and text is escaped.
pub(crate) struct Pen {
    out: String,
    /// The start tag is not closed yet: attributes may follow.
    in_tag: bool,
}

impl Pen {
    /// An element of HTML with what `inside` writes: attributes first.
    pub(crate) fn element(&mut self, tag: &'static str, inside: impl FnOnce(&mut Self)) {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(tag);
        self.in_tag = true;
        inside(self);
        self.end_tag();
        if !VOID.contains(&tag) {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    /// An element of SVG.
    pub(crate) fn drawing(&mut self, tag: &'static str, inside: impl FnOnce(&mut Self)) {
        self.element(tag, inside);
    }

    /// An attribute of the element that was just begun; its value in pieces.
    pub(crate) fn attribute(&mut self, name: &'static str, value: &[&str]) {
        debug_assert!(self.in_tag, "attributes come before what is inside");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for piece in value {
            escape(&mut self.out, piece);
        }
        self.out.push('"');
    }

    /// Text inside the element.
    pub(crate) fn text(&mut self, text: &str) {
        self.end_tag();
        escape(&mut self.out, text);
    }

    fn end_tag(&mut self) {
        if std::mem::take(&mut self.in_tag) {
            self.out.push('>');
        }
    }
}

/// What `write` writes.
pub(super) fn html(write: impl FnOnce(&mut Pen)) -> String {
    let mut pen = Pen {
        out: String::with_capacity(1 << 10),
        in_tag: false,
    };
    write(&mut pen);
    pen.out
}

/// Safe as text and between double quotes (HTML §13.3).
fn escape(out: &mut String, text: &str) {
    // Most of it is as it is: one look at all bytes is made of many at once, one that ends at the first find is not.
    if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_special) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &special[1..];
    }
    out.push_str(rest);
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_cannot_leave_its_place() {
        let hostile = r#""><script>x</script>&amp;"#;
        let out = html(|pen| {
            pen.element("p", |pen| {
                pen.attribute("title", &["a ", hostile]);
                pen.text(hostile);
                pen.element("br", |_| ());
                pen.element("b", |pen| pen.text("会議"));
            });
        });
        let safe = "&quot;&gt;&lt;script&gt;x&lt;/script&gt;&amp;amp;";
        assert_eq!(out, format!("<p title=\"a {safe}\">{safe}<br><b>会議</b></p>"));
    }

    #[test]
    fn an_empty_element_is_closed() {
        assert_eq!(html(|pen| pen.element("span", |_| ())), "<span></span>");
    }
}
