//! The command line, as a person meets it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/checks.rs"]
mod checks;
#[path = "cli/drills.rs"]
mod drills;
#[path = "cli/forget.rs"]
mod forget;
#[path = "cli/snapshots.rs"]
mod snapshots;

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};
use tempfile::TempDir;

fn fumibako(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fumibako"));
    command.args(args).stdin(Stdio::null()).env("RUST_LOG", "warn");
    command
}

fn run(args: &[&str]) -> (Output, String) {
    let output = fumibako(args).output().unwrap();
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output, said)
}

fn maildir() -> (TempDir, String, String) {
    let dir = TempDir::new().unwrap();
    for sub in ["new", "cur", "tmp"] {
        fs::create_dir_all(dir.path().join("mail").join(sub)).unwrap();
    }
    fs::write(
        dir.path().join("mail/cur/1.a:2,S"),
        "From: a@campus.example\nSubject: One\n\nText\n",
    )
    .unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (mail, data) = (path("mail"), path("data"));
    (dir, mail, data)
}

#[test]
fn local_forms_listen_on_loopback_alone() {
    let (_dir, mail, data) = maildir();
    let (output, said) = run(&["serve", "--maildir", &mail, "--data", &data, "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("loopback"), "{said}");
}

#[test]
fn nothing_is_written_into_mail() {
    let (_dir, mail, _) = maildir();
    let inside = format!("{mail}/data");
    let (output, said) = run(&["serve", "--maildir", &mail, "--data", &inside]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("--data"), "{said}");
}

#[test]
fn wrong_use_is_one_sentence_and_2() {
    let (_dir, _, data) = maildir();
    for args in [
        vec!["serve", "--data", &data],
        vec!["serve", "--maildir", "/nowhere/at/all", "--data", &data],
        vec!["serve", "--config", "/nowhere.toml", "--data", &data],
    ] {
        let (output, said) = run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn an_index_is_built_and_a_check_is_clean() {
    let (_dir, mail, data) = maildir();
    let (output, said) = run(&["index", "--all", "--maildir", &mail, "--data", &data]);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 messages"), "{said}");
    let output = fumibako(&["check", "--json", "--maildir", &mail, "--data", &data])
        .output()
        .unwrap();
    assert!(output.status.success());
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        findings
            .as_array()
            .unwrap()
            .iter()
            .all(|finding| finding["level"] == "ok"),
        "{findings}"
    );
    fs::remove_dir_all(format!("{mail}/cur")).unwrap();
    fs::remove_dir_all(format!("{mail}/new")).unwrap();
    let output = fumibako(&["check", "--maildir", &mail, "--data", &data])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("neither cur nor new"), "{said}");
}

/// The portal on a free port, what it prints further, and its first line.
fn serve(mail: &str, data: &str) -> (Child, BufReader<ChildStdout>, String) {
    serve_with(mail, data, &[])
}

fn serve_with(mail: &str, data: &str, more: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    start(&[&["--maildir", mail, "--data", data], more].concat())
}

fn start(args: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = fumibako(&["serve", "--listen", "127.0.0.1:0"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    (child, out, line)
}

#[test]
fn a_stop_asked_for_is_no_failure() {
    let (_dir, mail, data) = maildir();
    let (mut child, _out, line) = serve(&mail, &data);
    assert!(line.starts_with("Open http"), "{line}");
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn serving_looks_at_the_mail_servers_and_ends_in_the_middle_of_a_look() {
    let (dir, mail, data) = maildir();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = dir.path().join("site.toml").display().to_string();
    let port = listener.local_addr().unwrap().port();
    let target = format!("name = 'imap'\nkind = 'imap'\nhost = '127.0.0.1'\nport = {port}\ntls = 'none'\n");
    fs::write(&config, format!("[probe]\ninterval = 5\n[[probe.target]]\n{target}")).unwrap();
    let (mut child, _out, _) = serve_with(&mail, &data, &["--config", &config]);
    let (sender, came) = mpsc::channel();
    std::thread::spawn(move || sender.send(listener.accept()));
    // It would never come if nobody looked; and it is told nothing, so the look goes on.
    let look = came.recv_timeout(Duration::from_secs(60));
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    drop(look.unwrap().unwrap());
}

#[test]
fn a_link_is_printed_once_ready() {
    let (_dir, mail, data) = maildir();
    let (mut child, _out, line) = serve(&mail, &data);
    child.kill().unwrap();
    child.wait().unwrap();
    let (link, name) = line
        .trim()
        .strip_prefix("Open http://127.0.0.1:")
        .unwrap()
        .split_once(" (")
        .unwrap();
    assert!(name.ends_with(')'));
    let (port, token) = link.split_once("/sign-in/once/").unwrap();
    assert_ne!(port, "0");
    assert_eq!(token.len(), 26);
}

#[test]
fn each_person_of_a_spool_has_a_link_where_there_is_no_portal() {
    let dir = TempDir::new().unwrap();
    for account in ["hana", "ken"] {
        for sub in ["cur", "new"] {
            fs::create_dir_all(dir.path().join("mail").join(account).join(sub)).unwrap();
        }
    }
    let config = dir.path().join("site.toml").display().to_string();
    let root = dir.path().display();
    let text =
        format!("[http]\npublic_url = 'https://mail.campus.example'\n[spool]\nroot = '{root}/mail/{{account}}'\n");
    fs::write(&config, text).unwrap();
    let data = dir.path().join("data").display().to_string();
    let (mut child, out, first) = start(&["--config", &config, "--data", &data]);
    let second = out.lines().next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        first.trim().ends_with("(hana)") && second.ends_with("(ken)"),
        "{first}{second}"
    );
}

#[test]
fn incidents_are_told_listed_and_closed_and_who_did_it_is_written_down() {
    let (_dir, mail, data) = maildir();
    let at = ["--maildir", &mail, "--data", &data];
    let incident = |args: &[&str]| {
        let all = [&["incident"], args, &at[..]].concat();
        let output = fumibako(&all).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), said)
    };
    let (code, opened, said) = incident(&[
        "open",
        "--ja",
        "IMAP が遅い",
        "--en",
        "IMAP is slow",
        "--severity",
        "degraded",
        "--affects",
        "spool,web",
        "--json",
    ]);
    assert_eq!(code, Some(0), "{said}");
    let opened: serde_json::Value = serde_json::from_str(&opened).unwrap();
    let id = opened["id"].as_str().unwrap();
    let words = ["--ja", "原因", "--en", "Found"];
    let update = [
        &["update", id],
        &words[..],
        &["--severity", "outage", "--until", "2026-12-01T18:00+09:00"],
    ]
    .concat();
    assert_eq!(incident(&update).0, Some(0));
    assert_eq!(incident(&["close", id]).0, Some(0));
    let (code, _, said) = incident(&["close", id]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    let list: serde_json::Value = serde_json::from_str(&incident(&["list", "--json"]).1).unwrap();
    assert_eq!(
        (list[0]["id"].as_str(), list[0]["severity"].as_str()),
        (Some(id), Some("outage"))
    );
    assert_eq!(list[0]["affects"], serde_json::json!(["spool", "web"]));
    assert_eq!(list[0]["until"], "2026-12-01T09:00:00Z");
    assert!(list[0]["closed"].is_string());
    assert_eq!(list[0]["updates"][0]["ja"], "IMAP が遅い");
    let by = list[0]["updates"][1]["by"].as_str().unwrap();
    let plain = incident(&["list"]).1;
    assert!(plain.contains(id) && plain.contains("    Found"), "{plain}");

    let audit = fumibako(&[&["audit", "--json"], &at[..]].concat()).output().unwrap();
    let audit: serde_json::Value = serde_json::from_slice(&audit.stdout).unwrap();
    let lines: Vec<_> = audit.as_array().unwrap().iter().rev().collect();
    for (line, event) in lines
        .iter()
        .zip(["incident opened", "incident updated", "incident closed"])
    {
        let detail = line["detail"].as_str().unwrap();
        assert_eq!(line["event"], event);
        assert!(
            detail.starts_with(id) && detail.ends_with(&format!(" by {by}")),
            "{detail}"
        );
    }

    for wrong in [
        vec!["open", "--ja", "a", "--en", "b"],
        vec!["open", "--ja", "a", "--en", "b", "--severity", "bad"],
        vec!["open", "--ja", "a", "--severity", "notice"],
        vec![
            "open",
            "--ja",
            "a",
            "--en",
            "b",
            "--severity",
            "notice",
            "--affects",
            "imap",
        ],
        vec!["open", "--ja", "a", "--en", " ", "--severity", "notice"],
        vec![
            "open",
            "--ja",
            "a",
            "--en",
            "b",
            "--severity",
            "notice",
            "--from",
            "soon",
        ],
        vec!["close", id, "--ja", "a"],
        vec!["update", id],
    ] {
        assert_eq!(incident(&wrong).0, Some(2), "{wrong:?}");
    }
    assert_eq!(incident(&["update", "none", "--ja", "a", "--en", "b"]).0, Some(1));
    let list: serde_json::Value = serde_json::from_str(&incident(&["list", "--json"]).1).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1);
}
