//! How a resource travels inside the page. leptos escapes a text codec with `{:?}`, which costs more than the rest of a page
//! when the text is Japanese; bytes it carries as base64.

use super::Failure;
use api_types::{Body, Letter, MessageList, MessageRow, Moment};
use codee::{Decoder, Encoder};
use serde::{Serialize, de::DeserializeOwned};

/// postcard.
pub struct Wire;

impl<T: Serialize> Encoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Self::Encoded, Self::Error> {
        postcard::to_allocvec(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &Self::Encoded) -> Result<T, Self::Error> {
        postcard::from_bytes(bytes)
    }
}

/// postcard, without what stands in the page already and is taken from there as it is (`written.rs`).
pub struct Lean;

impl Encoder<Result<MessageList, Failure>> for Lean {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &Result<MessageList, Failure>) -> Result<Self::Encoded, Self::Error> {
        let lean = value.as_ref().map(|list| MessageList {
            mailbox: list.mailbox.clone(),
            query: list.query.clone(),
            rows: list.rows.iter().map(lean_row).collect(),
            freshness: list.freshness.clone(),
            drill: list.drill.clone(),
            notes: list.notes.clone(),
            found: list.found.clone(),
            earlier: list.earlier.clone(),
            ..*list
        });
        postcard::to_allocvec(&lean)
    }
}

impl Encoder<Option<Result<Letter, Failure>>> for Lean {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &Option<Result<Letter, Failure>>) -> Result<Self::Encoded, Self::Error> {
        let Some(Ok(letter)) = value else {
            return postcard::to_allocvec(value);
        };
        let mut letter = letter.clone();
        if let Body::Text { blocks, .. } = &mut letter.message.body {
            blocks.clear();
        }
        postcard::to_allocvec(&Some(Ok::<_, Failure>(letter)))
    }
}

impl<T: DeserializeOwned> Decoder<T> for Lean {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &Self::Encoded) -> Result<T, Self::Error> {
        postcard::from_bytes(bytes)
    }
}

/// What the browser needs of a row to move between letters.
fn lean_row(row: &MessageRow) -> MessageRow {
    let nothing = String::new;
    MessageRow {
        id: row.id.clone(),
        mailbox: row.mailbox.clone(),
        from: nothing(),
        subject: nothing(),
        preview: nothing(),
        date: Moment {
            rfc3339: nothing(),
            short: nothing(),
            full: nothing(),
        },
        ..*row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Failure;
    use api_types::{ApiError, Cause, Freshness, Rail, Source};

    #[test]
    fn what_goes_in_comes_out() {
        let freshness = Freshness {
            source: Source::Saved,
            as_of: None,
            spool_ms: Some(3),
            pending: 7,
        };
        let rail: Result<Rail, Failure> = Ok(Rail {
            person: "田中 太郎".into(),
            mailboxes: Vec::new(),
            freshness,
            copies: Vec::new(),
        });
        let bytes = Wire::encode(&rail).expect("plain data");
        assert_eq!(<Wire as Decoder<Result<Rail, Failure>>>::decode(&bytes), Ok(rail));
        let failure: Result<(), Failure> = Err(Failure(ApiError::Unavailable(Cause::Slow)));
        let bytes = Wire::encode(&failure).expect("plain data");
        assert_eq!(<Wire as Decoder<Result<(), Failure>>>::decode(&bytes), Ok(failure));
    }
}
