//! The command line (contract.md, "Commands").

pub mod drill;
pub mod incident;
pub mod snapshots;

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

/// Fumibako: campus mail in the browser, straight from the spool.
#[derive(Debug, Parser)]
#[command(name = "fumibako", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the portal.
    Serve(Source),
    /// Say whose mail is found in the spool, a line each.
    Accounts(Source),
    /// Build or refresh the indexes, so that the first visit finds them ready.
    Index {
        /// Whose mail.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        account: Vec<String>,
        /// Everybody's.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        source: Source,
    },
    /// Look over configuration, spool and database; one line a finding. Of the accounts named, every mailbox is counted.
    Check {
        /// Whose mail.
        account: Vec<String>,
        #[command(flatten)]
        source: Source,
        /// Findings as one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Say what is wrong with an account's mail, with the cause and what to do; most serious first. Reads only; exit 1 if anything is.
    Doctor {
        /// Whose mail; not needed where there is one account.
        account: Option<String>,
        #[command(flatten)]
        source: Source,
        /// Each finding, where there are many of a kind.
        #[arg(long)]
        all: bool,
        /// Findings as one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Compare two copies of a spool and name every message that is missing, by content. Reads only; exit 1 if one is, or if it cannot
    /// be proved that none is.
    Compare(Compare),
    /// Bring the database to the form this version needs.
    Migrate(Source),
    /// Codes for the hours when the campus portal itself is the outage: each opens one account once, to be read.
    BreakGlass {
        /// What to do.
        #[command(subcommand)]
        what: BreakGlass,
    },
    /// Let go of whom an account belongs to at the portal, after its person was renamed or it was given to another.
    Unpin {
        /// Whose account.
        account: String,
        #[command(flatten)]
        source: Source,
    },
    /// What everybody reads of the service status: what is wrong, planned or over.
    Incident {
        /// What to do.
        #[command(subcommand)]
        what: incident::Incident,
    },
    /// Rehearse an outage with some accounts; nobody else notices, and it ends by itself.
    Drill {
        /// What to do.
        #[command(subcommand)]
        what: drill::Drill,
    },
    /// Delete what is kept here of accounts whose person has left, and end their sessions. Nothing in the spool is touched.
    Forget(Forget),
    /// Earlier copies (`[[spool.snapshots]]`).
    Snapshots {
        /// What to do.
        #[command(subcommand)]
        what: snapshots::Snapshots,
    },
    /// What was done about access, incidents and drills, newest first.
    Audit {
        /// Lines at most.
        #[arg(long, default_value_t = 100)]
        most: u32,
        #[command(flatten)]
        source: Source,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
}

/// Two copies of a spool.
#[derive(Args, Clone, Debug, Default)]
pub struct Compare {
    /// What there was: a Maildir, an mbox, a folder of mboxes; or everybody's place, with {account} for the name.
    pub old: String,
    /// What there is now, in whichever format.
    pub new: String,
    /// Folder with the other mailboxes, should OLD be an mbox.
    #[arg(long, value_name = "DIR")]
    pub old_mail: Option<String>,
    /// Folder with the other mailboxes, should NEW be an mbox.
    #[arg(long, value_name = "DIR")]
    pub new_mail: Option<String>,
    /// List each message whose flags (seen, answered, flagged) differ.
    #[arg(long)]
    pub flags: bool,
    /// List each message that lies in another mailbox.
    #[arg(long)]
    pub moved: bool,
    /// Findings as one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Whose account is forgotten.
#[derive(Args, Clone, Debug, Default)]
pub struct Forget {
    /// Whose.
    #[arg(required_unless_present = "gone", conflicts_with = "gone")]
    pub account: Vec<String>,
    /// Each that something is kept of and whose mail is certainly not there any more; none whose store may not be mounted.
    #[arg(long)]
    pub gone: bool,
    /// Do it: what is deleted does not come back.
    #[arg(long, required_unless_present = "dry_run", conflicts_with = "dry_run")]
    pub yes: bool,
    /// Say what would be deleted, and delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub source: Source,
    /// As a JSON array.
    #[arg(long)]
    pub json: bool,
}

/// What can be done with emergency codes.
#[derive(Debug, Subcommand)]
pub enum BreakGlass {
    /// Make a code and print it; it is shown this once.
    Add {
        /// Whose mail it opens.
        account: String,
        /// Days for which it is good.
        #[arg(long, default_value_t = 365)]
        days: u32,
        #[command(flatten)]
        source: Source,
    },
    /// The codes there are, used ones too; never the code itself.
    List {
        /// Whose.
        account: Option<String>,
        #[command(flatten)]
        source: Source,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Take a code away.
    Revoke {
        /// Its name, as the list has it.
        id: String,
        #[command(flatten)]
        source: Source,
    },
}

/// Where mail lies and where data is kept.
#[derive(Args, Clone, Debug, Default)]
pub struct Source {
    /// Configuration file (TOML); every key can also be given as FUMIBAKO_SECTION__KEY.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on; the local forms take loopback addresses only.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Folder for indexes, state and the demo campus.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A campus of a few people, made at first start.
    #[arg(long, conflicts_with_all = ["maildir", "mbox"])]
    pub demo: bool,
    /// Read your own mail from this Maildir.
    #[arg(long, value_name = "DIR", conflicts_with = "mbox")]
    pub maildir: Option<PathBuf>,
    /// Read your own mail from this mbox file.
    #[arg(long, value_name = "FILE")]
    pub mbox: Option<PathBuf>,
    /// Folder with the other mailboxes of --mbox.
    #[arg(long, value_name = "DIR", requires = "mbox")]
    pub mail: Option<PathBuf>,
}

impl Source {
    /// One of the forms for a single machine: plain http on loopback, sign-in by one-time link.
    pub fn is_local(&self) -> bool {
        self.demo || self.maildir.is_some() || self.mbox.is_some()
    }
}
