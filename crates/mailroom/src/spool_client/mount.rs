//! One store that several accounts lie in: who reads it, and whether it is left alone just now.

use super::{
    ask::{Answer, Ask, Failed, Reply, What},
    breaker::{Breaker, Looks, Of, QUICK},
    helpers::Helpers,
    pace::Pace,
    threads::Threads,
};
use crate::{Clock, MountKey};
use api_types::Cause;
use spool::{Layout, StoreConfig};
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;

/// A look of the prober is given up after this.
const LOOK: Duration = Duration::from_millis(800);

/// A queue moves if somebody was answered within so many microseconds.
const MOVES_US: u64 = 500_000;

/// Who does the work.
pub(super) enum Hands {
    /// Threads of this process, where somebody waits at a terminal, or a test does.
    Threads(Threads),
    /// Processes that can be killed.
    Helpers(Helpers),
}

/// See the module.
pub(crate) struct Mount {
    key: MountKey,
    hands: Hands,
    /// What nobody waits for, one for each that may be at it.
    behind: Semaphore,
    clock: Arc<dyn Clock>,
    breaker: Mutex<Breaker>,
    /// When somebody who waited was last answered quickly, by the clock's ticks; 0 is never.
    answered_us: AtomicU64,
    pace: Mutex<Pace>,
    /// A deadline longer than this counts as missed after it: those who wait for others' sake may wait longer.
    patience: Duration,
}

/// Who asks, and how long they wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    /// The account, in short.
    pub(super) account: u64,
    pub(super) deadline: Duration,
    /// Nobody waits.
    pub(super) behind: bool,
}

impl Mount {
    pub(super) fn new(
        key: MountKey,
        hands: Hands,
        behind: usize,
        clock: Arc<dyn Clock>,
        patience: Duration,
        looks: Looks,
    ) -> Arc<Self> {
        Arc::new(Self {
            key,
            hands,
            behind: Semaphore::new(behind),
            clock,
            breaker: Mutex::new(Breaker::new(looks)),
            answered_us: AtomicU64::new(0),
            pace: Mutex::default(),
            patience,
        })
    }

    /// Asks, unless the spool is left alone.
    pub(super) async fn ask(self: &Arc<Self>, asking: Asking, ask: Ask) -> Reply {
        if !self.breaker().lets_through(asking.account) {
            return Err(slow("it is left alone"));
        }
        // Held until it has rested, too.
        let _place = match asking.behind {
            true => Some(self.behind.acquire().await.map_err(|_| slow("the end"))?),
            false => None,
        };
        if asking.behind && self.has_one_left(asking.account) {
            return Err(slow("helpers wait for its files that cannot be ended"));
        }
        let began = self.clock.ticks_us();
        let reply = self.hand(asking, &ask).await;
        let took = Duration::from_micros(self.clock.ticks_us().saturating_sub(began));
        if let (Some(files), Ok(_)) = (ask.files(), &reply) {
            self.pace().took(took / files, self.clock.ticks_us());
        }
        if asking.behind {
            let rest = self.pace().rest(took);
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
        }
        reply
    }

    async fn hand(self: &Arc<Self>, asking: Asking, ask: &Ask) -> Reply {
        let mut pending = match self.submit(asking, ask) {
            Ok(pending) => pending,
            // Many at once, and the spool keeps up: who finds no place comes again, and nobody else is the worse for it.
            Err(Of::Mount) if self.moves() => return Err(slow("no place in the queue for now")),
            Err(of) => {
                if !asking.behind {
                    let news = self.breaker().full(of);
                    self.leave_alone(news, &ask.store);
                }
                return Err(slow("no place in the queue"));
            }
        };
        if asking.behind {
            return match pending.wait(asking.deadline).await {
                Some(reply) => reply,
                None if pending.is_begun() => Err(stalled("a scan was given up")),
                None => Err(slow("a scan was not begun")),
            };
        }
        let first = asking.deadline.min(self.patience);
        if let Some(reply) = pending.wait(first).await {
            if pending.was_served_within(QUICK) {
                self.answered_us.store(self.clock.ticks_us(), Ordering::Relaxed);
            }
            return reply;
        }
        // What only waited for others, who are answered, says nothing of the spool.
        if pending.is_begun() || !self.moves() {
            match ask.what.is_of_messages() {
                true => self.doubt(asking.account, ask.store.clone()),
                false => self.miss(asking.account, &ask.store),
            }
        }
        let rest = asking.deadline - first;
        let reply = match rest.is_zero() {
            true => None,
            false => pending.wait(rest).await,
        };
        match reply {
            Some(reply) => reply,
            None if pending.is_begun() => Err(stalled("a deadline was missed")),
            None => Err(slow("a deadline was missed")),
        }
    }

    fn miss(self: &Arc<Self>, account: u64, store: &StoreConfig) {
        let news = self.breaker().missed(account, self.clock.ticks_us());
        self.leave_alone(news, store);
    }

    /// A file gave no answer in time. That is a deadline missed by the spool unless the account's folders answer at once.
    fn doubt(self: &Arc<Self>, account: u64, store: StoreConfig) {
        let mount = Arc::clone(self);
        tokio::spawn(async move {
            if !mount.answers(&store).await {
                mount.miss(account, &store);
            }
        });
    }

    /// Whether the folders of that store answer at once.
    pub(super) async fn answers(&self, store: &StoreConfig) -> bool {
        let took = self.probe(store, &places(store)).await;
        took.is_ok_and(|took| took <= QUICK)
    }

    /// Whether a file of that account hangs, and nothing has ended its helper yet.
    pub(super) fn is_stuck(&self, account: u64) -> bool {
        match &self.hands {
            Hands::Threads(_) => false,
            Hands::Helpers(helpers) => helpers.stuck(account) > 0,
        }
    }

    /// Whether that is so, and all helpers that the account may have are at work but one: that one is for what its person asks.
    pub(super) fn has_one_left(&self, account: u64) -> bool {
        match &self.hands {
            Hands::Threads(_) => false,
            Hands::Helpers(helpers) => helpers.has_one_left(account),
        }
    }

    /// Whether it answered somebody quickly a moment ago: then a queue is long because many ask.
    fn moves(&self) -> bool {
        let answered = self.answered_us.load(Ordering::Relaxed);
        answered > 0 && self.clock.ticks_us().saturating_sub(answered) <= MOVES_US
    }

    /// Queues the question, or says at once for whom there is no place.
    fn submit(&self, asking: Asking, ask: &Ask) -> Result<Pending, Of> {
        match &self.hands {
            Hands::Threads(threads) => threads
                .submit(asking.behind, ask.clone())
                .map(Pending::Thread)
                .ok_or(Of::Mount),
            Hands::Helpers(helpers) => helpers.submit(asking, ask).map(Pending::Helper),
        }
    }

    /// From now on only the prober asks.
    fn leave_alone(self: &Arc<Self>, news: Option<Of>, store: &StoreConfig) {
        let Some(of) = news else { return };
        let whose = if of == Of::Mount { "everybody's" } else { "one person's" };
        tracing::warn!(mount = ?self.key, whose, "the spool does not answer in time and is left alone");
        let folders = match of {
            Of::Mount => self.key.folders.clone(),
            Of::Account(_) => places(store),
        };
        let (mount, store) = (Arc::clone(self), store.clone());
        tokio::spawn(async move { mount.look_until_it_answers(of, folders, store).await });
    }

    async fn look_until_it_answers(self: Arc<Self>, of: Of, folders: Vec<PathBuf>, store: StoreConfig) {
        loop {
            let wait = self.breaker().next_look(of, self.clock.ticks_us());
            let Some(wait) = wait else { return };
            tokio::time::sleep(wait).await;
            let took = self.probe(&store, &folders).await;
            if self.breaker().looked(of, took.ok()) {
                self.pace().after_fault(self.clock.ticks_us());
                tracing::warn!(mount = ?self.key, "the spool answers again");
                return;
            }
        }
    }

    /// How long it takes to answer, or for how long it was waited for and why nobody's mail can be had. Of the markers those count that
    /// stand in its folders.
    pub(super) async fn look(&self, markers: &[PathBuf]) -> Result<Duration, (Duration, Cause)> {
        let folders = &self.key.folders;
        let is_ours = |marker: &&PathBuf| folders.iter().any(|folder| marker.parent() == Some(folder));
        let markers: Vec<_> = markers.iter().filter(is_ours).cloned().collect();
        let nowhere = StoreConfig::new(Layout::Maildir {
            root: folders.first().cloned().unwrap_or_default(),
        });
        let (took, found) = self.ask_prober(&nowhere, What::Look(folders.clone(), markers)).await;
        match found {
            Some(Ok(_)) => Ok(took),
            Some(Err(failed)) => {
                tracing::warn!(?folders, failed.detail, "nobody's mail can be had there");
                Err((took, failed.cause))
            }
            None => Err((took, Cause::Slow)),
        }
    }

    async fn probe(&self, store: &StoreConfig, folders: &[PathBuf]) -> Result<Duration, Duration> {
        let (took, found) = self.ask_prober(store, What::Probe(folders.to_vec())).await;
        // What is not there any more answers too; what it means, those who read will see.
        found.map(|_| took).ok_or(took)
    }

    async fn ask_prober(&self, store: &StoreConfig, what: What) -> (Duration, Option<Reply>) {
        let began = self.clock.ticks_us();
        let ask = Ask {
            store: store.clone(),
            what,
        };
        let found = match &self.hands {
            Hands::Threads(threads) => match threads.submit(true, ask) {
                Some(mut pending) => pending.wait(LOOK).await,
                None => None,
            },
            Hands::Helpers(helpers) => helpers.probe(&ask, LOOK).await,
        };
        let took = Duration::from_micros(self.clock.ticks_us().saturating_sub(began));
        (took, found)
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the account's mail may lie.
fn places(store: &StoreConfig) -> Vec<PathBuf> {
    store.layout.places().into_iter().map(PathBuf::from).collect()
}

/// A question on its way.
enum Pending {
    Thread(super::threads::Pending),
    Helper(super::helpers::Pending),
}

impl Pending {
    /// Whether somebody is at it.
    fn is_begun(&self) -> bool {
        match self {
            Self::Thread(pending) => pending.is_begun(),
            Self::Helper(pending) => pending.is_begun(),
        }
    }

    fn was_served_within(&self, quick: Duration) -> bool {
        match self {
            Self::Thread(_) => false,
            Self::Helper(pending) => pending.was_served_within(quick),
        }
    }

    /// The reply; `None` if there is none in time. It may be waited for again.
    async fn wait(&mut self, deadline: Duration) -> Option<Reply> {
        match self {
            Self::Thread(pending) => pending.wait(deadline).await,
            Self::Helper(pending) => pending.wait(deadline).await,
        }
    }
}

/// No answer in time.
pub(super) fn slow(detail: &str) -> Failed {
    Failed::of(Cause::Slow, detail)
}

/// No answer in time from somebody who had begun.
pub(super) fn stalled(detail: &str) -> Failed {
    Failed {
        is_stalled: true,
        ..slow(detail)
    }
}

/// An answer to another question: nothing of ours gives one.
pub(super) fn other(_: Answer) -> Failed {
    Failed::of(Cause::Broken, "an answer to another question")
}
