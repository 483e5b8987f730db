use api_types::{Day, Moment};
use jiff::civil::Date;
use render::BodyWords;
use std::ops::Range;

/// Puts a point in time into the words of one person: their language, their zone, and what day it is there.
///
/// The pages implement it; this crate knows no language.
pub trait Wording: Send + Sync {
    /// The words for `unix` seconds.
    fn moment(&self, unix: i64) -> Moment;
    /// The words for the moment that a copy was made at, the short ones with its day and time. Where the time is not known it is told by
    /// the `day` alone: that of the place it was made at, and not what the person's calendar shows at `unix` seconds, when that began.
    fn of_copy(&self, unix: i64, day: Option<Date>) -> Moment;
    /// The heading it stands under in a list.
    fn day(&self, unix: i64) -> Day;
    /// The seconds of that day (`2026-11-24`) in the person's zone; `None` if there is no such day.
    fn span(&self, day: &str) -> Option<Range<i64>>;
    /// The few words that the document of a letter's frame needs.
    fn body_words(&self) -> BodyWords;
}
