//! `check`: one line a finding; exit 1 if one is an error.

use crate::{
    cli::Source,
    setup::{Plan, SetupError},
};
use mailroom::{Account, Layout};
use serde::Serialize;
use std::{io::ErrorKind, path::Path, process::ExitCode};

#[derive(Serialize)]
struct Finding {
    level: &'static str,
    about: String,
    text: String,
}

pub(super) async fn run(source: Source, json: bool) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&source)?;
    let mut findings = Vec::new();
    let mut say = |level, about: &str, text: String| {
        findings.push(Finding {
            level,
            about: about.to_owned(),
            text,
        })
    };
    say("ok", "configuration", "is understood".to_owned());
    if !plan.local && plan.config.http.public_url.is_none() {
        say("error", "http.public_url", "is not set".to_owned());
    }
    match plan.state_path() {
        Ok(path) if !path.exists() => say("ok", "state", "is not there yet; `serve` makes it".to_owned()),
        _ => match plan.open_state().await {
            Ok(_) => say("ok", "state", "opens, and has the form this version needs".to_owned()),
            Err(error) => say("error", "state", error.to_string()),
        },
    }
    let accounts = plan.accounts.all();
    say(
        if accounts.is_empty() { "error" } else { "ok" },
        "accounts",
        format!("{} found", accounts.len()),
    );
    for account in &accounts {
        let (level, text) = look_at(account);
        say(level, &account.name, text);
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&findings).unwrap_or_default());
    } else {
        for finding in &findings {
            println!("{:<7} {}: {}", finding.level, finding.about, finding.text);
        }
    }
    let bad = findings.iter().any(|finding| finding.level == "error");
    Ok(if bad { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn look_at(account: &Account) -> (&'static str, String) {
    match &account.store.layout {
        Layout::Maildir { root } => {
            let missing: Vec<&str> = ["new", "cur"]
                .into_iter()
                .filter(|name| !root.join(name).is_dir())
                .collect();
            match readable(root, true) {
                Err(text) => ("error", text),
                Ok(()) if missing.is_empty() => ("ok", "a Maildir that can be read".to_owned()),
                Ok(()) => (
                    "warning",
                    format!("no folder named {} in {}", missing.join(" or "), root.display()),
                ),
            }
        }
        Layout::Mbox { inbox, folders, .. } => {
            let folders = folders.as_deref().map_or(Ok(()), |folders| readable(folders, true));
            match readable(inbox, false).and(folders) {
                Err(text) => ("error", text),
                Ok(()) => ("ok", "an mbox that can be read".to_owned()),
            }
        }
    }
}

fn readable(path: &Path, folder: bool) -> Result<(), String> {
    let outcome = if folder {
        std::fs::read_dir(path).map(drop)
    } else {
        std::fs::File::open(path).map(drop)
    };
    outcome.map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => format!("{} may not be read by this user", path.display()),
        ErrorKind::NotFound => format!("{} is not there", path.display()),
        _ => format!("{}: {error}", path.display()),
    })
}
