use api_types::{ApiError, Cause, MailboxId, MessageId};
use thiserror::Error;

/// Why a use case could not be carried out.
#[derive(Debug, Error)]
pub enum MailroomError {
    /// No such mailbox, message or part for this account.
    #[error("not found")]
    NotFound,
    /// The index knows it, the spool no longer has it.
    #[error("gone from the spool")]
    Gone,
    /// It is in another mailbox now.
    #[error("moved to another mailbox")]
    Moved {
        /// Where it is.
        mailbox: MailboxId,
        /// Its id there.
        message: MessageId,
    },
    /// The spool cannot be read now.
    #[error("the spool cannot be read: {0:?}")]
    Unavailable(Cause),
    /// Parsing a message failed in a way that should be impossible.
    #[error("a message could not be parsed")]
    Unreadable,
    /// A request that makes no sense.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] index::IndexError),
    /// The state failed.
    #[error(transparent)]
    State(#[from] state::StateError),
}

impl MailroomError {
    /// The index is damaged: it is worth trying again with a new one.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Index(index::IndexError::Damaged(_)))
    }

    /// What the person may know of it; `incident` names the log line that holds the cause.
    pub fn to_api(&self, incident: impl FnOnce() -> String) -> ApiError {
        match self {
            Self::NotFound => ApiError::NotFound,
            Self::Gone => ApiError::Gone,
            Self::Moved { mailbox, message } => ApiError::Moved {
                mailbox: mailbox.clone(),
                message: message.clone(),
            },
            Self::Unavailable(cause) => ApiError::Unavailable(*cause),
            Self::BadRequest(_) => ApiError::BadRequest,
            Self::Index(_) | Self::State(_) | Self::Unreadable => ApiError::Internal { incident: incident() },
        }
    }
}
