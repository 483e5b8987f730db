use crate::{Cause, Freshness, MailboxId, MailboxRef, MessageId, Moment, TextBlock};
use serde::{Deserialize, Serialize};

/// How a letter is to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LetterQuery {
    /// `?charset=`: read the text again as this.
    pub charset: Option<String>,
    /// `?view=text`: the text alternative although there is HTML.
    pub text: bool,
    /// `?headers=1`: every header field.
    pub headers: bool,
    /// Order and filter of the list the reader came from, for previous and next.
    pub list: crate::ListQuery,
}

/// A message, opened, and where it stands in its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The mailbox it was opened in.
    pub mailbox: MailboxRef,
    /// The message.
    pub message: Message,
    /// The one above it in the list.
    pub previous: Option<Neighbour>,
    /// The one below it.
    pub next: Option<Neighbour>,
    /// Source and age.
    pub freshness: Freshness,
}

/// The message before or after in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// The mailbox it is in, where that is not the letter's.
    pub mailbox: Option<MailboxId>,
    /// Opaque id.
    pub id: MessageId,
}

/// One message, parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Opaque id.
    pub id: MessageId,
    /// Decoded subject; empty when there is none.
    pub subject: String,
    /// From; more than one is possible and all are shown.
    pub from: Vec<Person>,
    /// Sender, when it differs from From.
    pub sender: Option<Person>,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Reply-To, when it differs from From.
    pub reply_to: Vec<Person>,
    /// Date field, or the time of arrival without one.
    pub date: Moment,
    /// Bytes of the whole message.
    pub size: u64,
    /// Neither \Seen nor opened here.
    pub unread: bool,
    /// Shown as read only because it was opened here; the spool does not know yet.
    pub opened_here: bool,
    /// \Flagged
    pub flagged: bool,
    /// What to show.
    pub body: Body,
    /// Files, in order.
    pub attachments: Vec<Attachment>,
    /// Set for a delivery report (RFC 3464).
    pub report: Option<DeliveryReport>,
    /// What is wrong with the message.
    pub notes: Vec<DefectNote>,
    /// Every header field, decoded, when asked for.
    pub headers: Vec<(String, String)>,
    /// The charset the text was read as, when there was a choice to make.
    pub charset: Option<String>,
    /// Encrypted (PGP or S/MIME): the text cannot be shown here.
    pub encrypted: bool,
    /// Says which letter its attachments are of; empty where that is not known.
    pub of: String,
}

/// A person or list in a header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Display name; may be empty.
    pub name: String,
    /// Address, always shown.
    pub address: String,
}

/// The text of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Shown in the page.
    Text {
        /// The blocks.
        blocks: Vec<TextBlock>,
        /// There is an HTML form too.
        has_html: bool,
    },
    /// Shown in the frame.
    Html {
        /// Remote images that are not loaded.
        remote_images: u32,
        /// There is a text form too.
        has_text: bool,
    },
    /// Nothing to read but, perhaps, attachments.
    Empty,
    /// Nobody could look into it; its source can be had.
    Unshown(Cause),
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// `{n}` in `/part/{n}`.
    pub part: u32,
    /// Cleaned name.
    pub name: String,
    /// Decoded bytes.
    pub size: u64,
    /// `size` is an estimate.
    pub about: bool,
    /// What it looks like.
    pub icon: FileIcon,
    /// Letters on the icon: `PDF`, `XLSX`.
    pub extension: String,
    /// A raster image that may be shown by itself.
    pub viewable: bool,
    /// The content is not what its type says.
    pub mismatch: bool,
}

/// What a file looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FileIcon {
    Pdf,
    Image,
    Archive,
    Sheet,
    Document,
    Slides,
    Audio,
    Video,
    Text,
    Calendar,
    Mail,
    #[default]
    Other,
}

/// What a mail system says became of a letter (RFC 3464).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// One for each recipient.
    pub recipients: Vec<Recipient>,
}

/// What became of a letter for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Whose copy.
    pub address: String,
    /// What happened.
    pub action: DeliveryAction,
    /// Enhanced status code (RFC 3463), as `4.4.1`.
    pub status: String,
    /// What the other side said.
    pub diagnostic: String,
    /// Until when it is tried again.
    pub retry_until: Option<Moment>,
}

/// RFC 3464 §2.3.3
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryAction {
    /// Given up.
    Failed,
    /// Not yet; will be tried again.
    Delayed,
    /// Arrived.
    Delivered,
    /// Passed to a system that sends no reports.
    Relayed,
    /// Delivered and sent on to several.
    Expanded,
}

/// A defect of a message or mailbox: a code with its sentence in the catalogues, and what it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefectNote {
    /// Stable code, as `symlink` or `unknown-charset`.
    pub code: String,
    /// File name, charset or the like; may be empty.
    pub detail: String,
    /// How many of the same kind.
    pub count: u32,
}
