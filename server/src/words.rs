//! What pages say that are made by the process alone (`routes/help.rs`, `routes/incidents.rs`): beside the catalogues of `app`, whose
//! every word is also in the browser's half. Every sentence is in `words/ja.rs` and `words/en.rs`; a word that is missing in one does
//! not compile.

mod en;
mod ja;

use api_types::Cause;
use app::{prefs::Lang, words::Notice};

/// One language. What incidents and services are called is in `app`.
pub struct PageWords {
    /// "My mail program times out".
    pub help: Help,
    /// What is taken along.
    pub export: Export,
    /// Where staff tell of incidents.
    pub staff: Staff,
    /// When something that goes on will be over.
    pub expected: fn(&str) -> String,
}

impl PageWords {
    /// Those of a language.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ja => &ja::WORDS,
            Lang::En => &en::WORDS,
        }
    }
}

/// Words of `/help/client-timeout`.
pub struct Help {
    pub title: &'static str,
    pub lead: &'static str,
    /// Services, each with since when.
    pub failing: fn(&str) -> String,
    /// A service, and since when.
    pub failing_since: fn(&str, &str) -> String,
    pub slow: fn(&str) -> String,
    pub spool: &'static str,
    pub known: fn(&str) -> String,
    /// Services, each with how fast it is.
    pub answering: fn(&str) -> String,
    /// A service, and how fast it is.
    pub answering_in: fn(&str, &str) -> String,
    pub not_yet: &'static str,
    pub unwatched: &'static str,
    pub servers: &'static str,
    /// Looks of ten minutes, and how many of them failed.
    pub looks: fn(&str, &str) -> String,
    /// How fast half and nearly all of them were.
    pub figures: fn(&str) -> String,
    pub no_looks: &'static str,
    pub arrives: &'static str,
    /// When, and how long ago.
    pub newest: fn(&str, &str) -> String,
    pub nothing: &'static str,
    pub read_now: &'static str,
    /// Why no more is known, and as of when this was so.
    pub as_known: fn(Cause, &str) -> String,
    pub unreadable: &'static str,
    pub signed_out: &'static str,
    pub sign_in: &'static str,
    pub who_knows: &'static str,
    /// Seconds.
    pub ago: fn(i64) -> String,
    pub to_do: &'static str,
    pub read_here: &'static str,
    pub export: &'static str,
    pub export_hint: &'static str,
    pub check: &'static str,
    pub check_network: &'static str,
    pub check_password: &'static str,
    pub check_restart: &'static str,
    pub check_settings: &'static str,
    /// A service, its server and its port.
    pub server: fn(&str, &str, &str) -> String,
    pub contact: fn(&str) -> String,
}

/// Words of `/status/incidents`.
pub struct Staff {
    pub title: &'static str,
    pub lead: &'static str,
    pub none: &'static str,
    pub change: &'static str,
    pub back: &'static str,
    pub by: fn(&str) -> String,
    pub open_new: &'static str,
    pub so_far: &'static str,
    pub tell_more: &'static str,
    pub severity: &'static str,
    pub affects: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    /// Of that zone.
    pub times: fn(&str) -> String,
    pub open: &'static str,
    pub update: &'static str,
    pub close: &'static str,
    pub close_hint: &'static str,
    pub opened: &'static str,
    pub updated: &'static str,
    pub closed: &'static str,
    pub not_told: &'static str,
    pub meanwhile: &'static str,
    pub bad_length: fn(&str) -> String,
    pub bad_control: &'static str,
    pub bad_time: &'static str,
    pub bad_order: &'static str,
    pub bad_severity: &'static str,
    pub bad_service: &'static str,
    pub bad_database: &'static str,
    pub read_only: &'static str,
}

/// Hours, minutes or days, whichever says enough: the number, and which.
pub(crate) enum Span {
    Moments,
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

impl Span {
    /// Of seconds. A clock that is ahead by a little makes no future of what has happened.
    pub(crate) fn of(seconds: i64) -> Self {
        match seconds {
            ..60 => Self::Moments,
            60..3_600 => Self::Minutes(seconds / 60),
            3_600..172_800 => Self::Hours(seconds / 3_600),
            _ => Self::Days(seconds / 86_400),
        }
    }
}

/// Words of an export.
pub struct Export {
    /// What the list at its end is called.
    pub title: &'static str,
    /// When it was made.
    pub made: fn(&str) -> String,
    /// A mailbox, how many messages of it, and as of when: as the spool says.
    pub live: fn(&str, &str, &str) -> String,
    /// The same, from what is remembered.
    pub saved: fn(&str, &str, &str) -> String,
    /// The same, of an earlier copy of the spool.
    pub snapshot: fn(&str, &str, &str) -> String,
    /// The same, of a copy that is not known to be complete.
    pub unmarked: fn(&str, &str, &str) -> String,
    /// In the name of a file.
    pub name_live: &'static str,
    pub name_saved: &'static str,
    /// A mailbox that has never been read whole.
    pub never: fn(&str, &str) -> String,
    pub pending: fn(&str) -> String,
    /// How many of how many are kept copies.
    pub copies: fn(&str, &str) -> String,
    pub missing: &'static str,
    pub unnamed: fn(&str) -> String,
    pub more: &'static str,
    pub busy: Notice,
    pub heading: &'static str,
    pub heading_of: fn(&str) -> String,
    pub intro: &'static str,
    pub hint: fn(&str) -> String,
    pub mailboxes: &'static str,
    pub choose: &'static str,
    pub choose_of: fn(&str) -> String,
    pub other_mailboxes: &'static str,
    pub messages: &'static str,
    pub period: &'static str,
    pub since: &'static str,
    pub until: &'static str,
    pub form: &'static str,
    pub zip: &'static str,
    pub mbox: &'static str,
    pub submit: &'static str,
    pub newer: &'static str,
    pub older: &'static str,
    pub each_page: &'static str,
}
