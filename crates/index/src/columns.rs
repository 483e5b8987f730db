//! Rows as JSON, a whole list in one value: sqlx hands rows from thread to thread one by one, and a page of fifty cost a hundred
//! switches, more than all the rest of the query.

use crate::{IndexError, Result};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};

/// Reads what `json_array` or `json_group_array` made.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| IndexError::Damaged(error.to_string()))
}

/// Bytes, which JSON cannot hold: the column through `hex`.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let digits = <&str>::deserialize(deserializer)?;
        let bytes = data_encoding::HEXUPPER.decode(digits.as_bytes());
        bytes.map(Self).map_err(D::Error::custom)
    }
}

/// A truth value, which SQLite keeps as a number.
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Self(i64::deserialize(deserializer)? != 0))
    }
}
