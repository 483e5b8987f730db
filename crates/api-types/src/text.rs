use serde::{Deserialize, Serialize};

/// A block of a plain-text letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextBlock {
    /// Lines written by the sender.
    Paragraph(Vec<Inline>),
    /// Quoted text; folded when long.
    Quote {
        /// Number of quoted lines.
        lines: u32,
        /// What is quoted, without the marks.
        blocks: Vec<TextBlock>,
    },
    /// What follows `-- `.
    Signature(Vec<TextBlock>),
}

/// A run inside a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Text.
    Text(String),
    /// A link; `href` is the serialisation of a parsed http, https or mailto URL.
    Link {
        /// As written.
        text: String,
        /// Where it goes.
        href: String,
    },
    /// End of a line.
    Break,
}
