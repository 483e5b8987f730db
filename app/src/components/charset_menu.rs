use crate::{paths, words::Letter, written::Pen};
use api_types::{LetterQuery, MailboxId, MessageId};

/// Labels of the Encoding Standard that Japanese mail, and the world's, is found in when its own label is wrong.
const CHARSETS: [&str; 12] = [
    "utf-8",
    "iso-2022-jp",
    "shift_jis",
    "euc-jp",
    "windows-1252",
    "iso-8859-2",
    "gb18030",
    "big5",
    "euc-kr",
    "koi8-r",
    "windows-1251",
    "utf-16le",
];

/// The same letter, read as each charset.
pub(super) struct CharsetMenu {
    pub(super) mailbox: MailboxId,
    pub(super) message: MessageId,
    pub(super) query: LetterQuery,
    pub(super) words: &'static Letter,
}

impl CharsetMenu {
    /// Writes the menu.
    pub(super) fn write(self, pen: &mut Pen) {
        let current = self.query.charset.clone();
        let mut query = self.query;
        pen.element("details", |pen| {
            pen.attribute("id", &["charsets-", self.message.as_str()]);
            pen.attribute("class", &["submenu"]);
            pen.element("summary", |pen| pen.text(self.words.read_as));
            pen.element("ul", |pen| {
                for label in std::iter::once(None).chain(CHARSETS.map(Some)) {
                    query.charset = label.map(str::to_owned);
                    pen.element("li", |pen| {
                        pen.element("a", |pen| {
                            pen.attribute("href", &[&paths::letter(&self.mailbox, &self.message, &query)]);
                            if label == current.as_deref() {
                                pen.attribute("aria-current", &["true"]);
                            }
                            pen.text(label.unwrap_or(self.words.read_as_auto));
                        });
                    });
                }
            });
        });
    }
}
