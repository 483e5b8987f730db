//! `fumibako drill …`.

use super::Source;
use clap::{Args, Subcommand};

/// What can be done with drills.
#[derive(Debug, Subcommand)]
pub enum Drill {
    /// For these accounts the spool does not answer: they read what is kept, as in an outage. Prints the drill's name.
    SpoolGone(Start),
    /// For these accounts the spool answers late.
    SpoolSlow(Start),
    /// To these accounts the IMAP server is said not to answer.
    ImapDown(Start),
    /// Those that go on.
    List {
        #[command(flatten)]
        source: Source,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// End one before its time, or all.
    Stop {
        /// Its name, as the list has it.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Each that goes on.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        source: Source,
    },
}

/// With whom, and for how long.
#[derive(Args, Clone, Debug)]
pub struct Start {
    /// With whom, with commas between.
    #[arg(long, value_name = "ACCOUNTS", value_delimiter = ',', required = true)]
    pub accounts: Vec<String>,
    /// For how long, 4h at most: 90s, 15m, 1h. It ends by itself.
    #[arg(long = "for", value_name = "TIME")]
    pub lasts: String,
    #[command(flatten)]
    pub source: Source,
    /// As a JSON object.
    #[arg(long)]
    pub json: bool,
}
