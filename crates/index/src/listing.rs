mod apply;
mod arrivals;
mod begin;
mod diff;
mod known;
mod write;

use crate::{EnvelopeIn, PreviewIn};

/// A second listing without a name decides, no sooner than this after the first.
pub(crate) const SECOND_LOOK_NS: i64 = 2_000_000_000;
/// The same for a listing that lost most of a mailbox which others still name, or which lay on another device.
const DOUBTFUL_LOOK_NS: i64 = 10 * 60 * 1_000_000_000;
/// What is gone is remembered this long, in case it comes back.
const TOMBSTONE_NS: i64 = 30 * 24 * 3600 * 1_000_000_000;

/// A message as a listing names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its base name.
    pub base: Vec<u8>,
    /// Its id in URLs, made of the base name: one for each message of a mailbox.
    pub public_id: String,
    /// Where it is, opaque.
    pub location: Vec<u8>,
    /// See [`flags`](crate::flags).
    pub flags: u32,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Its UID, if anyone gave it one.
    pub uid: Option<u32>,
    /// Its size, if the name tells.
    pub size: Option<u64>,
    /// About when it arrived, in seconds: its date until the header has been read.
    pub order_hint: i64,
}

/// What a listing of a mailbox found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingIn {
    /// The messages. Of two with one id the first counts.
    pub entries: Vec<Seen>,
    /// The listing is complete: nothing changed while it was made, so what is not in it may be gone.
    pub may_remove: bool,
    /// What it is true of, opaque.
    pub stamp: Vec<u8>,
    /// That stamp is old enough to be trusted.
    pub settled: bool,
    /// What the caller wants to know again at the next listing, opaque.
    pub memory: Option<Vec<u8>>,
    /// Its UIDVALIDITY, if anyone gave it one.
    pub uidvalidity: Option<u32>,
    /// How many messages another's list of the mailbox (`dovecot-uidlist`) still names, if there is one.
    pub expected: Option<u64>,
    /// The messages lie where they lay at the last listing that was believed.
    pub same_place: bool,
    /// They lie on another device than at the last listing that was believed.
    pub other_device: bool,
    /// What was wrong; the caller's words.
    pub defect: Option<String>,
    /// As of when the index is known to be true with it, in nanoseconds; `None` leaves what was known before.
    pub as_of: Option<i64>,
}

/// Of a listing, what is still to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Messages.
    pub coming: u64,
    /// Of these, not seen.
    pub unread: u64,
}

/// What arrived since a mailbox was listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrivalsIn {
    /// The messages, new or with another UID. Of two with one id the first counts.
    pub entries: Vec<Seen>,
    /// The stamp that they arrived since.
    pub since: Vec<u8>,
    /// What the index is true of with them, opaque.
    pub stamp: Vec<u8>,
    /// That stamp is old enough to be trusted.
    pub settled: bool,
    /// What the caller wants to know again, opaque.
    pub memory: Vec<u8>,
    /// As of when the index is known to be true with them, in nanoseconds; `None` leaves what was known before.
    pub as_of: Option<i64>,
    /// What the headers of some of them say; instead of a row, the place in `entries`.
    pub heads: Vec<EnvelopeIn>,
    /// What the texts of some of those give to a list; instead of a row, the place in `entries`.
    pub texts: Vec<PreviewIn>,
}

/// What a listing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Messages that are new.
    pub added: u64,
    /// Messages with other flags, another name, or other content.
    pub changed: u64,
    /// Messages that had been missing or gone and are there again.
    pub returned: u64,
    /// Messages that are missing, and not gone yet: a second listing decides.
    pub missing: u64,
    /// Messages that are shown and were not found by a listing that may miss some.
    pub lacking: u64,
    /// Messages that are gone by this listing.
    pub removed: u64,
    /// Messages, by their ids in URLs, that have been gone from this mailbox for so long that nothing is remembered of them any more.
    pub forgotten: Vec<String>,
    /// It lost most of a mailbox that others still name, or that lay on another device before. Those messages stay for some minutes.
    pub doubtful: bool,
    /// The listing was not believed, and changed nothing.
    pub refused: Option<Refused>,
}

impl Applied {
    /// What the listing lacks is shown none the less: the index is not known to be true with it.
    pub fn is_doubted(&self) -> bool {
        self.doubtful && self.missing > 0
    }

    /// What is shown is what was found.
    pub fn is_whole(&self) -> bool {
        self.missing == 0 && self.lacking == 0
    }
}

/// Why a listing is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It lost most of a mailbox that others still name, and is of another place, or found nothing: the store is not mounted, or
    /// another is.
    WrongStore,
}
