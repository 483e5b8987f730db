use super::Glyph;
use crate::{
    paths::{LetterId, LettersOf, mailbox_of, row_anchor},
    words::Words,
    written::Pen,
};
use api_types::{Day, MessageList, MessageRow, Sort};

/// The rows of a list: each is one link. What changes in them later (the row of the open letter, read and unread) is
/// `live::follow`'s.
pub(super) struct Rows {
    pub(super) list: MessageList,
    pub(super) words: &'static Words,
    /// The open letter.
    pub(super) current: Option<LetterId>,
    /// Letters whose mark here is another than the list says.
    pub(super) turned: Vec<LetterId>,
}

impl Rows {
    /// Writes the list.
    pub(super) fn write(self, pen: &mut Pen) {
        let list = &self.list;
        let label = (self.words.list.label)(&self.words.list_name(list));
        let letters = LettersOf::new(&list.query);
        let length = list.matching.to_string();
        let by_date = matches!(list.query.sort, Sort::Date | Sort::Oldest);
        // Where rows come and go at the ends, a heading would come and go with them.
        let mut last_day = (list.first > 0).then(|| list.rows.first().map(|row| row.day)).flatten();
        pen.element("ol", |pen| {
            pen.attribute("class", &["rows"]);
            pen.attribute("aria-label", &[&label]);
            for (number, row) in (u64::from(list.first) + 1..).zip(&list.rows) {
                let heading = (by_date && last_day.replace(row.day) != Some(row.day)).then_some(row.day);
                let place = [number.to_string(), length.clone()];
                self.row(pen, row, &place, heading, &letters);
            }
        });
    }

    /// `place` is its number in the whole list, and how long that is.
    fn row(&self, pen: &mut Pen, row: &MessageRow, place: &[String; 2], heading: Option<Day>, letters: &LettersOf) {
        let w = &self.words.list;
        let mailbox = mailbox_of(&self.list, row);
        let is = |letter: &LetterId| letter.is(&self.list, row);
        let unread = row.unread != self.turned.iter().any(is);
        pen.element("li", |pen| {
            pen.attribute("id", &row_anchor(mailbox, &row.id));
            pen.attribute("aria-posinset", &[&place[0]]);
            pen.attribute("aria-setsize", &[&place[1]]);
            if let Some(day) = heading {
                let day = match day {
                    Day::Today => w.today,
                    Day::Yesterday => w.yesterday,
                    Day::Earlier => w.earlier,
                };
                pen.attribute("data-day", &[day]);
            }
            match (unread, row.loading) {
                (true, false) => pen.attribute("class", &["unread"]),
                (false, true) => pen.attribute("class", &["loading"]),
                (true, true) => pen.attribute("class", &["unread loading"]),
                (false, false) => {}
            }
            pen.element("a", |pen| {
                pen.attribute("href", &letters.pieces(mailbox, &row.id));
                pen.attribute("data-id", &[row.id.as_str()]);
                if row.html {
                    pen.attribute("data-html", &[]);
                }
                if self.current.as_ref().is_some_and(is) {
                    pen.attribute("aria-current", &["true"]);
                }
                span(pen, "vh", if unread { w.unread } else { "" });
                span(pen, "from", self.words.from(row));
                self.marks(pen, row);
                pen.element("time", |pen| {
                    pen.attribute("datetime", &[&row.date.rfc3339]);
                    pen.attribute("title", &[&row.date.full]);
                    pen.text(&row.date.short);
                });
                pen.element("span", |pen| {
                    pen.attribute("class", &["line"]);
                    if let Some(mailbox) = &row.mailbox {
                        span(pen, "in", &self.words.mailbox(mailbox));
                    }
                    span(pen, "subject", self.words.subject(row));
                    let preview = match row.trouble {
                        // Its head was read, and its text could not be, or can not be any more.
                        Some(cause) if !row.subject.is_empty() => self.words.trouble(cause),
                        _ => &row.preview,
                    };
                    if !preview.is_empty() {
                        pen.element("span", |pen| {
                            pen.attribute("class", &["preview"]);
                            pen.text(" — ");
                            pen.text(preview);
                        });
                    }
                });
            });
        });
    }

    fn marks(&self, pen: &mut Pen, row: &MessageRow) {
        let w = &self.words.list;
        pen.element("span", |pen| {
            pen.attribute("class", &["marks"]);
            let mut mark = |class: &'static str, word: &'static str, sign: fn(&mut Pen)| {
                pen.element("span", |pen| {
                    pen.attribute("class", &[class]);
                    pen.attribute("title", &[word]);
                    sign(pen);
                    span(pen, "vh", word);
                });
            };
            if row.flagged {
                mark("star", w.flagged, |pen| pen.text("★"));
            }
            if row.answered {
                mark("reply", w.answered, |pen| pen.text("↩"));
            }
            if row.attachments {
                mark("clip", w.attachments, |pen| Glyph::Clip.write(pen));
            }
        });
    }
}

fn span(pen: &mut Pen, class: &'static str, text: &str) {
    pen.element("span", |pen| {
        pen.attribute("class", &[class]);
        pen.text(text);
    });
}
