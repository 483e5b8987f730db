//! What is known of the spool. Whoever reads it knows; here it is only asked for.

use probe::Sample;
use std::sync::Arc;

/// What the last look at the spool gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoolHealth {
    /// Nobody looks.
    Unknown,
    /// When it was looked at (in seconds since 1970), how long that took, and what it gave. The same look may be given again.
    Looked(Sample),
}

/// Gives what is known at once: it is called on the thread that accepts connections, and must never wait for the spool.
pub type SpoolLook = Arc<dyn Fn() -> SpoolHealth + Send + Sync>;

/// Stands where the prober of the spool will: it knows nothing.
pub fn not_looked_at() -> SpoolHealth {
    SpoolHealth::Unknown
}
