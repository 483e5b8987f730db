//! A folder passed on as a file system of its own, read-only, that misbehaves when it is told to: what a file server does that is slow,
//! away or ill. For the tests in `end2end/faults`; nothing of ours depends on it.
//!
//! It is told by lines on its standard input (`command.rs`) and answers each with one line. It ends, and is unmounted, when that input
//! ends.

mod attributes;
mod command;
mod counts;
mod faults;
mod nodes;
mod passed_on;

use clap::Parser;
use command::Command;
use faults::Faults;
use fuser::{Config, MountOption, SessionACL};
use passed_on::PassedOn;
use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
    sync::Arc,
};

#[derive(Parser)]
struct Args {
    /// The folder that is passed on.
    backing: PathBuf,
    /// Where it is to be seen.
    at: PathBuf,
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let faults = Arc::new(Faults::default());
    let mut config = Config::default();
    config.mount_options = vec![
        MountOption::RO,
        MountOption::DefaultPermissions,
        MountOption::FSName("faultfs".into()),
    ];
    config.acl = SessionACL::All;
    let passed_on = PassedOn::new(args.backing, Arc::clone(&faults))?;
    let session = fuser::spawn_mount(passed_on, &args.at, &config)?;
    let mut out = io::stdout().lock();
    writeln!(out, "mounted")?;
    for line in io::stdin().lock().lines() {
        let answer = match Command::parse(&line?) {
            Ok(command) => command.carry_out(&faults),
            Err(wrong) => format!("error: {wrong}"),
        };
        writeln!(out, "{answer}")?;
    }
    faults.release();
    session.umount_and_join()
}
