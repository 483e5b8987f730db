use crate::{MailboxId, MessageId};
use serde::{Deserialize, Serialize};

/// Every way in which a request can fail, as far as the person who made it may know.
///
/// Inner causes are logged under the incident id and never sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// No session, or an expired one.
    SignedOut,
    /// No such mailbox or message; somebody else's answers alike.
    NotFound,
    /// The message stood here and was moved or deleted meanwhile.
    Gone,
    /// The message is in another mailbox now.
    Moved {
        /// Where it is.
        mailbox: MailboxId,
        /// Its id there.
        message: MessageId,
    },
    /// The request was not understood, or came from another site.
    BadRequest,
    /// It cannot be read now.
    Unavailable(Cause),
    /// A defect of ours.
    Internal {
        /// What to tell the operator.
        incident: String,
    },
    /// The portal itself could not be reached (seen only in the browser).
    Offline,
}

/// Why mail cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The spool did not answer within the deadline.
    Slow,
    /// The spool is not there.
    Missing,
    /// The spool refuses us.
    Denied,
    /// The spool answers with an input/output error.
    Broken,
    /// What is mounted is not this person's spool.
    WrongStore,
    /// The mailbox is of a kind that is not read.
    Unsupported,
    /// The spool is fine; the portal cannot write its own index, on a full disk for instance.
    Portal,
    /// The message took too much time or memory to be looked into.
    Unshown,
    /// Too many messages are being looked into just now.
    Busy,
}
