//! Configuration: one TOML file, every key also as `FUMIBAKO_SECTION__KEY`; unknown keys are errors. Long, because it is the one list of
//! keys with what each is when it is not set; those of sign-in are in `auth`, those of the service status in `probe`.

pub mod auth;
pub mod help;
mod listen;
mod owner;
pub mod probe;
pub mod snapshots;
pub mod status;

pub use listen::Listen;
pub use owner::OwnerRule;

use crate::template::Template;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Component, Path, PathBuf},
};

/// Everything an operator can set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[http]`
    pub http: Http,
    /// `[spool]`
    pub spool: Spool,
    /// `[index]`
    pub index: Index,
    /// `[state]`
    pub state: StateSection,
    /// `[session]`
    pub session: Session,
    /// `[auth]`
    pub auth: auth::Auth,
    /// `[account]`
    pub account: auth::AccountSection,
    /// `[probe]`
    pub probe: probe::Probe,
    /// `[status]`
    pub status: status::StatusSection,
    /// `[help]`
    pub help: help::Help,
    /// `[limits]`
    pub limits: Limits,
    /// `[ui]`
    pub ui: Ui,
}

/// Where the portal listens and what it is called from outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address and port, or `unix:PATH`.
    pub listen: Listen,
    /// Origin as the browser sees it, `https://mail.example.ac.jp`.
    pub public_url: Option<String>,
    /// Addresses of proxies in front, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
}

/// Layout of mail at rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// What lies there, account by account; an mbox is read as mboxo.
    #[default]
    Auto,
    /// Maildir: with `.A.B` (Maildir++) and `A/B` below it.
    Maildir,
    /// mbox with `>From ` quoted once.
    Mboxo,
    /// mbox with every `>*From ` quoted.
    Mboxrd,
}

/// Where mail lies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spool {
    /// Its layout.
    pub format: Format,
    /// Folder or file of one person, with `{account}` for the name: `/var/spool/mail/{account}/Maildir`. Several are looked at in
    /// order; the first that is there counts. With `path`: the folder that it begins in.
    #[serde(deserialize_with = "one_or_many")]
    pub root: Vec<String>,
    /// One person's place below each root, with `{account}`, and `{account:1}` for its first characters.
    pub path: Option<String>,
    /// mbox: folder of the other mailboxes, with `{account}`.
    pub folders: Option<String>,
    /// A file in the folder that accounts stand in, of each root: where it is missing the store is not mounted, or is another one.
    pub marker: Option<String>,
    /// Names of mailboxes that this site uses for what; before the common ones.
    pub special_use: SpecialUseNames,
    /// Whose every file must be.
    pub owner: OwnerRule,
    /// Milliseconds a list waits for the spool.
    pub deadline_list: Option<u64>,
    /// Milliseconds a letter waits for the spool.
    pub deadline_body: Option<u64>,
    /// Threads that read the spool.
    pub threads: Option<usize>,
    /// `[[spool.snapshots]]`: where dated copies stand.
    pub snapshots: Vec<snapshots::Snapshots>,
}

impl Spool {
    /// Where accounts lie: each root, with the path below it.
    pub fn templates(&self) -> impl Iterator<Item = Result<Template, String>> {
        self.root.iter().map(|root| match &self.path {
            None => Template::parse(root),
            Some(_) if root.contains('{') => Err(format!("root is a folder where path is set, not {root:?}")),
            Some(path) => Template::parse(&format!("{}/{path}", root.trim_end_matches('/'))),
        })
    }
}

/// `[spool.special_use]`: names as people see them, levels joined by `/`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpecialUseNames {
    /// Unfinished messages.
    pub drafts: Vec<String>,
    /// Sent messages.
    pub sent: Vec<String>,
    /// Kept messages.
    pub archive: Vec<String>,
    /// Unwanted messages.
    pub junk: Vec<String>,
    /// Deleted messages.
    pub trash: Vec<String>,
}

/// Where indexes are kept, and how much of whole messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Index {
    /// On local disk; default `DATA/index`.
    pub dir: Option<PathBuf>,
    /// What was delivered within so many days is kept, for when the spool does not answer; what was opened always is.
    pub saved_days: u32,
    /// Bytes on disk that this takes for each account at most; 0 keeps nothing.
    pub saved_bytes_per_account: u64,
    /// Bytes on disk that the indexes of dated copies take at most, all accounts together.
    pub snapshot_bytes: u64,
}

/// Where what is precious is kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StateSection {
    /// `sqlite:PATH`; default `DATA/state.sqlite`.
    pub url: Option<String>,
}

/// How long a sign-in lasts (security.md 8).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// Minutes without a click.
    pub idle_minutes: u32,
    /// Minutes at most.
    pub absolute_minutes: u32,
    /// The same at a computer that others use.
    pub public_idle_minutes: u32,
    /// See above.
    pub public_absolute_minutes: u32,
}

/// Bounds on what one request may cost; settable downwards.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request body.
    pub request_body: usize,
    /// Bytes of request headers.
    pub request_headers: usize,
    /// Decoded bytes in one zip.
    pub zip_bytes: u64,
    /// Files in one zip.
    pub zip_entries: usize,
}

/// What people see.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ui {
    /// Name of the site in Japanese.
    pub site_name_ja: String,
    /// Name of the site in English.
    pub site_name_en: String,
    /// Whom to ask; shown when something is wrong.
    pub contact: Option<String>,
    /// `ja` or `en`.
    pub default_language: String,
    /// IANA name.
    pub default_timezone: String,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: Listen::Address(SocketAddr::from(([127, 0, 0, 1], 4080))),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Default for Index {
    fn default() -> Self {
        let keep = mailroom::Keep::default();
        Self {
            dir: None,
            saved_days: keep.days,
            saved_bytes_per_account: keep.bytes,
            snapshot_bytes: keep.snapshot_bytes,
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self {
            idle_minutes: 8 * 60,
            absolute_minutes: 24 * 60,
            public_idle_minutes: 20,
            public_absolute_minutes: 2 * 60,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_body: 256 << 10,
            request_headers: 32 << 10,
            zip_bytes: 100 << 20,
            zip_entries: 500,
        }
    }
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            site_name_ja: "文箱 Fumibako".to_owned(),
            site_name_en: "Fumibako".to_owned(),
            contact: None,
            default_language: "ja".to_owned(),
            default_timezone: "Asia/Tokyo".to_owned(),
        }
    }
}

/// A configuration that cannot be used; the text says where and why.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The file, or the environment on top of it, makes no sense.
    #[error("{0}: {1}")]
    Parse(String, String),
    /// A value that cannot be.
    #[error("{0}")]
    Value(String),
}

/// Minutes.
const LONGEST_SESSION: u32 = 7 * 24 * 60;

impl Config {
    /// Reads `file`, lays `environment` over it and checks the result.
    pub fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut table = toml::Table::new();
        let mut place = "the environment".to_owned();
        if let Some(file) = file {
            let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Read(file.to_owned(), error))?;
            place = file.display().to_string();
            table = text
                .parse()
                .map_err(|error: toml::de::Error| ConfigError::Parse(place.clone(), error.to_string()))?;
        }
        for (name, value) in environment {
            let place = name.strip_prefix("FUMIBAKO_").unwrap_or_default().to_ascii_lowercase();
            // `FUMIBAKO_AUTH__OIDC__ISSUER` is `issuer` of `[auth.oidc]`.
            let Some((sections, key)) = place.rsplit_once("__") else {
                continue;
            };
            let mut table = Some(&mut table);
            for section in sections.split("__") {
                let inner = table.map(|table| {
                    let new = || toml::Value::Table(toml::Table::new());
                    table.entry(section).or_insert_with(new)
                });
                table = inner.and_then(toml::Value::as_table_mut);
            }
            if let Some(table) = table {
                table.insert(key.to_owned(), from_environment(&value));
            }
        }
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Parse(place, error.to_string()))?;
        config.checked()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let fail = |text: String| Err(ConfigError::Value(text));
        let defaults = Limits::default();
        if let Some(url) = &self.http.public_url {
            let host = url.strip_prefix("https://").unwrap_or_default();
            if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
                return fail(format!(
                    "[http] public_url must be an https origin without a path, not {url:?}"
                ));
            }
        }
        if !matches!(self.ui.default_language.as_str(), "ja" | "en") {
            return fail(format!(
                "[ui] default_language is ja or en, not {:?}",
                self.ui.default_language
            ));
        }
        if jiff::tz::TimeZone::get(&self.ui.default_timezone).is_err() {
            return fail(format!(
                "[ui] default_timezone {:?} is no time zone",
                self.ui.default_timezone
            ));
        }
        let folders = self.spool.folders.iter().map(|folders| Template::parse(folders));
        if let Some(error) = self.spool.templates().chain(folders).find_map(Result::err) {
            return fail(format!("[spool] {error}"));
        }
        if let Some(marker) = &self.spool.marker {
            // To the letter: `a/` is no file.
            let is_name = Path::new(marker).components().eq([Component::Normal(marker.as_ref())]);
            if !is_name || marker.contains('\0') {
                return fail(format!("[spool] marker is the name of a file, not {marker:?}"));
            }
        }
        if self.limits.request_body > defaults.request_body
            || self.limits.request_headers > defaults.request_headers
            || self.limits.zip_bytes > defaults.zip_bytes
            || self.limits.zip_entries > defaults.zip_entries
        {
            return fail("[limits] can be lowered, not raised".to_owned());
        }
        if self.session.idle_minutes == 0 || self.session.idle_minutes > self.session.absolute_minutes {
            return fail("[session] idle_minutes must be between 1 and absolute_minutes".to_owned());
        }
        if self.session.public_idle_minutes == 0
            || self.session.public_idle_minutes > self.session.public_absolute_minutes
        {
            return fail("[session] public_idle_minutes must be between 1 and public_absolute_minutes".to_owned());
        }
        if self.session.absolute_minutes.max(self.session.public_absolute_minutes) > LONGEST_SESSION {
            return fail(format!("[session] lasts {LONGEST_SESSION} minutes at most, a week"));
        }
        self.snapshots()?;
        self.auth.checked()?;
        self.probe.checked(crate::status::OWN_SERVICES)?;
        self.help.checked()?;
        if matches!(self.spool.owner, OwnerRule::Claim(_)) && self.auth.mode.is_none() {
            return fail("[spool] owner is what the portal says, and no [auth] mode is set".to_owned());
        }
        Ok(self)
    }
}

/// A string, or a list of them.
fn one_or_many<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text or a list of texts")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(value)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// Numbers and booleans as such, everything else as text.
fn from_environment(value: &str) -> toml::Value {
    if let Ok(number) = value.parse::<i64>() {
        return toml::Value::Integer(number);
    }
    match value {
        "true" => toml::Value::Boolean(true),
        "false" => toml::Value::Boolean(false),
        text => toml::Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(
            None,
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_environment_sets_any_key() {
        let config = with(&[
            ("FUMIBAKO_HTTP__LISTEN", "127.0.0.1:9"),
            ("FUMIBAKO_SPOOL__DEADLINE_LIST", "250"),
            ("FUMIBAKO_UI__DEFAULT_LANGUAGE", "en"),
            ("FUMIBAKO_CORPORA", "/not/a/key"),
        ])
        .unwrap();
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:9");
        let socket = with(&[("FUMIBAKO_HTTP__LISTEN", "unix:/run/fumibako.sock")]).unwrap();
        assert_eq!(socket.http.listen, Listen::Unix("/run/fumibako.sock".into()));
        for bad in ["unix:here", "4080", "mail.example.ac.jp"] {
            assert!(with(&[("FUMIBAKO_HTTP__LISTEN", bad)]).is_err(), "{bad}");
        }
        assert_eq!(config.spool.deadline_list, Some(250));
        assert_eq!(config.ui.default_language, "en");
    }

    #[test]
    fn a_section_of_a_section_is_set_likewise() {
        let config = with(&[
            ("FUMIBAKO_AUTH__MODE", "oidc"),
            ("FUMIBAKO_AUTH__OIDC__ISSUER", "https://sso.example.ac.jp"),
            ("FUMIBAKO_AUTH__OIDC__CLIENT_ID", "webmail"),
        ]);
        assert_eq!(config.unwrap().auth.oidc.issuer, "https://sso.example.ac.jp");
        let error = with(&[("FUMIBAKO_AUTH__MODE", "oidc")]).unwrap_err().to_string();
        assert!(error.contains("issuer"), "{error}");
        assert!(with(&[("FUMIBAKO_AUTH__OIDC__ISSUR", "x")]).is_err());
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = with(&[("FUMIBAKO_HTTP__LISTEM", "127.0.0.1:9")]).unwrap_err();
        assert!(error.to_string().contains("listem"), "{error}");
    }

    #[test]
    fn a_spool_has_one_root_or_several() {
        let read = |text: &str| {
            text.parse::<toml::Table>()
                .unwrap()
                .try_into::<Config>()
                .map(|config| config.spool.root)
        };
        assert_eq!(read("[spool]\nroot = '/a/{account}'").unwrap(), ["/a/{account}"]);
        let several = "[spool]\nroot = ['/a/{account}', '/b/{account}']";
        assert_eq!(read(several).unwrap(), ["/a/{account}", "/b/{account}"]);
        assert!(read("[spool]\nroot = 1").is_err());
        assert!(with(&[("FUMIBAKO_SPOOL__ROOT", "/mail")]).is_err(), "whose?");
    }

    #[test]
    fn a_marker_is_a_file_in_the_folder_itself() {
        assert_eq!(
            with(&[("FUMIBAKO_SPOOL__MARKER", ".mounted")])
                .unwrap()
                .spool
                .marker
                .as_deref(),
            Some(".mounted")
        );
        for bad in ["", ".", "..", "/mail/.mounted", "a/b", "a/", "a/.", "../x", "a\0"] {
            assert!(with(&[("FUMIBAKO_SPOOL__MARKER", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_public_url_is_https_or_refused() {
        assert!(with(&[("FUMIBAKO_HTTP__PUBLIC_URL", "https://mail.example.ac.jp")]).is_ok());
        for bad in [
            "http://mail.example.ac.jp",
            "https://mail.example.ac.jp/portal",
            "mail",
            "https://",
        ] {
            assert!(with(&[("FUMIBAKO_HTTP__PUBLIC_URL", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_go_downwards_only() {
        assert!(with(&[("FUMIBAKO_LIMITS__REQUEST_BODY", "1000")]).is_ok());
        assert!(with(&[("FUMIBAKO_LIMITS__REQUEST_BODY", "1000000000")]).is_err());
    }
}
