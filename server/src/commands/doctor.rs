//! `doctor`: what is wrong with an account's mail, most serious first; exit 1 if anything is.

use super::progress::{Report, Watch};
use crate::{
    cli::Source,
    clock::SystemClock,
    setup::{Plan, SetupError},
};
use mailroom::{Account, Clock, Ill, Severity};
use serde_json::{Value, json};
use std::{
    process::ExitCode,
    sync::{Arc, Mutex},
};

/// Of a kind of which there are more, the first is told, and how many there are.
const FEW: usize = 3;

pub(super) async fn run(asked: Option<&str>, source: Source, all: bool, json: bool) -> Result<ExitCode, SetupError> {
    // Already whose mail it is may have to be looked for where it lies.
    let report = Arc::new(Mutex::new(Report::new(asked.unwrap_or("doctor"))));
    let watch = Watch::of(&report);
    let plan = Plan::new(&source)?;
    let account = whose(&plan, asked)?;
    let name = account.name.as_str();
    if let Ok(mut report) = report.lock() {
        report.rename(name);
    }
    let (indexed, trouble) = match indexed(&plan, name).await {
        Ok(indexed) => (indexed, None),
        Err(error) => (None, Some(error.to_string())),
    };
    // Whose an account is may have been said by the portal, and is known only now.
    let account = plan.accounts.find(name).unwrap_or_else(|| account.clone());
    let progress = |done, total| {
        if let Ok(mut report) = report.lock() {
            report.show(done, total);
        }
    };
    let mut ills = mailroom::doctor(&account, SystemClock.now_ns(), indexed.as_deref(), &progress);
    drop(watch);
    if let Ok(report) = report.lock() {
        report.finish();
    }
    ills.extend(trouble.map(index_trouble));
    if json {
        let findings: Vec<Value> = ills.iter().map(value).collect();
        println!(
            "{}",
            json!({"account": name, "findings": findings, "fine": ills.is_empty()})
        );
    } else {
        lines(&ills, all).iter().for_each(|line| println!("{line}"));
        if ills.is_empty() {
            println!("{name}: nothing was found to be wrong");
        }
    }
    Ok(match ills.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}

/// The account of that name, or the one there is.
fn whose(plan: &Plan, asked: Option<&str>) -> Result<Account, SetupError> {
    let Some(name) = asked else {
        let found = plan.accounts.all();
        return <[Account; 1]>::try_from(found).map(|[only]| only).map_err(|found| {
            SetupError::Text(format!(
                "whose mail? {} accounts are found here: name one (fumibako accounts names them)",
                found.len()
            ))
        });
    };
    let account = plan.accounts.find(name).filter(|account| !account.lacks_mail());
    account.ok_or_else(|| SetupError::Text(format!("{name} is no account here: fumibako accounts names them")))
}

/// What the portal remembers of it. Where nothing was ever served there is nothing, and nothing is made.
async fn indexed(plan: &Plan, name: &str) -> Result<Option<Vec<(Vec<u8>, Vec<u8>)>>, SetupError> {
    if !plan.state_path()?.exists() {
        return Ok(None);
    }
    let app = plan.build_for_commands().await?;
    Ok(app.mailroom().indexed_names(name).await?)
}

fn index_trouble(cause: String) -> Ill {
    Ill {
        severity: Severity::Warning,
        kind: "index",
        mailbox: None,
        file: None,
        cause: format!("what the portal remembers of it cannot be read: {cause}"),
        advice: "see fumibako check; an index may be removed at any time, and is made anew",
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// One a finding, or one a kind of which there are many.
fn lines(ills: &[Ill], all: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for kind in ills.chunk_by(|a, b| (a.severity, a.kind) == (b.severity, b.kind)) {
        match kind {
            [first, others @ ..] if !all && kind.len() > FEW => {
                lines.push(format!(
                    "{} ({} more of the kind {}: --all lists them)",
                    line(first),
                    others.len(),
                    first.kind
                ));
            }
            few => lines.extend(few.iter().map(line)),
        }
    }
    lines
}

fn line(ill: &Ill) -> String {
    let place = [ill.mailbox.as_deref(), ill.file.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let place = if place.is_empty() {
        "the account".to_owned()
    } else {
        place.join(" ")
    };
    format!("{:<7} {place}: {}; {}", word(ill.severity), ill.cause, ill.advice)
}

fn value(ill: &Ill) -> Value {
    json!({
        "severity": word(ill.severity),
        "kind": ill.kind,
        "mailbox": ill.mailbox,
        "file": ill.file,
        "cause": ill.cause,
        "advice": ill.advice,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ill(kind: &'static str, file: &str) -> Ill {
        Ill {
            severity: Severity::Error,
            kind,
            mailbox: Some("Sent".to_owned()),
            file: Some(file.to_owned()),
            cause: "it is broken".to_owned(),
            advice: "mend it",
        }
    }

    #[test]
    fn many_of_a_kind_are_one_line() {
        let mut ills = vec![ill("a", "x")];
        ills.extend((0..5).map(|number| ill("b", &number.to_string())));
        assert_eq!(
            lines(&ills, false),
            [
                "error   Sent x: it is broken; mend it",
                "error   Sent 0: it is broken; mend it (4 more of the kind b: --all lists them)",
            ]
        );
        assert_eq!(lines(&ills, true).len(), 6);
        assert_eq!(lines(&ills[..4], false).len(), 4, "a few are told one by one");
    }
}
