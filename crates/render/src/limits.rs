//! Where the reading of a hostile message ends. Figures from the design's resource limits; each excess leaves a defect.

/// Messages up to this many bytes are kept whole.
pub(crate) const WHOLE: u64 = 4 << 20;
/// Kept of all of a larger message.
pub(crate) const KEPT: usize = 64 << 20;
/// Kept of a stretch of text without a line that may be a boundary.
pub(crate) const KEPT_TEXT: usize = 2 << 20;
/// Kept of such a stretch in base64.
pub(crate) const KEPT_BASE64: usize = 64 << 10;
/// Lines that may be boundaries: the parser keeps a record for each part.
pub(crate) const BOUNDARY_LINES: usize = 4_000;

/// A header block.
pub(crate) const HEADER_BLOCK: usize = 256 << 10;
/// One header field.
pub(crate) const HEADER_FIELD: usize = 16 << 10;
/// Header fields shown.
pub(crate) const HEADER_FIELDS: usize = 1_000;
/// Addresses of one field.
pub(crate) const ADDRESSES: usize = 100;
/// References used, the newest.
pub(crate) const REFERENCES: usize = 100;
/// Encoded words of one field.
pub(crate) const ENCODED_WORDS: usize = 200;
/// Parameters of one field, and sections of one parameter.
pub(crate) const PARAMETERS: usize = 100;

/// Parts listed.
pub(crate) const PARTS: usize = 500;
/// Nesting of parts.
pub(crate) const DEPTH: u16 = 20;
/// Decoded text shown.
pub(crate) const TEXT: usize = 2 << 20;
/// Decoded HTML shown.
pub(crate) const HTML: usize = 1 << 20;

/// Tags of an HTML document.
pub(crate) const TAGS: usize = 20_000;
/// Elements open at once.
pub(crate) const OPEN_ELEMENTS: usize = 256;
/// Bytes of one attribute; images in `data:` URLs apart.
pub(crate) const ATTRIBUTE: usize = 16 << 10;
/// Attributes of one tag.
pub(crate) const ATTRIBUTES: usize = 64;
/// Bytes of attributes on formatting elements times block starts: the tree builder copies the first at each of the second.
pub(crate) const AMPLIFIED: usize = 8 << 20;
/// Characters that are written as references times the bytes of the document: printing looks at all of the text for each.
pub(crate) const ESCAPED: usize = 1 << 34;
/// Sanitised output.
pub(crate) const CLEAN_HTML: usize = 5 << 20;
/// Images of the message itself, inlined.
pub(crate) const INLINED: usize = 8 << 20;
/// Places at which a document loads such an image by itself, because it does not fit.
pub(crate) const LINKED: usize = 1_000;
/// CSS declarations of one element.
pub(crate) const DECLARATIONS: usize = 60;
