//! The bytes of one message, made safe to look at.
//!
//! Headers, structure, preview, text as blocks, and a sanitised document for HTML. Total: bad mail gives a view and a list of
//! [`Defect`]s, never an error and never a panic. Nothing here does I/O or knows the time.
//!
//! A message of any size is taken in through [`SkeletonBuilder`], which keeps what is needed to understand it in bounded memory;
//! everything else works on the [`Skeleton`]. Raw HTML leaves this crate only through [`body_document`], as a whole document
//! that nothing edits afterwards.
//!
//! Must never do I/O, print HTML built from unescaped text, or decode a charset twice.
//!
//! To extend: a new kind of part gets a file and a field in [`View`]; a new HTML rule goes into `html/` with its vector in
//! `tests/vectors.rs`.
#![deny(missing_docs)]

mod charset;
mod clean;
mod decode;
mod defect;
mod document;
mod encoded_word;
mod envelope;
mod html;
mod icon;
mod limits;
mod links;
mod names;
mod params;
mod preview;
mod report;
mod skeleton;
mod structure;
mod text;
mod view;

pub use decode::{Encoding, PartDecoder};
pub use defect::{Defect, DefectKind};
pub use document::{
    BodyDocument, BodyOptions, BodyView, BodyWords, body_document, body_document_linking, notice_document,
    text_document_alone,
};
pub use envelope::{Address, Envelope, envelope, header_end};
pub use icon::{FileIcon, image_type};
pub use names::disposition_file_name;
pub use report::{Action, DeliveryReport, Recipient};
pub use skeleton::{Skeleton, SkeletonBuilder};
pub use structure::{Part, PartKind, Structure, structure};
pub use text::{Inline, TextBlock};
pub use view::{HtmlInfo, Options, Summary, TextWanted, View, message, summary};
