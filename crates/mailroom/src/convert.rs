//! From what the lower crates say to the words that cross the wire.

mod causes;
mod defects;
mod letter;
mod mailboxes;
mod rows;

pub(crate) use causes::{advice, cause, why};
pub(crate) use defects::{defect_code, defect_notes, defects_to_text};
pub(crate) use letter::{message, unshown};
pub(crate) use mailboxes::{mailbox_line, mailbox_ref, role, role_code};
pub(crate) use rows::{flag_bits, message_row, people_line, search_lines, trouble, trouble_code};
