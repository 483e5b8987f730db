//! Whether a document is small and flat enough for the tree builder, which is quadratic in depth and copies attributes of
//! formatting elements. Linear, and before it.

use super::{
    locations::Locations,
    remote,
    rewrite::{Rewritten, rewritten},
    scan::{Piece, pieces},
};
use crate::limits::{AMPLIFIED, ESCAPED, HTML, OPEN_ELEMENTS, TAGS};

/// A repeated element costs at least this, however short it is written.
const LEAST: usize = 64;

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "wbr")
}

/// Elements that end by themselves where the next begins.
fn ends_by_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li" | "dt" | "dd" | "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "colgroup" | "rp" | "rt"
    )
}

/// Elements whose start the tree builder repeats inside each block (the list of active formatting elements).
fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// No end tag reaches beyond these (HTML standard, "has an element in scope").
fn is_scope(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption")
}

/// The source, without controls, as the parser may see it, or `None` if it may not; and how many images elsewhere it wants.
/// Images that come along under an address are none of these.
pub(crate) fn prepared(source: &str, locations: &Locations) -> (Option<String>, u32) {
    if source.len() > HTML {
        return (None, remote::count(source));
    }
    let Rewritten { html, remote_images } = rewritten(source, locations);
    (simple(html), remote_images)
}

fn simple(source: String) -> Option<String> {
    let escaped = memchr::memchr_iter(b'&', source.as_bytes()).count()
        + memchr::memmem::find_iter(source.as_bytes(), "\u{a0}").count();
    let simple = escaped.saturating_mul(source.len()) <= ESCAPED && Walk::default().stays_flat(&source, TAGS, false);
    simple.then_some(source)
}

/// Whether clean markup, in which every element has its end, keeps to the limits.
pub(super) fn is_flat(clean: &str) -> bool {
    Walk::default().stays_flat(clean, 4 * TAGS, true)
}

/// What the tree builder would have open, never less than it has.
#[derive(Default)]
struct Walk<'s> {
    open: Vec<&'s str>,
    /// Elements that are open by their own end tag, not by the next element's start.
    depth: usize,
    /// Formatting elements to repeat, and cells, which begin the list anew (`None`).
    formatting: Vec<Option<(&'s str, usize)>>,
    formatting_bytes: usize,
}

impl<'s> Walk<'s> {
    /// `source` has been rewritten, so its names are in lower case.
    fn stays_flat(mut self, source: &'s str, most_tags: usize, count_all: bool) -> bool {
        let (mut tags, mut amplified) = (0, 0_usize);
        for piece in pieces(source) {
            match piece {
                Piece::Text(_) => continue,
                Piece::Start { name, inside } => {
                    if !is_formatting(name) {
                        amplified = amplified.saturating_add(self.formatting_bytes);
                    }
                    self.start(name, inside.len());
                }
                Piece::End { name } => self.end(name),
            }
            tags += 1;
            let depth = if count_all { self.open.len() } else { self.depth };
            if tags > most_tags || depth > OPEN_ELEMENTS || amplified > AMPLIFIED {
                return false;
            }
        }
        true
    }

    fn start(&mut self, name: &'s str, written: usize) {
        if is_void(name) {
            return;
        }
        if matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption") {
            match self.open.iter().rposition(|open| is_scope(open)) {
                // A cell begins where another ends.
                Some(at) if self.open[at] != "table" => self.close(at),
                Some(_) => {}
                // Outside a table there are no cells.
                None => return,
            }
            if matches!(name, "td" | "th" | "caption") {
                self.formatting.push(None);
            }
        }
        if is_formatting(name) {
            let bytes = written + name.len() + LEAST;
            self.formatting_bytes += bytes;
            self.formatting.push(Some((name, bytes)));
        }
        self.open.push(name);
        self.depth += usize::from(!ends_by_itself(name));
    }

    fn end(&mut self, name: &str) {
        let found = self.open.iter().rposition(|open| *open == name || is_scope(open));
        let Some(at) = found else { return };
        if self.open[at] == name {
            if is_formatting(name) {
                self.open.remove(at);
                self.depth -= 1;
                let same = |entry: &Option<(&str, usize)>| entry.is_none_or(|(open, _)| open == name);
                if let Some(place) = self.formatting.iter().rposition(same)
                    && let Some((_, bytes)) = self.formatting[place]
                {
                    self.formatting.remove(place);
                    self.formatting_bytes -= bytes;
                }
            } else {
                self.close(at);
            }
        } else if name == "table" {
            // The end of a table ends the cell it stands in.
            self.close(at);
            self.end(name);
        }
    }

    /// Closes what is open from there on. Formatting stays to be repeated, except within cells.
    fn close(&mut self, at: usize) {
        for name in self.open.drain(at..) {
            self.depth -= usize::from(!ends_by_itself(name));
            if matches!(name, "td" | "th" | "caption") {
                while let Some(Some((_, bytes))) = self.formatting.pop() {
                    self.formatting_bytes -= bytes;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_simple(source: &str) -> bool {
        prepared(source, &Locations::default()).0.is_some()
    }

    #[test]
    fn bombs_do_not_reach_the_parser() {
        for bomb in [
            "<b>".repeat(60_000),
            "<div>".repeat(513),
            "<ul><li>".repeat(20_000),
            format!(
                "<p>{}<p>{}",
                format!("<a href={}>", "A".repeat(8_000)).repeat(200),
                "<p>a".repeat(5_000)
            ),
            format!("<!-->{}", "<b>".repeat(60_000)),
            "x".repeat(HTML + 1),
            "&nbsp;".repeat(HTML / 6),
            "&".repeat(HTML),
            format!("<p title=\"{}\">", "&".repeat(16 << 10)).repeat(60),
        ] {
            assert!(!is_simple(&bomb), "{}", &bomb[..40]);
        }
    }

    /// Where a tokenizer without a tree sees raw text or a comment, a tree builder may see tags.
    #[test]
    fn what_hides_a_bomb_is_not_there_for_the_parser() {
        for hidden in [
            "<svg><title>",
            "<style><!--</style><svg><style>",
            "<svg><!-- <title> -->",
            "<!-- --!><svg><xmp>",
        ] {
            let seen = prepared(&format!("{hidden}{}", "<b>".repeat(60_000)), &Locations::default())
                .0
                .unwrap_or_default();
            assert!(seen.len() < 20, "{hidden}");
        }
    }

    #[test]
    fn ordinary_letters_do() {
        let newsletter =
            "<table><tr><td><p>text<p>more<font color=red style='x:y'>red</font></td></tr></table>".repeat(500);
        assert!(is_simple(&newsletter));
        assert!(is_simple(&"<p>never closed".repeat(5_000)));
        assert!(is_simple(""));
    }
}
