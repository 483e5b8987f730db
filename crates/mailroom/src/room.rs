use crate::{Accounts, Clock, MailroomError, Reader, Writer, desk::Desk, ids::IdMaker, spool_client::SpoolClient};
use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::OnceCell;

/// Accounts whose index stays open; the one not asked for longest is closed first.
const OPEN_DESKS: usize = 200;

/// How long a page waits for the spool.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// To see whether a mailbox changed, and to list it.
    pub list: Duration,
    /// To read a message.
    pub body: Duration,
    /// To the first byte of a download.
    pub first_byte: Duration,
    /// To each further piece of it.
    pub chunk: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            list: Duration::from_millis(800),
            body: Duration::from_millis(1500),
            first_byte: Duration::from_secs(3),
            chunk: Duration::from_secs(5),
        }
    }
}

/// What a mailroom is made of.
pub struct Setup {
    /// Who has mail here.
    pub accounts: Arc<dyn Accounts>,
    /// Where the index files lie: on a local disk, never on the spool.
    pub index_dir: PathBuf,
    /// What is precious.
    pub state: state::State,
    /// The key that ids are made with.
    pub id_key: [u8; 32],
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long a page waits for the spool.
    pub deadlines: Deadlines,
    /// Threads that read the spool for those who wait.
    pub spool_threads: usize,
}

/// The use cases; cheap to clone.
#[derive(Clone)]
pub struct Mailroom {
    shared: Arc<Shared>,
}

/// What every account has in common.
pub(crate) struct Shared {
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) index_dir: PathBuf,
    pub(crate) state: state::State,
    pub(crate) ids: IdMaker,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) deadlines: Deadlines,
    pub(crate) client: SpoolClient,
    desks: Mutex<HashMap<String, Place>>,
}

struct Place {
    desk: Arc<OnceCell<Arc<Desk>>>,
    last_asked: i64,
}

impl Mailroom {
    /// Starts the spool's threads; reads nothing.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(setup: Setup) -> io::Result<Self> {
        Ok(Self {
            shared: Arc::new(Shared {
                accounts: setup.accounts,
                index_dir: setup.index_dir,
                state: setup.state,
                ids: IdMaker::new(setup.id_key),
                clock: setup.clock,
                deadlines: setup.deadlines,
                client: SpoolClient::new(setup.spool_threads.max(2))?,
                desks: Mutex::default(),
            }),
        })
    }

    /// Whether anything is remembered of an account's mail.
    pub fn has_index(&self, account: &str) -> bool {
        self.shared.index_path(account).exists()
    }

    /// The path of the mailbox and the base name of every message that is remembered of an account's mail; `None` if nothing is. The
    /// index is only read, also while another process uses it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn indexed_names(&self, account: &str) -> Result<Option<Vec<(Vec<u8>, Vec<u8>)>>, MailroomError> {
        if !self.has_index(account) {
            return Ok(None);
        }
        Ok(Some(index::names(&self.shared.index_path(account)).await?))
    }

    /// Lets go of an account's open index and of where its mail lies: the next to ask looks both up anew.
    pub fn forget(&self, account: &str) {
        self.shared.forget(account);
    }

    /// Removes what is remembered of an account's mail, which is then read anew.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn erase(&self, account: &str) -> io::Result<()> {
        self.shared.forget(account);
        let index = self.shared.index_path(account).into_os_string();
        for ending in ["", "-wal", "-shm"] {
            let mut file = index.clone();
            file.push(ending);
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// What may be read of an account's mail.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] if there is no such account.
    pub fn reader(&self, account: &str) -> Result<Reader, MailroomError> {
        self.known(account)?;
        Ok(Reader::new(Arc::clone(&self.shared), account.to_owned()))
    }

    /// What may be changed of an account's mail.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] if there is no such account.
    pub fn writer(&self, account: &str) -> Result<Writer, MailroomError> {
        self.known(account)?;
        Ok(Writer::new(Arc::clone(&self.shared), account.to_owned()))
    }

    pub(crate) async fn desk(&self, account: &str) -> Result<Arc<Desk>, MailroomError> {
        Shared::desk(&self.shared, account).await
    }

    fn known(&self, account: &str) -> Result<(), MailroomError> {
        self.shared
            .accounts
            .find(account)
            .map(drop)
            .ok_or(MailroomError::NotFound)
    }
}

impl Shared {
    /// Where an account's index is, made or not.
    pub(crate) fn index_path(&self, account: &str) -> PathBuf {
        let file = self.ids.account_file(account);
        self.index_dir.join(&file[..2]).join(format!("{file}.sqlite"))
    }

    /// The desk of an account, opened at the first need.
    pub(crate) async fn desk(shared: &Arc<Self>, account: &str) -> Result<Arc<Desk>, MailroomError> {
        let cell = shared.place(account);
        let desk = cell
            .get_or_try_init(|| async {
                let account = shared.accounts.find(account).ok_or(MailroomError::NotFound)?;
                Desk::open(shared, account).await
            })
            .await?;
        Ok(Arc::clone(desk))
    }

    /// Closes the desk of an account whose index turned out to be damaged; the next to ask opens it anew, which sets the
    /// damaged file aside.
    pub(crate) fn forget(&self, account: &str) {
        self.desks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
    }

    fn place(&self, account: &str) -> Arc<OnceCell<Arc<Desk>>> {
        let now = self.clock.now_ns();
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = desks.get_mut(account) {
            place.last_asked = now;
            return Arc::clone(&place.desk);
        }
        if desks.len() >= OPEN_DESKS
            && let Some(oldest) = desks
                .iter()
                .min_by_key(|(_, place)| place.last_asked)
                .map(|(name, _)| name.clone())
        {
            // Whoever still holds the desk goes on with it; its file closes with the last of them.
            desks.remove(&oldest);
        }
        let desk = Arc::new(OnceCell::new());
        desks.insert(
            account.to_owned(),
            Place {
                desk: Arc::clone(&desk),
                last_asked: now,
            },
        );
        desk
    }
}
