/// What is wrong with a message; shown to the reader, never a reason not to show the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// What kind.
    pub kind: DefectKind,
    /// What it concerns, as a charset or a count; may be empty.
    pub detail: String,
}

use serde::{Deserialize, Serialize};

/// The kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DefectKind {
    /// The message has no header fields.
    NoHeaders,
    /// A header block or field is longer than is read.
    HeaderTooLong,
    /// More parts than are listed.
    TooManyParts,
    /// Parts nested deeper than is followed.
    TooDeep,
    /// A part does not keep to its transfer encoding.
    BadEncoding,
    /// A charset nobody knows; the text is read as another.
    UnknownCharset,
    /// The text is not in the charset it says; it is read as the one it looks like.
    Mislabelled,
    /// Bytes that the charset does not have were replaced.
    BadText,
    /// The message ends before its parts do.
    Truncated,
    /// The date field does not say when.
    BadDate,
    /// Text cut at the limit.
    TextTooLong,
    /// HTML too large or too nested to be shown; its text is.
    HtmlTooComplex,
    /// The message is too large to be understood as a whole.
    TooLarge,
    /// NUL bytes, as after a crash of a file server.
    NulBytes,
}

impl DefectKind {
    /// Stable code; the catalogues have a sentence for each.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoHeaders => "not-a-message",
            Self::HeaderTooLong => "header-too-long",
            Self::TooManyParts => "too-many-parts",
            Self::TooDeep => "too-deep",
            Self::BadEncoding => "bad-encoding",
            Self::UnknownCharset => "unknown-charset",
            Self::Mislabelled => "mislabelled-charset",
            Self::BadText => "undecodable",
            Self::Truncated => "truncated",
            Self::BadDate => "bad-date",
            Self::TextTooLong | Self::TooLarge => "too-large",
            Self::HtmlTooComplex => "too-complex",
            Self::NulBytes => "nul-bytes",
        }
    }
}

/// Defects of one message, each kind once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defects(pub(crate) Vec<Defect>);

impl Defects {
    pub(crate) fn note(&mut self, kind: DefectKind, detail: impl Into<String>) {
        if !self.0.iter().any(|defect| defect.kind == kind) {
            self.0.push(Defect {
                kind,
                detail: detail.into(),
            });
        }
    }
}
