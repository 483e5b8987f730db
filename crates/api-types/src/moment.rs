use serde::{Deserialize, Serialize};

/// A point in time with the words for it, in the person's language and zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// RFC 3339 with the person's offset, for `<time datetime>`.
    pub rfc3339: String,
    /// As a list shows it: `9:41`, `Yesterday`, `11/20`, `2025/11/20`.
    pub short: String,
    /// In full: `2026年11月24日 (火) 9:12`.
    pub full: String,
}

/// The heading a row stands under when a list is sorted by date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Day {
    /// Today, in the person's zone.
    Today,
    /// The day before.
    Yesterday,
    /// Any other day.
    #[default]
    Earlier,
}
