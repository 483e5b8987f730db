//! `fumibako incident …`.

use super::Source;
use clap::{Args, Subcommand, ValueEnum};

/// What can be done with incidents.
#[derive(Debug, Subcommand)]
pub enum Incident {
    /// Tell of something new, and print its name.
    Open {
        #[command(flatten)]
        words: Words,
        /// How bad it is.
        #[arg(long)]
        severity: Severity,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        source: Source,
        /// As a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Tell more of one, also after it was closed; what is not given stays as it is.
    Update {
        /// Its name, as the list has it.
        id: String,
        #[command(flatten)]
        words: Words,
        /// How bad it is.
        #[arg(long)]
        severity: Option<Severity>,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        source: Source,
    },
    /// Say that one is over, with a last word or without.
    Close {
        /// Its name, as the list has it.
        id: String,
        /// A last word in Japanese.
        #[arg(long, value_name = "TEXT", requires = "en")]
        ja: Option<String>,
        /// A last word in English.
        #[arg(long, value_name = "TEXT", requires = "ja")]
        en: Option<String>,
        #[command(flatten)]
        source: Source,
    },
    /// Those that are open or planned, and those that are over since two weeks at most; newest first.
    List {
        #[command(flatten)]
        source: Source,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
}

/// What everybody reads.
#[derive(Args, Clone, Debug)]
pub struct Words {
    /// What to tell, in Japanese.
    #[arg(long, value_name = "TEXT")]
    pub ja: String,
    /// The same in English.
    #[arg(long, value_name = "TEXT")]
    pub en: String,
}

/// What it is about, and when.
#[derive(Args, Clone, Debug)]
pub struct About {
    /// Services: `spool`, `web`, `portal`, `state`, or names of [[probe.target]], with commas between.
    #[arg(long, value_name = "SERVICES", value_delimiter = ',')]
    pub affects: Vec<String>,
    /// When it begins, if it is planned: 2026-12-01T18:00 where the site is, or with an offset.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// When it will be over, if that can be said.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

/// How bad an incident is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Severity {
    /// To be known; nothing is wrong, or not yet.
    Notice,
    /// Slow, or not complete.
    Degraded,
    /// Something does not work.
    Outage,
}

impl From<Severity> for ::state::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Notice => Self::Notice,
            Severity::Degraded => Self::Degraded,
            Severity::Outage => Self::Outage,
        }
    }
}
