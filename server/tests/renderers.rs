//! What renders messages hangs: the portal as it is run, its helpers stopped, and a browser of a few lines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const NOTICE: &str = "This message cannot be shown safely";

struct Portal {
    child: Child,
    address: String,
    cookie: String,
    _dir: TempDir,
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It is gone if it ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Portal {
    fn over(letter: &str) -> Self {
        let dir = TempDir::new().unwrap();
        for sub in ["new", "cur", "tmp"] {
            fs::create_dir_all(dir.path().join("mail").join(sub)).unwrap();
        }
        fs::write(dir.path().join("mail/cur/1.a:2,S"), letter).unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fumibako"))
            .args(["serve", "--maildir", &path("mail"), "--data", &path("data")])
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let link = line.strip_prefix("Open http://").unwrap().split(' ').next().unwrap();
        let (address, token) = link.split_once('/').unwrap();
        let mut portal = Self {
            child,
            address: address.to_owned(),
            cookie: String::new(),
            _dir: dir,
        };
        let signed_in = portal.get(&format!("/{token}"));
        let cookies = signed_in.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let pairs: Vec<&str> = cookies.filter_map(|line| line.split(';').next()).collect();
        portal.cookie = pairs.join("; ");
        portal
    }

    /// The whole answer, with its head.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let Self { address, cookie, .. } = self;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept-language: en\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The path of the letter with this subject, once its row is there.
    fn letter(&self, subject: &str) -> String {
        let to_inbox = self.get("/");
        let inbox = to_inbox
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .unwrap();
        let list = self.until(inbox, |list| list.contains(&format!(">{subject}<")));
        let (before, _) = list.split_once(&format!(">{subject}<")).unwrap();
        let from = before.rfind("href=\"").unwrap() + 6;
        before[from..].split(['"', '?']).next().unwrap().to_owned()
    }

    fn until(&self, path: &str, what: impl Fn(&str) -> bool) -> String {
        let mut last = String::new();
        for _ in 0..600 {
            last = self.get(path);
            if what(&last) {
                return last;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{last}");
    }

    /// The helpers that render, once there are so many.
    fn renderers(&self, at_least: usize) -> Vec<String> {
        for _ in 0..600 {
            let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
            let children =
                threads.filter_map(|thread| fs::read_to_string(thread.unwrap().path().join("children")).ok());
            let pids: Vec<String> = children
                .flat_map(|pids| pids.split(' ').map(str::to_owned).collect::<Vec<_>>())
                .filter(|pid| {
                    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                    String::from_utf8_lossy(&words).contains("helper\0render\0")
                })
                .collect();
            if pids.len() >= at_least {
                return pids;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("too few helpers");
    }
}

#[test]
fn a_letter_is_its_head_while_all_helpers_hang_and_whole_when_they_were_killed() {
    let portal = Portal::over(
        "From: a@campus.example\nSubject: One\nContent-Type: text/html\n\n<p>Text</p><script>x()</script>\n",
    );
    let letter = portal.letter("One");
    portal.until(&letter, |page| page.contains("<iframe"));
    let before = portal.renderers(3);
    for pid in &before {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        assert!(
            status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"),
            "{status}"
        );
        assert!(Command::new("kill").args(["-STOP", pid]).status().unwrap().success());
        // The signal alone reaches one thread after the other.
        let is_stopped = || {
            let mut tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
            tasks.all(|task| {
                let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
                status.contains("State:\tT")
            })
        };
        let mut looks = 0..6_000;
        while !is_stopped() {
            assert!(looks.next().is_some());
            thread::sleep(Duration::from_millis(10));
        }
    }
    let pages = thread::scope(|threads| {
        let page = threads.spawn(|| portal.get(&letter));
        let frame = threads.spawn(|| portal.get(&format!("{letter}/body?view=html")));
        // The rest of the portal knows nothing of it.
        assert!(portal.get("/healthz").starts_with("HTTP/1.1 200"));
        assert!(portal.get(letter.rsplit_once('/').unwrap().0).contains(">One<"));
        assert!(portal.get(&format!("{letter}/source")).contains("Subject: One"));
        [page.join().unwrap(), frame.join().unwrap()]
    });
    for page in &pages {
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
    assert!(
        pages[0].contains(NOTICE) && pages[0].contains("id=\"subject\">One<"),
        "{}",
        pages[0]
    );
    assert!(pages[0].contains(&format!("{letter}/source")));
    let whole = portal.until(&letter, |page| !page.contains(NOTICE) && page.contains("<iframe"));
    assert!(whole.starts_with("HTTP/1.1 200"));
    let frame = portal.until(&format!("{letter}/body?view=html"), |page| page.contains("<p>Text</p>"));
    assert!(!frame.contains("x()"));
}
