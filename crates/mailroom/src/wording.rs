use api_types::{Day, Moment};
use render::BodyWords;

/// Puts a point in time into the words of one person: their language, their zone, and what day it is there.
///
/// The pages implement it; this crate knows no language.
pub trait Wording: Send + Sync {
    /// The words for `unix` seconds.
    fn moment(&self, unix: i64) -> Moment;
    /// The heading it stands under in a list.
    fn day(&self, unix: i64) -> Day;
    /// The few words that the document of a letter's frame needs.
    fn body_words(&self) -> BodyWords;
}
