//! The use cases of the portal: the one place where spool, render, index and state meet, and where a person's right to a
//! message is decided.
//!
//! A [`Mailroom`] gives out a [`Reader`] for an account, and a [`Writer`] to those who may change something. Both are bound
//! to the account, so no query can forget it. Reading never waits for the spool longer than its deadline: the answer then
//! comes from the index, with its age.
//!
//! Must never know axum or leptos, read the clock or the environment, or put mail into a log.
//!
//! To extend: a use case is a file with one `impl Reader` or `impl Writer` block; what it returns is in `api-types`.
#![deny(missing_docs)]

mod account;
mod ahead;
mod beside;
mod body;
mod clock;
mod compare;
mod convert;
mod desk;
mod desks;
mod doctor;
mod download;
mod drilled;
mod error;
mod export;
mod fetch;
mod found;
mod ids;
mod image;
mod image_urls;
mod indexing;
mod kept;
mod list;
mod newest;
mod open;
mod rail;
mod reader;
mod recent;
mod render_client;
mod renewed;
mod room;
mod search;
mod snapshots;
mod spool_client;
mod survey;
mod sync;
#[cfg(test)]
mod testing;
mod took;
mod wording;
mod writer;

pub use account::{Account, Accounts, MountKey, MountKind};
pub use body::BodyRequest;
pub use clock::Clock;
pub use compare::{CompareOptions, Copies, Difference, Finding, Letter, Side, Totals, compare, count};
pub use doctor::{Ill, Severity, doctor};
pub use download::Download;
pub use drilled::{Drilled, Rehearsed};
pub use error::MailroomError;
pub use export::{ExportOf, ExportPlace, ExportPlan, Exported};
pub use image::GrantedImage;
pub use indexing::IndexProgress;
pub use kept::Keep;
pub use newest::Newest;
pub use reader::Reader;
pub use render::{BodyDocument, BodyView, BodyWords, disposition_file_name};
pub use render_client::{Renderer, confine_renderer, serve_renderer};
pub use room::{Deadlines, Mailroom, Setup};
pub use snapshots::{SnapshotKind, SnapshotRoot, SurveyedSnapshots, count_in_copy, marked_at, survey_snapshots};
pub use spool::{
    LONGEST_MARKER, Layout, Marks, MboxQuoting, Owner, Place, Quota, SpecialUse, SpoolError, StoreConfig, printable,
};
pub use spool_client::{HelperSettings, SpoolReaders, serve_spool};
pub use survey::{Survey, SurveyedMailbox, SurveyedMessage, survey};
pub use took::Took;
pub use wording::Wording;
pub use writer::Writer;
