//! One file for each server function. Reads are GET and use the `Reader`; changes are POST and need the `Writer`.

mod extend_session;
mod failure;
mod list_mailboxes;
mod list_messages;
mod list_sessions;
mod mark_opened;
mod mark_unread;
mod open_message;
mod search_messages;
mod session_left;
mod wire;

pub use extend_session::{ExtendSession, extend_session};
pub use failure::Failure;
pub use list_mailboxes::{ListMailboxes, list_mailboxes};
pub use list_messages::{ListMessages, list_messages};
pub use list_sessions::{ListSessions, list_sessions};
pub use mark_opened::{MarkOpened, mark_opened};
pub use mark_unread::{MarkUnread, mark_unread};
pub use open_message::{OpenMessage, open_message};
pub use search_messages::{SearchMessages, search_messages};
pub use session_left::{SessionLeft, session_left};
pub use wire::{Lean, Wire};

#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
pub use desk::set_page_status;
