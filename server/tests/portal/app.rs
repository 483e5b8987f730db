//! A portal over two people's mail, and a browser that keeps cookies.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use mailroom::{Account, Layout, SnapshotKind, SnapshotRoot, StoreConfig};
use server::{
    AppState, build_router,
    config::{Config, Listen},
    secrets::Secrets,
    setup::Plan,
};
use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    sync::Mutex,
};
use tempfile::TempDir;
use tower::ServiceExt;

pub const ORIGIN: &str = "http://127.0.0.1:4080";
pub const SECRET: &str = "a secret for these tests";
pub const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\x9cc`\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";
pub const FILE: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

pub struct TestApp {
    pub router: Router,
    pub state: AppState,
    cookies: Mutex<BTreeMap<String, String>>,
    dir: Arc<TempDir>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl TestApp {
    pub async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        for person in ["hana", "ken"] {
            maildir(&dir.path().join(person), person);
        }
        Self::over(Arc::new(dir)).await
    }

    /// With dated copies of both people's mail: one complete of the night, an older one, and one that was never marked as complete.
    pub async fn with_snapshots() -> Self {
        let dir = TempDir::new().unwrap();
        for person in ["hana", "ken"] {
            for copy in ["zfs/2026-03-09_0300", "zfs/2026-03-08_0300", "copies/2026-03-07"] {
                let root = dir.path().join(copy).join(person);
                maildir(&root, person);
                let only = "From: Aoki <aoki@campus.example>\nDate: 3 Mar 2026 09:00:00 +0900\nSubject: Deleted since\n\nOnly here.\n";
                fs::write(root.join(format!("cur/1003.deleted.{person}:2,")), only).unwrap();
            }
            maildir(&dir.path().join(person), person);
        }
        Self::over(Arc::new(dir)).await
    }

    /// As a site runs it, behind https.
    pub async fn public(origin: &str) -> Self {
        let mut config = Config::default();
        config.http.public_url = Some(origin.to_owned());
        let dir = TempDir::new().unwrap();
        maildir(&dir.path().join("hana"), "hana");
        maildir(&dir.path().join("ken"), "ken");
        Self::with(Arc::new(dir), config, false).await
    }

    /// In one of the local forms, with that in the configuration and a secret in the file `secret`.
    pub async fn configured(toml: &str) -> Self {
        let dir = TempDir::new().unwrap();
        for person in ["hana", "ken"] {
            maildir(&dir.path().join(person), person);
        }
        let secret = dir.path().join("secret");
        fs::write(&secret, SECRET).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let file = dir.path().join("fumibako.toml");
        fs::write(&file, toml).unwrap();
        let config = Config::load(Some(&file), std::iter::empty()).unwrap();
        Self::with(Arc::new(dir), config, true).await
    }

    /// Where a person's mail lies.
    pub fn spool(&self, person: &str) -> PathBuf {
        self.dir.path().join(person)
    }

    /// Where the portal keeps what it writes.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The same data and mail in a new process, with the same browser.
    pub async fn restarted(&self) -> Self {
        let new = Self::over(Arc::clone(&self.dir)).await;
        new.cookies.lock().unwrap().clone_from(&self.cookies.lock().unwrap());
        new
    }

    async fn over(dir: Arc<TempDir>) -> Self {
        Self::with(dir, Config::default(), true).await
    }

    async fn with(dir: Arc<TempDir>, config: Config, local: bool) -> Self {
        let account = |name: &str| Account {
            name: name.to_owned(),
            display_name: name.to_owned(),
            addresses: Vec::new(),
            store: StoreConfig::new(Layout::Maildir {
                root: dir.path().join(name),
            }),
            mount: mailroom::MountKey::live(vec![dir.path().to_owned()]),
            snapshots: snapshots(dir.path(), name),
        };
        let address = SocketAddr::from(([127, 0, 0, 1], 4080));
        let data = dir.path().join("data");
        fs::create_dir_all(&data).unwrap();
        let accounts = Arc::new(vec![account("hana"), account("ken")]);
        let plan = Plan {
            config,
            listen: Listen::Address(address),
            data,
            accounts,
            local,
            secrets: Secrets::new(dir.path().to_owned(), None),
            helpers: false,
        };
        let state = plan.build(Some(address)).await.unwrap();
        for name in ["hana", "ken"] {
            state.mailroom().index_account(name, &mut |_| {}).await.unwrap();
        }
        Self {
            router: build_router(state.clone()),
            state,
            cookies: Mutex::default(),
            dir,
        }
    }

    /// Another browser at the same portal.
    pub fn stranger(&self) -> Self {
        Self {
            router: self.router.clone(),
            state: self.state.clone(),
            cookies: Mutex::default(),
            dir: Arc::clone(&self.dir),
        }
    }

    pub fn link(&self, account: &str) -> String {
        format!("/sign-in/once/{}", self.state.links().mint(account))
    }

    pub async fn sign_in(&self, account: &str) {
        assert_eq!(self.get(&self.link(account)).await.status, StatusCode::SEE_OTHER);
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// All of them, as a browser sends them.
    pub fn cookies(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, "").await
    }

    /// A form sent by a page of ours.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, &[("origin", ORIGIN), ("content-type", kind)], form)
            .await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:4080");
        if let Some(cookies) = self.cookies() {
            request = request.header(header::COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body.to_owned())).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, 64 << 20).await.unwrap(),
        }
    }

    /// Path of the inbox of whoever is signed in.
    pub async fn inbox(&self) -> String {
        let answer = self.get("/").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        answer.header("location").unwrap().to_owned()
    }

    /// Path of the letter with this subject.
    pub async fn letter(&self, subject: &str) -> String {
        self.letter_in(&self.inbox().await, subject).await
    }

    /// Path of the letter with this subject in a list.
    pub async fn letter_in(&self, inbox: &str, subject: &str) -> String {
        let html = self.get(inbox).await.text();
        let at = html
            .find(&format!(">{subject}<"))
            .unwrap_or_else(|| panic!("{subject} is in the list:\n{html}"));
        let from = html[..at].rfind("href=\"").unwrap() + 6;
        html[from..]
            .split('"')
            .next()
            .unwrap()
            .split('?')
            .next()
            .unwrap()
            .to_owned()
    }

    /// How often this text is in the list.
    pub async fn unread_rows(&self) -> usize {
        let inbox = self.inbox().await;
        self.get(&inbox).await.text().matches("class=\"unread\"").count()
    }
}

/// Where a test has made any.
fn snapshots(dir: &Path, person: &str) -> Vec<SnapshotRoot> {
    let marker = "COMPLETE".to_owned();
    let kinds = [("zfs", SnapshotKind::Atomic), ("copies", SnapshotKind::Copy { marker })];
    let root = |(folder, kind)| SnapshotRoot {
        folder: dir.join(folder),
        dir: dir.join(folder),
        before: String::new(),
        after: String::new(),
        within: person.into(),
        folders: None,
        kind,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
    };
    let there = kinds.into_iter().filter(|(folder, _)| dir.join(folder).is_dir());
    there.map(root).collect()
}

fn maildir(root: &Path, person: &str) {
    for sub in ["new", "cur", "tmp"] {
        fs::create_dir_all(root.join(sub)).unwrap();
    }
    // Notices are older than the letters with names, so that these stand on the first page.
    let header = |subject: &str| {
        let month = if subject.starts_with("Notice") { "Feb" } else { "Mar" };
        format!(
            "From: Aoki <aoki@campus.example>\nTo: {person}@campus.example\nDate: 2 {month} 2026 09:00:00 +0900\nSubject: {subject}\nMIME-Version: 1.0\n"
        )
    };
    let put = |name: &str, bytes: &str| fs::write(root.join("cur").join(format!("{name}.{person}:2,")), bytes).unwrap();
    put("1000.plain", &format!("{}\nHello.\n", header("Plain")));
    let html = "<script>x()</script><p style=\"color:red\">Hi <img src=\"https://t.example/p.gif\"></p>";
    put(
        "1001.html",
        &format!("{}Content-Type: text/html; charset=utf-8\n\n{html}\n", header("Html")),
    );
    let part = |kind: &str, name: &str, body: &str| {
        format!(
            "--b\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{body}\n"
        )
    };
    let parts = [
        "--b\nContent-Type: text/plain\n\nThree files.\n".to_owned(),
        part(
            "text/plain",
            "digits.txt",
            &data_encoding::BASE64.encode(FILE.as_bytes()),
        ),
        part("image/png", "pixel.png", &data_encoding::BASE64.encode(PIXEL)),
        part(
            "text/html",
            "page.html",
            &data_encoding::BASE64.encode(b"<script>x()</script>"),
        ),
    ];
    let mixed = format!(
        "{}Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
        header("Files"),
        parts.concat()
    );
    put("1002.files", &mixed);
    for number in 0..60 {
        put(
            &format!("900.{number}"),
            &format!("{}\nNotice {number}.\n", header(&format!("Notice {number}"))),
        );
    }
}
