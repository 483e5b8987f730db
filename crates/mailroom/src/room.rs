use crate::{
    Accounts, Clock, Keep, MailroomError, Reader, Renderer, SpoolReaders, Writer,
    desk::Desk,
    desks::Desks,
    ids::IdMaker,
    image_urls::ImageUrls,
    render_client::RenderClient,
    snapshots::Known,
    spool_client::{SpoolClient, Whereabouts},
};
use api_types::Cause;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak, atomic::AtomicU64},
    time::Duration,
};

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
#[derive(Clone)]
pub struct Setup {
    /// Who has mail here.
    pub accounts: Arc<dyn Accounts>,
    /// Where the index files lie: on a local disk, never on the spool.
    pub index_dir: PathBuf,
    /// What is precious.
    pub state: state::State,
    /// The key that ids are made with.
    pub id_key: [u8; 32],
    /// Where images of letters are to be had by themselves: an absolute URL without a `/` at its end.
    pub image_urls: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long a page waits for the spool.
    pub deadlines: Deadlines,
    /// Who reads the spool.
    pub readers: SpoolReaders,
    /// Who looks into messages.
    pub renderer: Renderer,
    /// How much is kept of whole messages.
    pub keep: Keep,
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
    pub(crate) image_urls: ImageUrls,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) deadlines: Deadlines,
    pub(crate) keep: Keep,
    pub(crate) client: SpoolClient,
    pub(crate) renderer: RenderClient,
    /// Which dated copies there are.
    pub(crate) known: Known,
    pub(crate) desks: Desks,
    /// When the indexes of copies were last weighed, in microseconds.
    pub(crate) weighed: AtomicU64,
    /// Desks of copies that were put away, with their indexes.
    pub(crate) leftovers: Mutex<Vec<(Weak<Desk>, PathBuf)>>,
}

impl Mailroom {
    /// Starts who reads the spool and who renders; reads nothing.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(setup: Setup) -> io::Result<Self> {
        let ids = IdMaker::new(setup.id_key);
        let whereabouts = Whereabouts::new(setup.index_dir.clone(), ids.clone());
        let (clock, patience) = (Arc::clone(&setup.clock), setup.deadlines.body);
        Ok(Self {
            shared: Arc::new(Shared {
                accounts: setup.accounts,
                index_dir: setup.index_dir,
                state: setup.state,
                ids,
                image_urls: ImageUrls::new(&setup.id_key, setup.image_urls),
                deadlines: setup.deadlines,
                keep: setup.keep,
                client: SpoolClient::new(setup.readers, clock, patience, whereabouts),
                renderer: RenderClient::new(&setup.renderer)?,
                clock: setup.clock,
                known: Known::default(),
                desks: Desks::default(),
                weighed: AtomicU64::new(0),
                leftovers: Mutex::default(),
            }),
        })
    }

    /// Whether anything is remembered of an account's mail.
    pub fn has_index(&self, account: &str) -> bool {
        self.shared.index_path(account).exists()
    }

    /// Whether anything is on disk of an account's mail: an index, copies of letters, indexes of dated copies.
    pub fn keeps(&self, account: &str) -> bool {
        let (saved, _) = self.shared.saved_of(account);
        self.has_index(account) || saved.exists() || self.shared.snapshots_of(account).exists()
    }

    /// How long the slowest mount took to answer, or for how long one was waited for that does not, and why there is nothing; `None` if
    /// there is no mount.
    pub async fn look_at_spool(&self) -> Option<Result<Duration, (Duration, Cause)>> {
        let mounts = self.shared.accounts.mounts();
        let markers = self.shared.accounts.markers();
        let looks = mounts.iter().map(|mount| self.shared.client.look(mount, &markers));
        let answers = futures::future::join_all(looks).await;
        answers.into_iter().max_by_key(|answer| match answer {
            Ok(took) => (false, *took),
            Err((waited, _)) => (true, *waited),
        })
    }

    /// Whether it is certain that an account has no mail: the spool is there, and its place in it is not.
    pub async fn lacks_mail(&self, account: &str, patience: Duration) -> bool {
        let Some(account) = self.shared.accounts.find(account) else {
            return true;
        };
        self.shared.client.lacks(&account, patience).await == Ok(true)
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

    /// Removes what is remembered and kept of an account's mail, which is then read anew.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn erase(&self, account: &str) -> Result<(), MailroomError> {
        self.shared.forget(account);
        self.shared.client.forget_root(account).await;
        index::Index::remove(&self.shared.index_path(account)).await?;
        self.shared.erase_snapshots(account).await?;
        let (dir, key) = self.shared.saved_of(account);
        if dir.exists() {
            index::Saved::open(&dir, key).await?.erase().await?;
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

    /// The folder of the indexes, where what is needed for a moment may lie, too.
    pub fn disk(&self) -> &Path {
        &self.shared.index_dir
    }

    /// What may be changed of an account's mail.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] if there is no such account.
    pub fn writer(&self, account: &str) -> Result<Writer, MailroomError> {
        self.known(account)?;
        Ok(Writer::new(Arc::clone(&self.shared), account.to_owned()))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
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
        self.ids.index_path(&self.index_dir, account)
    }

    /// Where whole messages of an account are kept, and the key that they are encrypted with.
    pub(crate) fn saved_of(&self, account: &str) -> (PathBuf, [u8; 32]) {
        (
            self.index_path(account).with_extension("saved"),
            self.ids.saved_key(account),
        )
    }

    /// The desk of an account, opened at the first need.
    pub(crate) async fn desk(shared: &Arc<Self>, account: &str) -> Result<Arc<Desk>, MailroomError> {
        let cell = shared.desks.live(account, shared.clock.now_ns());
        let desk = cell
            .get_or_try_init(|| async {
                let account = shared.accounts.find(account).ok_or(MailroomError::NotFound)?;
                Desk::open(shared, account).await
            })
            .await?;
        Ok(Arc::clone(desk))
    }

    /// Closes the desks of an account whose index turned out to be damaged; the next to ask opens it anew, which sets the
    /// damaged file aside.
    pub(crate) fn forget(&self, account: &str) {
        self.desks.forget(account);
    }
}
