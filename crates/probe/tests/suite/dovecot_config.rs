//! A Dovecot of its own: configured below a folder that is thrown away, on ports of this machine, with nothing of the system's.

use crate::certificates::Signed;
use rustix::process::{Pid, Signal, getuid, kill_process};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/dovecot";
/// Dovecot refuses to read mail as root.
const NOBODY: u32 = 65_534;
pub const LOGIN: &str = "reader";
pub const PASSWORD: &str = "Schildkröte \"und\" \\Hase";

pub struct Dovecot {
    home: TempDir,
    child: Child,
    pub ports: Ports,
}

#[derive(Clone, Copy)]
pub struct Ports {
    pub imap: u16,
    pub imaps: u16,
    /// `None` where Dovecot's POP3 is not installed.
    pub pop3: Option<(u16, u16)>,
}

/// Why there is none to look at, or nothing.
pub fn missing() -> Option<&'static str> {
    if !Path::new(PROGRAM).exists() || !libexec().join("imap-login").exists() {
        return Some("dovecot-imapd is not installed");
    }
    let version = Command::new(PROGRAM).arg("--version").output().unwrap().stdout;
    if !version.starts_with(b"2.3.") {
        return Some("not Dovecot 2.3, whose configuration is written here");
    }
    // Its master process changes users.
    (!getuid().is_root()).then_some("not root, and Dovecot runs as users of its own")
}

fn libexec() -> PathBuf {
    PathBuf::from("/usr/lib/dovecot")
}

/// Where `pop3` and `pop3-login` are.
#[expect(
    clippy::disallowed_methods,
    reason = "a person names another folder where the package is not installed"
)]
fn pop3() -> Option<PathBuf> {
    let named = std::env::var_os("FUMIBAKO_DOVECOT_POP3").map(PathBuf::from);
    let folder = named.unwrap_or_else(libexec);
    folder.join("pop3-login").exists().then_some(folder)
}

impl Dovecot {
    pub fn start(signed: &Signed) -> Self {
        // Its sockets have to have short names.
        let home = tempfile::Builder::new().prefix("dc").tempdir_in("/tmp").unwrap();
        let [imap, imaps, pop3_port, pop3s] = free_ports();
        let pop3 = pop3();
        let ports = Ports {
            imap,
            imaps,
            pop3: pop3.is_some().then_some((pop3_port, pop3s)),
        };
        write(home.path(), signed, ports, pop3.as_deref());
        let mut child = Command::new(PROGRAM)
            .arg("-F")
            .arg("-c")
            .arg(home.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Its log says when it listens, or why it does not.
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        let started = log.any(|line| {
            said.push(line.unwrap());
            said.last().unwrap().contains("starting up")
        });
        assert!(started, "Dovecot does not start: {said:?}");
        // Nobody who writes into a pipe may have to wait.
        std::thread::spawn(move || log.for_each(drop));
        Self { home, child, ports }
    }

    /// Names of the messages, with their folder: what a program that opens the mailbox changes.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in ["new", "cur"] {
            for entry in fs::read_dir(self.home.path().join("mail").join(folder)).unwrap() {
                names.push(format!(
                    "{folder}/{}",
                    entry.unwrap().file_name().into_string().unwrap()
                ));
            }
        }
        names.sort();
        names
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // TERM, so that it ends its own processes: `Child::kill` would leave them.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}

/// Free a moment ago, and below those that the system gives to whoever asks for any.
fn free_ports() -> [u16; 4] {
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let mut free = (first..32_000).filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    [(); 4].map(|()| free.next().unwrap())
}

fn write(home: &Path, signed: &Signed, ports: Ports, pop3: Option<&Path>) {
    for folder in ["mail/new", "mail/cur", "mail/tmp", "run"] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    fs::write(home.join("mail/new/1164330000.M1P1.campus"), "Subject: new\n\nmail\n").unwrap();
    fs::write(
        home.join("mail/cur/1164330001.M1P1.campus:2,S"),
        "Subject: read\n\nmail\n",
    )
    .unwrap();
    for own in ["", "mail", "mail/new", "mail/cur", "mail/tmp"] {
        chown(home.join(own), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    fs::write(home.join("cert.pem"), signed.certificate_pem()).unwrap();
    fs::write(home.join("key.pem"), signed.key_pem()).unwrap();
    let users = format!("{LOGIN}:{{PLAIN}}{PASSWORD}:{NOBODY}:{NOBODY}::{}::\n", home.display());
    fs::write(home.join("users"), users).unwrap();
    fs::write(home.join("dovecot.conf"), config(home, ports, pop3)).unwrap();
}

/// Without the penalty that anvil gives to an address: one wrong password would make the next right one wait for seconds.
fn config(home: &Path, ports: Ports, pop3: Option<&Path>) -> String {
    let Ports { imap, imaps, .. } = ports;
    let listener = |name: &str, port: u16, ssl: &str| {
        format!("  inet_listener {name} {{\n    address = 127.0.0.1\n    port = {port}\n    ssl = {ssl}\n  }}\n")
    };
    let pop3_part = pop3.zip(ports.pop3).map(|(folder, (plain, secure))| {
        let folder = folder.display();
        format!(
            "service pop3-login {{\n  executable = {folder}/pop3-login\n  chroot =\n{}{}}}\nservice pop3 {{\n  executable = {folder}/pop3\n}}\n",
            listener("pop3", plain, "no"),
            listener("pop3s", secure, "yes")
        )
    });
    let protocols = if pop3.is_some() { "imap pop3" } else { "imap" };
    let home = home.display();
    format!(
        "base_dir = {home}/run\nstate_dir = {home}/run\nlog_path = /dev/stderr\nprotocols = {protocols}\nlisten = 127.0.0.1\n\
         ssl = yes\nssl_cert = <{home}/cert.pem\nssl_key = <{home}/key.pem\ndisable_plaintext_auth = no\nauth_failure_delay = 0\n\
         mail_location = maildir:{home}/mail\nfirst_valid_uid = 1\n\
         passdb {{\n  driver = passwd-file\n  args = {home}/users\n}}\nuserdb {{\n  driver = passwd-file\n  args = {home}/users\n}}\n\
         service imap-login {{\n  chroot =\n{}{}}}\n\
         service anvil {{\n  unix_listener anvil-auth-penalty {{\n    mode = 0\n  }}\n}}\n{}",
        listener("imap", imap, "no"),
        listener("imaps", imaps, "yes"),
        pop3_part.unwrap_or_default()
    )
}
