//! What a hostile body may not do, judged by the document that leaves the crate.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod check;
mod properties;
mod tokens;
mod vectors;
