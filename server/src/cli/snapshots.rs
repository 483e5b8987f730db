//! `snapshots`, on the command line.

use super::Source;
use clap::Subcommand;
use std::path::PathBuf;

/// What can be done with earlier copies.
#[derive(Debug, Subcommand)]
pub enum Snapshots {
    /// Count what is in a finished copy and write its marker: the time, and how many messages there are of each account. Exit 1 if some
    /// cannot be counted, for whom the copy is then not complete.
    Mark {
        /// The copy: the folder whose name stands for {snapshot} in `[[spool.snapshots]] path`.
        dir: PathBuf,
        /// When it was made (2026-11-27T03:00:00+09:00); else what a marker that is there says, else now.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        #[command(flatten)]
        source: Source,
    },
}
