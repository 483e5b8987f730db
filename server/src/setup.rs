//! From a command line and a configuration to the parts of the portal.

use crate::{
    accounts::SpoolAccounts,
    auth::Auth,
    cli::Source,
    clock::SystemClock,
    config::{Config, ConfigError, Listen, OwnerRule},
    demo, helper,
    networks::Networks,
    secrets::Secrets,
    settings::Settings,
    state::AppState,
    status::Status,
    watch,
};
use mailroom::{
    Account, Accounts, Clock, Deadlines, Keep, Layout, Mailroom, MboxQuoting, MountKey, Renderer, Setup, SpoolReaders,
    StoreConfig,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Why the portal cannot start; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Anything about files or sockets.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The state database.
    #[error("the state database: {0}")]
    State(#[from] ::state::StateError),
    /// A use case.
    #[error(transparent)]
    Mail(#[from] mailroom::MailroomError),
    /// A sentence.
    #[error("{0}")]
    Text(String),
}

/// What was found on the command line and in the configuration, before anything is opened.
pub struct Plan {
    /// The configuration.
    pub config: Config,
    /// Where to listen.
    pub listen: Listen,
    /// Where data is kept.
    pub data: PathBuf,
    /// Whose mail.
    pub accounts: Arc<dyn Accounts>,
    /// Plain http on loopback.
    pub local: bool,
    /// Files that the configuration names.
    pub secrets: Secrets,
    /// The spool is read, and messages are looked into, by processes that can be killed, and not here.
    pub helpers: bool,
}

impl Plan {
    /// Reads configuration and environment; makes the demo campus at its first start.
    pub fn new(source: &Source) -> Result<Self, SetupError> {
        let config = Config::load(source.config.as_deref(), environment())?;
        let local = source.is_local();
        let listen = source
            .listen
            .map_or_else(|| config.http.listen.clone(), Listen::Address);
        if local && !matches!(listen, Listen::Address(address) if address.ip().is_loopback()) {
            return Err(text(format!(
                "--demo, --maildir and --mbox listen on loopback only, not on {listen}: leave --listen out or use 127.0.0.1"
            )));
        }
        let data = match &source.data {
            Some(data) => data.clone(),
            None => default_data()?,
        };
        std::fs::create_dir_all(&data)
            .map_err(|error| text(format!("cannot make the data folder {}: {error}", data.display())))?;
        let data = data.canonicalize()?;
        let accounts: Arc<dyn Accounts> = if source.demo {
            Arc::new(demo::accounts(&data.join("demo"), SystemClock.now())?)
        } else if let Some(account) = own_mail(source, &data)? {
            Arc::new(vec![account])
        } else {
            Arc::new(SpoolAccounts::of(&config).ok_or_else(|| {
                text(
                    "no mail to read: set [spool] root in --config FILE, or use --demo, --maildir or --mbox".to_owned(),
                )
            })?)
        };
        Ok(Self {
            config,
            listen,
            data,
            accounts,
            local,
            secrets: secrets(source),
            helpers: false,
        })
    }

    /// Opens the state database; makes it at the first start. One of another version is refused, not changed, but in the local forms:
    /// there is nobody to ask.
    pub async fn open_state(&self) -> Result<::state::State, SetupError> {
        let path = self.state_path()?;
        if self.local || !path.exists() {
            ::state::State::migrate(&path).await?;
        }
        Ok(::state::State::open(&path).await?)
    }

    /// Brings the state database to the newest schema.
    pub async fn migrate_state(&self) -> Result<(), SetupError> {
        Ok(::state::State::migrate(&self.state_path()?).await?)
    }

    /// Where the state database is.
    pub fn state_path(&self) -> Result<PathBuf, SetupError> {
        match &self.config.state.url {
            None => Ok(self.data.join("state.sqlite")),
            Some(url) => url
                .strip_prefix("sqlite:")
                .map(PathBuf::from)
                .ok_or_else(|| text(format!("[state] url must be sqlite:PATH, not {url:?}"))),
        }
    }

    /// For commands that serve nobody.
    pub async fn build_for_commands(&self) -> Result<AppState, SetupError> {
        let Config {
            limits, session, ui, ..
        } = self.config.clone();
        let settings = Settings::local(SocketAddr::from(([127, 0, 0, 1], 0)), limits, session, ui);
        // Nobody signs in, and nothing is looked at: the secrets of that may be out of reach.
        let nothing = Config::default();
        let auth = Auth::new(&nothing, &self.secrets, settings.origin())?;
        let status = Status::new(&nothing, &self.secrets, false)?;
        self.assemble(settings, auth, status).await
    }

    /// Puts the portal together, for the address it really listens on; a socket has none.
    pub async fn build(&self, address: Option<SocketAddr>) -> Result<AppState, SetupError> {
        let Config {
            limits, session, ui, ..
        } = self.config.clone();
        let settings = match (&self.config.http.public_url, address.filter(|_| self.local)) {
            (_, Some(address)) => Settings::local(address, limits, session, ui),
            (Some(url), None) => Settings::public(url.clone(), limits, session, ui),
            (None, None) => {
                return Err(text(
                    "[http] public_url is not set: it is the https origin people use".to_owned(),
                ));
            }
        };
        let settings = settings
            .behind(Networks::new(&self.config.http.trusted_proxies)?)
            .helping(self.config.help.clone())
            .told_by(self.config.status.staff.clone());
        let auth = Auth::new(&self.config, &self.secrets, settings.origin())?;
        let portal = watch::can_be_asked(&auth);
        let status = Status::new(&self.config, &self.secrets, portal)?;
        self.assemble(settings, auth, status).await
    }

    async fn assemble(&self, settings: Settings, auth: Auth, status: Status) -> Result<AppState, SetupError> {
        let state = self.open_state().await?;
        for (account, uid) in state.owners().await? {
            self.accounts.is_owned_by(&account, uid);
        }
        let id_key = state.id_key(crate::random::bytes).await?;
        let spool = &self.config.spool;
        let defaults = Deadlines::default();
        let deadlines = Deadlines {
            list: spool.deadline_list.map_or(defaults.list, Duration::from_millis),
            body: spool.deadline_body.map_or(defaults.body, Duration::from_millis),
            ..defaults
        };
        let threads = spool.threads.unwrap_or(4).clamp(2, 64);
        let mailroom = Mailroom::new(Setup {
            accounts: Arc::clone(&self.accounts),
            index_dir: self.config.index.dir.clone().unwrap_or_else(|| self.data.join("index")),
            state: state.clone(),
            id_key,
            image_urls: format!("{}{}", settings.origin(), crate::routes::image::PREFIX),
            clock: Arc::new(SystemClock),
            deadlines,
            keep: Keep {
                bytes: self.config.index.saved_bytes_per_account,
                days: self.config.index.saved_days,
                snapshot_bytes: self.config.index.snapshot_bytes,
            },
            readers: if self.helpers {
                let asks_names = spool.owner == OwnerRule::Passwd;
                SpoolReaders::Helpers(helper::settings(asks_names, threads, deadlines.body))
            } else {
                SpoolReaders::Threads(threads)
            },
            renderer: if self.helpers {
                Renderer::Helpers(helper::renderers())
            } else {
                Renderer::Here
            },
        })?;
        Ok(AppState::new(
            settings,
            mailroom,
            Arc::clone(&self.accounts),
            state,
            auth,
            status,
        ))
    }
}

fn text(text: String) -> SetupError {
    SetupError::Text(text)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read for the whole portal"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Who types commands, for what is written down about them: before `sudo`, if that was used.
pub fn operator() -> String {
    let user = || Some(uzers::get_current_username()?.to_string_lossy().into_owned());
    variable("SUDO_USER")
        .or_else(user)
        .unwrap_or_else(|| format!("uid {}", uzers::get_current_uid()))
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn secrets(source: &Source) -> Secrets {
    let beside = source.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    Secrets::new(beside.to_owned(), variable("CREDENTIALS_DIRECTORY").map(PathBuf::from))
}

/// `$XDG_DATA_HOME/fumibako`, as the XDG base directory specification has it.
fn default_data() -> Result<PathBuf, SetupError> {
    let base = variable("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/share")))
        .ok_or_else(|| {
            text("neither XDG_DATA_HOME nor HOME is set: say where data is kept with --data DIR".to_owned())
        })?;
    Ok(base.join("fumibako"))
}

/// The one account of `--maildir` or `--mbox`. Its name holds a hash of the place, so that two spools read with one data
/// folder do not share an index.
fn own_mail(source: &Source, data: &Path) -> Result<Option<Account>, SetupError> {
    let (place, what) = match (&source.maildir, &source.mbox) {
        (Some(dir), _) => (dir, "--maildir"),
        (None, Some(file)) => (file, "--mbox"),
        (None, None) => return Ok(None),
    };
    let found = |path: &Path, what: &str| {
        path.canonicalize()
            .map_err(|error| text(format!("cannot read {what} {}: {error}", path.display())))
    };
    let place = found(place, what)?;
    let layout = if source.maildir.is_some() {
        if !place.is_dir() {
            return Err(text(format!("--maildir {} is not a folder", place.display())));
        }
        Layout::Maildir { root: place.clone() }
    } else {
        if !place.is_file() {
            return Err(text(format!("--mbox {} is not a file", place.display())));
        }
        let folders = source.mail.as_deref().map(|dir| found(dir, "--mail")).transpose()?;
        if folders.as_ref().is_some_and(|folders| data.starts_with(folders)) {
            return Err(inside(data));
        }
        Layout::Mbox {
            inbox: place.clone(),
            folders,
            quoting: MboxQuoting::Mboxrd,
        }
    };
    if data.starts_with(&place) {
        return Err(inside(data));
    }
    let hash = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
    Ok(Some(Account {
        name: format!("own-{}", &hash[..12]),
        display_name: variable("USER").unwrap_or_else(|| "mail".to_owned()),
        addresses: Vec::new(),
        store: StoreConfig::new(layout),
        mount: MountKey::live(vec![place.parent().map_or_else(|| place.clone(), Path::to_owned)]),
        snapshots: Vec::new(),
    }))
}

fn inside(data: &Path) -> SetupError {
    text(format!(
        "the data folder {} lies inside the mail, where nothing is written: choose another with --data",
        data.display()
    ))
}
