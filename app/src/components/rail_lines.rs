use super::Glyph;
use crate::{
    paths,
    words::{Words, count},
    written::Pen,
};
use api_types::{MailboxId, MailboxLine, Role, SnapshotLine};

/// Deeper mailboxes are not indented further.
const DEEPEST: u8 = 6;

/// The lines of the rail: those with a role, then the others under a heading.
pub(super) struct RailLines {
    /// With the unread messages as they are shown here.
    pub(super) lines: Vec<MailboxLine>,
    pub(super) words: &'static Words,
    /// The mailbox of the page.
    pub(super) current: Option<MailboxId>,
    /// There are dated copies to go to.
    pub(super) snapshots: bool,
    /// Those of them that can be chosen here.
    pub(super) copies: Vec<SnapshotLine>,
}

impl RailLines {
    /// Writes the lines.
    pub(super) fn write(self, pen: &mut Pen) {
        let (plain, special): (Vec<_>, Vec<_>) = self.lines.iter().partition(|line| line.mailbox.role == Role::Plain);
        let first = self.lines.first();
        let in_snapshot = first.is_some_and(|line| line.mailbox.id.snapshot().is_some());
        pen.element("div", |pen| {
            if in_snapshot {
                leave(pen, paths::home(), self.words.snapshots.back, Glyph::Previous);
            }
            pen.element("ul", |pen| special.iter().for_each(|line| self.line(pen, line)));
            if !plain.is_empty() {
                pen.element("p", |pen| {
                    pen.attribute("class", &["rail-head"]);
                    pen.attribute("id", &["more-mailboxes"]);
                    pen.text(self.words.frame.more_mailboxes);
                });
                pen.element("ul", |pen| {
                    pen.attribute("aria-labelledby", &["more-mailboxes"]);
                    plain.iter().for_each(|line| self.line(pen, line));
                });
            }
            if in_snapshot || self.snapshots {
                let others = match in_snapshot {
                    true => self.words.snapshots.others,
                    false => self.words.snapshots.title,
                };
                leave(pen, paths::snapshots(), others, Glyph::Archive);
                if !self.copies.is_empty() {
                    pen.element("ul", |pen| {
                        pen.attribute("aria-label", &[self.words.snapshots.title]);
                        self.copies.iter().for_each(|copy| self.copy(pen, copy));
                    });
                }
            }
        });
    }

    /// A copy, by its date.
    fn copy(&self, pen: &mut Pen, copy: &SnapshotLine) {
        let w = &self.words.snapshots;
        let read = self.current.as_ref().and_then(|current| current.snapshot());
        pen.element("li", |pen| {
            pen.attribute("class", &["mailbox"]);
            pen.attribute("data-depth", &["1"]);
            if !copy.whole {
                pen.attribute("data-source", &["unmarked"]);
            }
            pen.element("a", |pen| {
                pen.attribute("href", &[&paths::mailbox(&copy.inbox)]);
                pen.attribute("rel", &["external"]);
                if read == copy.inbox.snapshot() {
                    pen.attribute("aria-current", &["true"]);
                }
                pen.element("span", |pen| {
                    pen.attribute("class", &["name"]);
                    match &copy.as_of {
                        Some(when) => pen.text(&when.short),
                        None => pen.text(&(w.named)(&copy.name)),
                    }
                });
                if !copy.whole {
                    pen.element("span", |pen| {
                        pen.attribute("class", &["dot"]);
                        pen.attribute("title", &[w.unmarked]);
                        unseen(pen, w.unmarked);
                    });
                }
            });
        });
    }

    fn line(&self, pen: &mut Pen, line: &MailboxLine) {
        let words = self.words;
        let mailbox = &line.mailbox;
        pen.element("li", |pen| {
            pen.attribute("id", &["in-rail-", mailbox.id.as_str()]);
            pen.attribute("class", &["mailbox"]);
            pen.attribute("data-depth", &[&line.depth.min(DEEPEST).to_string()]);
            pen.element("a", |pen| {
                pen.attribute("href", &[&paths::mailbox(&mailbox.id)]);
                pen.attribute("title", &[&line.path]);
                if self.current.as_ref() == Some(&mailbox.id) {
                    pen.attribute("aria-current", &["page"]);
                }
                Glyph::of(mailbox.role).write(pen);
                pen.element("span", |pen| {
                    pen.attribute("class", &["name"]);
                    pen.text(&words.mailbox(mailbox));
                });
                if let Some(cause) = line.trouble {
                    pen.element("span", |pen| {
                        pen.attribute("class", &["warn"]);
                        pen.attribute("title", &[words.cause(cause).title]);
                        pen.text("!");
                        unseen(pen, words.frame.unreadable);
                    });
                }
                if line.unread > 0 {
                    let shown = count(line.unread);
                    pen.element("b", |pen| {
                        pen.attribute("aria-hidden", &["true"]);
                        pen.text(&shown);
                    });
                    unseen(pen, &(words.frame.unread_in_rail)(&shown));
                }
            });
        });
    }
}

/// A way out of these mailboxes: to a page of its own.
fn leave(pen: &mut Pen, href: &str, text: &str, glyph: Glyph) {
    pen.element("p", |pen| {
        pen.attribute("class", &["rail-way"]);
        pen.element("a", |pen| {
            pen.attribute("href", &[href]);
            pen.attribute("rel", &["external"]);
            glyph.write(pen);
            pen.element("span", |pen| {
                pen.attribute("class", &["name"]);
                pen.text(text);
            });
        });
    });
}

/// For those who listen.
fn unseen(pen: &mut Pen, text: &str) {
    pen.element("span", |pen| {
        pen.attribute("class", &["vh"]);
        pen.text(text);
    });
}
