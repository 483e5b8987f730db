//! What a hostile body may not do, judged by the document that leaves the crate.

mod check;
mod properties;
mod tokens;
mod vectors;
