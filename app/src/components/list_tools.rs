use super::{Glyph, fields::fields};
use crate::{
    paths,
    words::{Words, count},
    written::Pen,
};
use api_types::{Found, ListQuery, MailboxId, MailboxRef, MessageList, Search, Sort};

/// What chooses another part or order of a list: filter, order and day of a mailbox, or where to search.
pub(super) struct ListTools {
    mailbox: MailboxRef,
    query: ListQuery,
    found: Option<Found>,
    words: &'static Words,
}

impl ListTools {
    pub(super) fn new(list: &MessageList, words: &'static Words) -> Self {
        Self {
            mailbox: list.mailbox.clone(),
            query: list.query.clone(),
            found: list.found.clone(),
            words,
        }
    }

    pub(super) fn write(self, pen: &mut Pen) {
        pen.element("div", |pen| {
            pen.attribute("class", &["list-tools"]);
            match &self.found {
                Some(found) => self.places(pen, found),
                None => self.orders(pen),
            }
            self.take(pen);
        });
    }

    fn orders(&self, pen: &mut Pen) {
        let (w, ListQuery { sort, unread, .. }) = (&self.words.list, &self.query);
        let (sort, unread) = (*sort, *unread);
        let of = |sort, unread| {
            let query = ListQuery {
                sort,
                unread,
                ..ListQuery::default()
            };
            paths::list(&self.mailbox.id, &query)
        };
        let filter = if unread { w.all } else { w.only_unread };
        link(pen, "filter", &of(sort, !unread), unread, &[filter]);
        let now = self.words.sort(sort);
        menu(pen, &(w.sort_menu)(now), now, |pen| {
            for order in Sort::ALL {
                choice(pen, &of(order, unread), order == sort, &[self.words.sort(order)]);
            }
        });
        if matches!(sort, Sort::Date | Sort::Oldest) {
            self.jump(pen);
        }
    }

    /// To take the list along.
    fn take(&self, pen: &mut Pen) {
        let label = self.words.frame.export;
        pen.element("a", |pen| {
            pen.attribute("class", &["filter"]);
            pen.attribute("href", &[&paths::export_of(&self.mailbox.id, &self.query)]);
            pen.attribute("rel", &["external"]);
            pen.attribute("aria-label", &[label]);
            pen.attribute("title", &[label]);
            Glyph::Take.write(pen);
        });
    }

    fn jump(&self, pen: &mut Pen) {
        let w = &self.words.list;
        pen.element("details", |pen| {
            pen.attribute("class", &["menu jump"]);
            pen.element("summary", |pen| {
                pen.attribute("aria-label", &[w.to_day]);
                pen.attribute("title", &[w.to_day]);
                Glyph::Calendar.write(pen);
            });
            pen.element("form", |pen| {
                pen.attribute("class", &["menu-body"]);
                pen.attribute("action", &[&paths::list_form(&self.mailbox.id, &self.query)]);
                fields(pen, &self.query);
                pen.element("label", |pen| {
                    pen.text(w.day);
                    pen.element("input", |pen| {
                        let day = self.query.day.as_deref().unwrap_or_default();
                        let attributes = [
                            ("type", "date"),
                            ("name", paths::DAY),
                            ("required", ""),
                            ("value", day),
                            ("min", "1970-01-01"),
                            ("max", "9999-12-30"),
                        ];
                        for (name, value) in attributes {
                            pen.attribute(name, &[value]);
                        }
                    });
                });
                pen.element("button", |pen| pen.text(w.go));
            });
        });
    }

    fn places(&self, pen: &mut Pen, found: &Found) {
        let w = &self.words.list;
        let Search { text, within } = self.query.search.clone().unwrap_or_default();
        let of = |within: Option<MailboxId>| {
            let search = Search {
                text: text.clone(),
                within,
            };
            let query = ListQuery {
                search: Some(search),
                ..ListQuery::default()
            };
            paths::list(&self.mailbox.id, &query)
        };
        let here = self.words.mailbox(&self.mailbox);
        // All of the live mail, or of the dated copy.
        let all = within.as_ref().and_then(MailboxId::snapshot);
        let all = all.map(|key| MailboxId::default().of_snapshot(key));
        let narrowed = within.as_ref().is_some_and(|within| !within.in_snapshot().is_empty());
        let now = if narrowed { &here } else { w.everywhere };
        menu(pen, &(w.where_menu)(now), now, |pen| {
            choice(pen, &of(all), !narrowed, &[w.everywhere]);
            if narrowed {
                choice(pen, &of(within.clone()), true, &[&here]);
            }
            for (mailbox, number) in &found.mailboxes {
                let name = self.words.mailbox(mailbox);
                let number = count(u64::from(*number));
                choice(pen, &of(Some(mailbox.id.clone())), false, &[&name, " (", &number, ")"]);
            }
        });
    }
}

fn menu(pen: &mut Pen, label: &str, now: &str, choices: impl FnOnce(&mut Pen)) {
    pen.element("details", |pen| {
        pen.attribute("class", &["menu sort"]);
        pen.element("summary", |pen| {
            pen.attribute("aria-label", &[label]);
            pen.text(now);
        });
        pen.element("ul", |pen| {
            pen.attribute("class", &["menu-body"]);
            choices(pen);
        });
    });
}

fn choice(pen: &mut Pen, href: &str, current: bool, text: &[&str]) {
    pen.element("li", |pen| link(pen, "", href, current, text));
}

fn link(pen: &mut Pen, class: &str, href: &str, current: bool, text: &[&str]) {
    pen.element("a", |pen| {
        pen.attribute("class", &[class]);
        pen.attribute("href", &[href]);
        if current {
            pen.attribute("aria-current", &["true"]);
        }
        pen.text(&text.concat());
    });
}
