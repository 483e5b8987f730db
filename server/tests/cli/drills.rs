//! Outages that are rehearsed.

use crate::{fumibako, maildir, run, serve};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};
use tempfile::TempDir;

/// What the portal at `origin` answers to that path, with the cookies of a browser.
fn get(origin: &str, path: &str, cookies: &str) -> String {
    let mut stream = TcpStream::connect(origin).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {origin}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_drill_begins_and_ends_in_a_portal_that_runs() {
    let (_dir, mail, data) = maildir();
    let at = ["--maildir", &mail, "--data", &data];
    let (mut child, _out, line) = serve(&mail, &data);
    let link = line.split_once("http://").unwrap().1;
    let (origin, rest) = link.split_once('/').unwrap();
    let path = format!("/{}", rest.split_once(' ').unwrap().0);
    let signed_in = get(origin, &path, "");
    let cookie = signed_in
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: sid="))
        .unwrap();
    let cookies = format!("sid={}; lang=en", cookie.split(';').next().unwrap());
    let home = get(origin, "/", &cookies);
    let inbox = home.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    let until = |wanted: bool| {
        let shows = || get(origin, inbox, &cookies).contains("This is a drill until ");
        assert!((0..20_000).any(|_| shows() == wanted), "the portal does not follow");
    };
    until(false);
    let (_, said) = run(&[&["index", "--all"], &at[..]].concat());
    let account = said
        .split(['\r', '\n', ' ', ':'])
        .find(|word| word.starts_with("own-"))
        .unwrap();
    let (output, said) = run(&[&["drill", "spool-gone", "--accounts", account, "--for", "10m"], &at[..]].concat());
    assert!(output.status.success(), "{said}");
    until(true);
    let (output, said) = run(&[&["drill", "stop", "--all"], &at[..]].concat());
    assert!(output.status.success(), "{said}");
    until(false);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn drills_are_started_listed_and_stopped_and_who_did_it_is_written_down() {
    let dir = TempDir::new().unwrap();
    for person in ["hana", "ken"] {
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(dir.path().join("spool").join(person).join(sub)).unwrap();
        }
    }
    let config = dir.path().join("site.toml").display().to_string();
    let root = format!("{}/spool/{{account}}", dir.path().display());
    fs::write(&config, format!("[spool]\nroot = {root:?}\n")).unwrap();
    let data = dir.path().join("data").display().to_string();
    let at = ["--config", &config, "--data", &data];
    let call = |args: &[&str]| {
        let output = fumibako(&[args, &at[..]].concat()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), said)
    };
    let start = [
        "drill",
        "spool-gone",
        "--accounts",
        "hana,ken",
        "--for",
        "15m",
        "--json",
    ];
    let (code, started, said) = call(&start);
    assert_eq!(code, Some(0), "{said}");
    let started: serde_json::Value = serde_json::from_str(&started).unwrap();
    let id = started["id"].as_str().unwrap();
    let (_, other, _) = call(&["drill", "imap-down", "--accounts", "ken", "--for", "1h"]);
    let list: serde_json::Value = serde_json::from_str(&call(&["drill", "list", "--json"]).1).unwrap();
    let of = |id: &str| list.as_array().unwrap().iter().find(|drill| drill["id"] == id).unwrap();
    assert_eq!(
        (&of(id)["kind"], &of(id)["ends"]),
        (&"spool-gone".into(), &started["ends"])
    );
    assert_eq!(of(id)["accounts"], serde_json::json!(["hana", "ken"]));
    assert_eq!(of(other.trim())["kind"], "imap-down");
    let plain = call(&["drill", "list"]).1;
    assert!(
        plain.contains(&format!("{id}  spool-gone  hana,ken  began ")),
        "{plain}"
    );

    assert_eq!(call(&["drill", "stop", id]).0, Some(0));
    let (code, _, said) = call(&["drill", "stop", id]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert_eq!(call(&["drill", "stop", "--all"]).0, Some(0));
    assert_eq!(call(&["drill", "list"]).1, "");

    let audit: serde_json::Value = serde_json::from_str(&call(&["audit", "--json"]).1).unwrap();
    let lines: Vec<(&str, &str)> = audit
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["event"].as_str().unwrap(), line["detail"].as_str().unwrap()))
        .collect();
    let events: Vec<&str> = lines.iter().map(|(event, _)| *event).collect();
    assert_eq!(
        events,
        ["drill stopped", "drill stopped", "drill started", "drill started"]
    );
    assert!(
        lines[3].1.starts_with(&format!("{id} spool-gone with hana,ken until ")),
        "{lines:?}"
    );

    for wrong in [
        vec!["drill", "spool-gone", "--accounts", "hana"],
        vec!["drill", "spool-gone", "--for", "15m"],
        vec!["drill", "spool-gone", "--accounts", "hana", "--for", "5h"],
        vec!["drill", "spool-gone", "--accounts", "hana", "--for", "soon"],
        vec!["drill", "spool-gone", "--accounts", "hana,nobody", "--for", "15m"],
        vec!["drill", "fire", "--accounts", "hana", "--for", "15m"],
        vec!["drill", "stop"],
    ] {
        assert_eq!(call(&wrong).0, Some(2), "{wrong:?}");
    }
    assert_eq!(call(&["drill", "list"]).1, "");
}
