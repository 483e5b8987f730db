//! `fumibako check` of copies, and of what lies where nobody said it.

use super::*;

#[test]
fn a_check_says_what_copies_there_are() {
    let dir = TempDir::new().unwrap();
    let place = |rest: &str| dir.path().join(rest);
    for mail in [
        "mail/hana",
        "zfs/2026-11-27_0300/hana",
        "zfs/kept/hana",
        "copies/2026-11-27/hana",
        "copies/2026-11-20/ken",
    ] {
        for sub in ["cur", "new"] {
            fs::create_dir_all(place(mail).join(sub)).unwrap();
        }
    }
    fs::write(place("copies/2026-11-20/COMPLETE"), "2026-11-20T04:00:00+09:00\n").unwrap();
    let config = place("site.toml").display().to_string();
    let root = dir.path().display();
    let text = format!(
        "[spool]\nroot = '{root}/mail/{{account}}'\n\
         [[spool.snapshots]]\nkind = 'atomic'\npath = '{root}/zfs/{{snapshot}}/{{account}}'\n\
         [[spool.snapshots]]\nkind = 'copy'\npath = '{root}/copies/{{snapshot}}/{{account}}'\n\
         [[spool.snapshots]]\nkind = 'atomic'\npath = '{root}/gone/{{snapshot}}/{{account}}'\n"
    );
    fs::write(&config, text).unwrap();
    let data = place("data").display().to_string();
    let check = |args: &[&str]| {
        let all = [&["check", "--config", &config, "--data", &data], args].concat();
        String::from_utf8(fumibako(&all).output().unwrap().stdout).unwrap()
    };
    let (all, own) = (check(&[]), check(&["hana"]));
    for (said, lines) in [
        (
            &all,
            [
                "warning spool.snapshots: 2 found at ",
                "1 with a name that tells no time (kept)",
                "1 without a marker that says when it was complete, offered as incomplete (2026-11-27)",
                "error   spool.snapshots: ",
            ],
        ),
        (
            &own,
            [
                "warning hana snapshots: 2 found at ",
                "zfs/*/hana",
                "nothing of this account can be read in the newest",
                "error   hana snapshots: ",
            ],
        ),
    ] {
        for line in lines {
            assert!(said.contains(line), "{line} in {said}");
        }
    }
    let text = "[spool]\nroot = '/mail/{account}'\n[[spool.snapshots]]\nkind = 'copy'\npath = '/backup/{account}'\n";
    fs::write(&config, text).unwrap();
    let (output, said) = run(&["check", "--config", &config, "--data", &data]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("[[spool.snapshots]]") && said.contains("needs {snapshot}"),
        "{said}"
    );
}

#[test]
fn a_check_says_what_lies_where_nobody_said_it() {
    let dir = TempDir::new().unwrap();
    let place = |rest: &str| dir.path().join(rest);
    let write = |rest: &str, text: &str| {
        fs::create_dir_all(place(rest).parent().unwrap()).unwrap();
        fs::write(place(rest), text).unwrap();
    };
    let message = "From: a@campus.example\nSubject: One\n\nText\n";
    for mailbox in ["hana", "hana/.Sent", "taro", "taro/Lab/2026", "kim"] {
        fs::create_dir_all(place(&format!("old/{mailbox}/cur"))).unwrap();
        fs::create_dir_all(place(&format!("old/{mailbox}/new"))).unwrap();
    }
    write("old/hana/cur/1.a:2,FS", message);
    write("old/hana/cur/2.b:2,", message);
    write("old/hana/.Sent/cur/3.c:2,S", message);
    write("old/hana/maildirsize", "1000S,100C\n600 3\n350 0\n");
    write("old/kim/cur/1.a:2,", "CRYPTED\u{3}\u{7}\u{2}");
    write(
        "new/ken",
        &format!("From a@campus.example Mon Mar  2 09:12:00 2026\n{message}\n"),
    );
    fs::create_dir_all(place("new/box/storage")).unwrap();
    let config = place("site.toml").display().to_string();
    let root = |folder: &str| format!("{}/{folder}/{{account}}", dir.path().display());
    fs::write(
        &config,
        format!("[spool]\nroot = [{:?}, {:?}]\n", root("new"), root("old")),
    )
    .unwrap();
    let data = place("data").display().to_string();
    let check = |args: &[&str]| {
        let all = [&["check", "--config", &config, "--data", &data], args].concat();
        let output = fumibako(&all).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = check(&[]);
    assert_eq!(code, Some(1), "{said}");
    for line in [
        "error   box: Dovecot's dbox format is not supported; let the portal read this mail through IMAP",
        "ok      hana: Maildir++ at ",
        "warning hana: quota: 950 of 1000 bytes, 3 of 100 messages",
        "ok      ken: mbox at ",
        "ok      taro: nested Maildir (LAYOUT=fs) at ",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    let (code, said) = check(&["hana"]);
    assert_eq!(code, Some(1), "no public_url: {said}");
    assert!(said.contains("ok      hana INBOX: 2 messages, 1 unread"), "{said}");
    assert!(said.contains("ok      hana Sent: 1 messages, 0 unread"), "{said}");
    let (_, said) = check(&["kim"]);
    assert!(
        said.contains("error   kim INBOX: ") && said.contains("mail_crypt"),
        "{said}"
    );
    let (_, said) = check(&["nobody"]);
    assert!(
        said.contains("error   nobody: the root of the store is not there"),
        "{said}"
    );
    let (_, said) = check(&["--json", "hana"]);
    let findings: serde_json::Value = serde_json::from_str(&said).unwrap();
    let inbox = findings
        .as_array()
        .unwrap()
        .iter()
        .find_map(|finding| finding.get("mailbox"))
        .unwrap();
    assert_eq!(
        (inbox["messages"].as_u64(), inbox["flagged"].as_u64()),
        (Some(2), Some(1))
    );
}

#[test]
fn a_doctor_needs_no_name_where_there_is_one_account() {
    let (_dir, mail, data) = maildir();
    let (output, said) = run(&["doctor", "--maildir", &mail, "--data", &data]);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.ends_with(": nothing was found to be wrong\n"), "{told}");

    let dir = TempDir::new().unwrap();
    for account in ["hana", "ken"] {
        for sub in ["cur", "new"] {
            fs::create_dir_all(dir.path().join("mail").join(account).join(sub)).unwrap();
        }
    }
    let config = dir.path().join("site.toml").display().to_string();
    let text = format!("[spool]\nroot = '{}/mail/{{account}}'\n", dir.path().display());
    fs::write(&config, text).unwrap();
    let (output, _) = run(&["accounts", "--config", &config, "--data", &data]);
    assert_eq!(output.stdout, b"hana\nken\n");
    let (output, said) = run(&["doctor", "--config", &config, "--data", &data]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("whose mail? 2 accounts are found here"), "{said}");
}
