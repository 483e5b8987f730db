//! `[status]`: who tells everybody of incidents on a page.

use serde::Deserialize;

/// See the module.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusSection {
    /// Names of accounts, each to the letter; or one.
    #[serde(deserialize_with = "super::one_or_many")]
    pub staff: Vec<String>,
}
