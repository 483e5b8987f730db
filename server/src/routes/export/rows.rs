//! Messages of a list, each with a box to tick.

use super::{Words, asked::PICK};
use crate::routes::error::escape;
use api_types::MessageList;
use app::paths::mailbox_of;
use std::fmt::Write;

/// The lines.
pub(super) fn rows(list: &MessageList, words: &Words) -> String {
    let mut out = String::new();
    for row in &list.rows {
        let within = row.mailbox.as_ref().map(|mailbox| words.all.mailbox(mailbox));
        let _ = write!(
            out,
            "<li><label><input type=\"checkbox\" name=\"{PICK}\" value=\"{}/{}\"> <span><b>{}</b> <span>{}</span></span></label> \
             <small>{}</small><time datetime=\"{}\" title=\"{}\">{}</time></li>",
            escape(mailbox_of(list, row).as_str()),
            escape(row.id.as_str()),
            escape(words.all.from(row)),
            escape(words.all.subject(row)),
            escape(&within.unwrap_or_default()),
            escape(&row.date.rfc3339),
            escape(&row.date.full),
            escape(&row.date.short),
        );
    }
    out
}
