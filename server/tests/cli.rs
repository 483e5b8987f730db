//! The command line, as a person meets it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Output, Stdio},
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
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("no folder named new or cur")
    );
}

/// The portal on a free port, what it prints further, and its first line.
fn serve(mail: &str, data: &str) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = fumibako(&["serve", "--maildir", mail, "--data", data, "--listen", "127.0.0.1:0"])
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
