//! Browsers report what our policy stopped. The report is logged, cut short: it is text from outside.

use axum::{body::Bytes, http::StatusCode};
use std::sync::atomic::{AtomicU32, Ordering};

const MOST_BYTES: usize = 2048;
/// Reports logged over the life of the process; more would only fill the log.
const MOST_REPORTS: u32 = 1000;

static REPORTS: AtomicU32 = AtomicU32::new(0);

/// Takes a report.
pub async fn accept(body: Bytes) -> StatusCode {
    if REPORTS.fetch_add(1, Ordering::Relaxed) < MOST_REPORTS {
        let report = String::from_utf8_lossy(&body[..body.len().min(MOST_BYTES)]);
        // `?` escapes control characters.
        tracing::warn!(?report, "a page broke the policy");
    } else {
        REPORTS.fetch_sub(1, Ordering::Relaxed);
    }
    StatusCode::NO_CONTENT
}
