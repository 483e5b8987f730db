//! `check`: one line a finding; exit 1 if one is an error.

mod services;
mod snapshots;

use crate::{
    auth::Auth,
    cli::Source,
    config::{Listen, OwnerRule},
    setup::{Plan, SetupError},
    watch,
};
use mailroom::{Account, Quota, SurveyedMailbox, survey};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Serialize)]
struct Finding {
    level: &'static str,
    about: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mailbox: Option<Counted>,
}

/// What was counted in a mailbox.
#[derive(Serialize)]
struct Counted {
    name: String,
    messages: usize,
    unread: usize,
    flagged: usize,
    uidvalidity: Option<u32>,
    list: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    base: String,
    uid: Option<u32>,
    flags: Vec<String>,
}

pub(super) async fn run(names: Vec<String>, source: Source, json: bool) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&source)?;
    let mut findings = Vec::new();
    let mut say = |level, about: &str, text: String| findings.push(finding(level, about.to_owned(), text));
    say("ok", "configuration", "is understood".to_owned());
    if !plan.local && plan.config.http.public_url.is_none() {
        say("error", "http.public_url", "is not set".to_owned());
    }
    match plan.state_path() {
        Ok(path) if !path.exists() => say("ok", "state", "is not there yet; `serve` makes it".to_owned()),
        _ => match plan.open_state().await {
            Ok(state) => {
                say("ok", "state", "opens, and has the form this version needs".to_owned());
                for (account, uid) in state.owners().await? {
                    plan.accounts.is_owned_by(&account, uid);
                }
            }
            Err(error) => say("error", "state", error.to_string()),
        },
    }
    if !plan.local && matches!(plan.listen, Listen::Address(_)) && plan.config.http.trusted_proxies.is_empty() {
        let text = "is not set: behind a proxy everybody has its address, and all share one limit of sign-ins";
        findings.push(finding("warning", "http.trusted_proxies".to_owned(), text.to_owned()));
    }
    if !plan.local && plan.config.spool.owner == OwnerRule::Any {
        let text = "is not set: a person who can make links in their own place in the spool could read with the portal's rights; \
                    set it to passwd, claim:NAME or fixed:USER";
        findings.push(finding("warning", "spool.owner".to_owned(), text.to_owned()));
    }
    findings.extend(portal(&plan).await);
    findings.extend(services::look(&plan).await);
    if names.is_empty() {
        let accounts = plan.accounts.all();
        let level = if accounts.is_empty() { "error" } else { "ok" };
        findings.push(finding(
            level,
            "accounts".to_owned(),
            format!("{} found", accounts.len()),
        ));
        findings.extend(accounts.iter().flat_map(|account| look_at(account, false)));
        findings.extend(snapshots::of_all(&accounts));
    }
    for name in names {
        match plan.accounts.find(&name) {
            Some(account) => {
                findings.extend(look_at(&account, true));
                findings.extend(snapshots::of_one(&account));
            }
            None => findings.push(finding("error", name, "is no account here".to_owned())),
        }
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

/// Whether people can sign in.
async fn portal(plan: &Plan) -> Vec<Finding> {
    let found = |level, text: &str| vec![finding(level, "sign-in".to_owned(), text.to_owned())];
    let origin = plan.config.http.public_url.clone();
    let origin = origin.unwrap_or_else(|| format!("http://{}", plan.listen));
    let auth = match Auth::new(&plan.config, &plan.secrets, &origin) {
        Ok(auth) => auth,
        Err(error) => return found("error", &error.to_string()),
    };
    match watch::ask(&auth).await {
        Some(Ok(())) => found("ok", "the portal answers, and says what it has to"),
        Some(Err(error)) => found("error", &error.to_string()),
        None if auth.portal().is_some() => {
            let mut findings = found("ok", "by the headers of the proxy in front");
            let logout = &plan.config.auth.proxy.logout_url;
            if logout.starts_with('/') && plan.config.auth.form_origins.is_empty() {
                let text = format!(
                    "signing out goes on from {logout} to the identity provider: unless that is on this host too, name its origin in \
                     [auth] form_origins, or browsers stop on the way"
                );
                findings.extend(found("warning", &text));
            }
            findings
        }
        None if plan.local => found("ok", "by one-time link"),
        None => found("warning", "by one-time link alone: no [auth] mode is set"),
    }
}

/// The state of an account's spool in a line, and each mailbox in one of its own if they were asked for.
fn look_at(account: &Account, deep: bool) -> Vec<Finding> {
    let about = |mailbox: Option<&SurveyedMailbox>| match mailbox {
        Some(mailbox) => format!("{} {}", account.name, mailbox.name),
        None => account.name.clone(),
    };
    let found = match survey(account, deep) {
        Ok(found) => found,
        Err(text) => return vec![finding("error", about(None), text)],
    };
    let text = format!(
        "{} at {}, {} mailboxes",
        found.format,
        found.root,
        found.mailboxes.len()
    );
    let mut findings = vec![finding("ok", about(None), text)];
    if let Some(quota) = &found.quota {
        let (level, text) = fullness(quota);
        if deep || level != "ok" {
            findings.push(finding(level, about(None), text));
        }
    }
    for mailbox in &found.mailboxes {
        let counted = deep.then(|| Counted::of(mailbox));
        let (level, text) = sentence(mailbox, counted.as_ref());
        if deep || level != "ok" {
            let mut finding = finding(level, about(Some(mailbox)), text);
            finding.mailbox = counted;
            findings.push(finding);
        }
    }
    findings
}

/// From nine tenths on it is worth a word.
fn fullness(quota: &Quota) -> (&'static str, String) {
    let part =
        |what: &str, have: u64, most: Option<u64>| most.map(|most| (have, most, format!("{have} of {most} {what}")));
    let parts = [
        part("bytes", quota.bytes, quota.most_bytes),
        part("messages", quota.messages, quota.most_messages),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let nearly = parts
        .iter()
        .any(|(have, most, _)| have.saturating_mul(10) >= most.saturating_mul(9));
    let words: Vec<&str> = parts.iter().map(|(_, _, words)| words.as_str()).collect();
    let level = if nearly { "warning" } else { "ok" };
    (level, format!("quota: {}", words.join(", ")))
}

fn sentence(mailbox: &SurveyedMailbox, counted: Option<&Counted>) -> (&'static str, String) {
    if let Some(trouble) = &mailbox.trouble {
        return ("error", trouble.clone());
    }
    if mailbox.encrypted {
        let advice =
            "its messages are encrypted by the mail server (mail_crypt): let the portal read this mail through IMAP";
        return ("error", advice.to_owned());
    }
    let mut parts = Vec::new();
    if let Some(counted) = counted {
        parts.push(format!("{} messages, {} unread", counted.messages, counted.unread));
    }
    let defects = mailbox.defects.iter();
    parts.extend(defects.map(|(what, count)| format!("{what} (×{count})")));
    let level = if mailbox.defects.is_empty() { "ok" } else { "warning" };
    (level, parts.join("; "))
}

fn finding(level: &'static str, about: String, text: String) -> Finding {
    Finding {
        level,
        about,
        text,
        mailbox: None,
    }
}

impl Counted {
    fn of(mailbox: &SurveyedMailbox) -> Self {
        let with = |flag: &str| {
            mailbox
                .messages
                .iter()
                .filter(|message| message.flags.iter().any(|one| one == flag))
                .count()
        };
        let list = mailbox.messages.iter().map(|message| Listed {
            base: message.base.clone(),
            uid: message.uid,
            flags: message.flags.clone(),
        });
        Self {
            name: mailbox.name.clone(),
            messages: mailbox.messages.len(),
            unread: mailbox.messages.len() - with("Seen"),
            flagged: with("Flagged"),
            uidvalidity: mailbox.uidvalidity,
            list: list.collect(),
        }
    }
}
