use super::{Glyph, fields::fields};
use crate::{
    paths,
    words::{Words, count},
    written::Pen,
};
use api_types::{ListQuery, MailboxId, MessageList};

/// Links to the other pages of the list, and a way to any of them; a page that does not exist leaves its place empty. Where
/// scripting runs the list has no pages.
pub(super) struct Pager {
    mailbox: MailboxId,
    query: ListQuery,
    pages: u32,
    words: &'static Words,
}

impl Pager {
    /// None for a list of one page.
    pub(super) fn new(list: &MessageList, words: &'static Words) -> Option<Self> {
        let pages = list.pages();
        (pages > 1).then(|| Self {
            mailbox: list.mailbox.id.clone(),
            query: list.query.clone(),
            pages,
            words,
        })
    }

    pub(super) fn write(self, pen: &mut Pen) {
        let (w, page, pages) = (&self.words.list, self.query.page.max(1), self.pages);
        let (back, on) = (page > 1, page < pages);
        pen.element("nav", |pen| {
            pen.attribute("class", &["pager"]);
            pen.attribute("aria-label", &[w.pages]);
            self.link(pen, 1, back, "first", w.first, Glyph::First);
            self.link(pen, page.saturating_sub(1), back, "prev", w.previous, Glyph::Previous);
            pen.element("span", |pen| {
                pen.text(&(w.page_of)(&count(u64::from(page)), &count(u64::from(pages))))
            });
            self.link(pen, page.saturating_add(1), on, "next", w.next, Glyph::Next);
            self.link(pen, pages, on, "last", w.last, Glyph::Last);
            self.form(pen);
        });
    }

    fn link(&self, pen: &mut Pen, to: u32, exists: bool, rel: &str, label: &str, glyph: Glyph) {
        if !exists {
            return pen.element("span", |pen| pen.attribute("class", &["off"]));
        }
        let query = ListQuery {
            page: to,
            day: None,
            ..self.query.clone()
        };
        pen.element("a", |pen| {
            pen.attribute("href", &[&paths::list(&self.mailbox, &query)]);
            pen.attribute("rel", &[rel]);
            pen.attribute("aria-label", &[label]);
            pen.attribute("title", &[label]);
            glyph.write(pen);
        });
    }

    fn form(&self, pen: &mut Pen) {
        let w = &self.words.list;
        pen.element("form", |pen| {
            pen.attribute("action", &[&paths::list_form(&self.mailbox, &self.query)]);
            fields(pen, &self.query);
            pen.element("input", |pen| {
                let last = self.pages.to_string();
                let attributes = [
                    ("type", "number"),
                    ("name", "page"),
                    ("min", "1"),
                    ("max", &last),
                    ("required", ""),
                    ("aria-label", w.to_page),
                    ("title", w.to_page),
                ];
                for (name, value) in attributes {
                    pen.attribute(name, &[value]);
                }
            });
            pen.element("button", |pen| pen.text(w.go));
        });
    }
}
