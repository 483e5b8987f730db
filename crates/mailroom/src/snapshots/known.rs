//! Which copies there are of an account's mail, asked once a minute at most.

use super::{
    Snapshot, SnapshotSeen, SnapshotsAsk,
    judged::{Judged, Mark},
};
use crate::{Account, Layout, MailroomError, StoreConfig, room::Shared, spool_client::Urgency};
use api_types::Cause;
use futures::{
    FutureExt,
    future::{self, BoxFuture, Shared as SharedFuture},
};
use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What is known is good for so long, in microseconds.
const AGE_US: u64 = 60_000_000;
/// What is not found, or could not be asked, is looked for again after this.
const RETRY_US: u64 = 5_000_000;
/// Accounts of which this is remembered.
const ACCOUNTS: usize = 1_000;
/// A look outlives those who wait for it: a copy may have a marker that is slow to read.
const LOOK: Duration = Duration::from_secs(20);

/// The copies of one account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies {
    /// The newest first; those without a time last.
    pub(crate) list: Vec<Arc<Snapshot>>,
    /// Why there may be more.
    pub(crate) trouble: Option<Cause>,
}

type Look = SharedFuture<BoxFuture<'static, Arc<Copies>>>;

#[derive(Default)]
struct Entry {
    copies: Option<(u64, Arc<Copies>)>,
    look: Option<Look>,
    judged: HashMap<Mark, Judged>,
    /// When copies whose lists are on disk are to be counted anew.
    due: HashMap<Mark, u64>,
}

impl Copies {
    fn judged(&self, judged: &HashMap<Mark, Judged>) -> Self {
        let judge = |copy: &Arc<Snapshot>| {
            let Judged { torn, turn } = judged.get(&copy.mark()).copied().unwrap_or_default();
            let whole = copy.marked && !torn;
            match (copy.whole, copy.turn) == (whole, turn) {
                true => Arc::clone(copy),
                false => Arc::new(Snapshot {
                    whole,
                    turn,
                    ..Snapshot::clone(copy)
                }),
            }
        };
        Self {
            list: self.list.iter().map(judge).collect(),
            trouble: self.trouble,
        }
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<String, Entry>>);

impl Known {
    /// The copies of an account, as they were within the last minute, or as they were last if they cannot be asked within `patience`.
    pub(crate) async fn of(&self, shared: &Arc<Shared>, account: &Account, patience: Duration) -> Arc<Copies> {
        if account.snapshots.is_empty() {
            return Arc::default();
        }
        let now = shared.clock.ticks_us();
        let known = self.last(&account.name);
        if let Some((at, copies)) = &known {
            let age = if copies.trouble.is_some() { RETRY_US } else { AGE_US };
            if now.saturating_sub(*at) < age {
                return Arc::clone(copies);
            }
        }
        let look = self.look(shared, account);
        match tokio::time::timeout(patience, look).await {
            Ok(copies) => copies,
            Err(_) => Arc::new(Copies {
                list: known.map(|(_, copies)| copies.list.clone()).unwrap_or_default(),
                trouble: Some(Cause::Slow),
            }),
        }
    }

    /// The copies of an account as they were when they were asked last.
    pub(crate) fn remembered(&self, account: &str) -> Vec<Arc<Snapshot>> {
        self.last(account)
            .map(|(_, copies)| copies.list.clone())
            .unwrap_or_default()
    }

    /// The copy of that key. One that is known is known at any age, so that a copy is read on while nobody can say whether it is still
    /// there.
    pub(crate) async fn find(
        &self,
        shared: &Arc<Shared>,
        account: &Account,
        key: &str,
    ) -> Result<Arc<Snapshot>, MailroomError> {
        let named = |copies: &Copies| copies.list.iter().find(|copy| copy.key == key).cloned();
        let now = shared.clock.ticks_us();
        let known = self.last(&account.name);
        if let Some((at, copies)) = &known {
            let age = now.saturating_sub(*at);
            if let Some(copy) = named(copies) {
                if age >= AGE_US {
                    drop(self.look(shared, account));
                }
                return Ok(copy);
            }
            if age < RETRY_US && copies.trouble.is_none() {
                return Err(MailroomError::NotFound);
            }
        }
        if account.snapshots.is_empty() {
            return Err(MailroomError::NotFound);
        }
        let copies = match tokio::time::timeout(shared.deadlines.list, self.look(shared, account)).await {
            Ok(copies) => copies,
            Err(_) => return Err(MailroomError::Unavailable(Cause::Slow)),
        };
        named(&copies).ok_or(
            copies
                .trouble
                .map_or(MailroomError::NotFound, MailroomError::Unavailable),
        )
    }

    /// Looks for the copies, or joins who is looking already. It goes on when nobody waits any more.
    fn look(&self, shared: &Arc<Shared>, account: &Account) -> Look {
        let mut entries = self.entries();
        if let Some(look) = entries.get(&account.name).and_then(|entry| entry.look.clone()) {
            return look;
        }
        let now = shared.clock.ticks_us();
        if entries.len() >= ACCOUNTS {
            entries.retain(|_, entry| {
                let at = entry.copies.as_ref().map_or(now, |(at, _)| *at);
                entry.look.is_some() || now.saturating_sub(at) < AGE_US
            });
        }
        let (shared, account) = (Arc::clone(shared), account.clone());
        let name = account.name.clone();
        let task = tokio::spawn(async move {
            let before = shared.known.last(&account.name).map(|(_, copies)| copies);
            let copies = look(&shared, &account, before.as_deref()).await;
            let marks: Vec<Mark> = copies.list.iter().map(|copy| copy.mark()).collect();
            let all = copies.trouble.is_none();
            let kept = shared.kept_verdicts(&account.name, marks.clone(), all).await;
            let mut entries = shared.known.entries();
            let entry = entries.entry(account.name).or_default();
            entry.judged.retain(|mark, _| marks.contains(mark));
            entry.due.retain(|mark, _| marks.contains(mark));
            for (mark, kept) in kept {
                // What is in memory may have been found since.
                entry.judged.entry(mark).or_insert(kept);
            }
            let copies = Arc::new(copies.judged(&entry.judged));
            entry.copies = Some((shared.clock.ticks_us(), Arc::clone(&copies)));
            entry.look = None;
            copies
        });
        let broken = || {
            Arc::new(Copies {
                trouble: Some(Cause::Broken),
                ..Copies::default()
            })
        };
        let look = async move { task.await.unwrap_or_else(|_| broken()) }.boxed().shared();
        entries.entry(name).or_default().look = Some(look.clone());
        look
    }

    /// Notes whether a copy was found to have another number of messages than it says.
    pub(super) async fn note_torn(&self, shared: &Shared, account: &str, snapshot: &Snapshot, torn: bool) {
        let mark = snapshot.mark();
        let last = self
            .entries()
            .get(account)
            .and_then(|entry| entry.judged.get(&mark).copied());
        let judged = Judged {
            torn,
            turn: last.map_or(0, |last| last.turn).max(snapshot.turn) + 1,
        };
        shared.keep_verdict(account, &mark, judged).await;
        let mut entries = self.entries();
        let entry = entries.entry(account.to_owned()).or_default();
        entry.judged.insert(mark, judged);
        if let Some((at, copies)) = &entry.copies {
            entry.copies = Some((*at, Arc::new(copies.judged(&entry.judged))));
        }
    }

    /// When the copy is to be counted anew; `None` if that was not said since this process began.
    pub(super) fn count_due(&self, account: &str, snapshot: &Snapshot) -> Option<u64> {
        self.entries().get(account)?.due.get(&snapshot.mark()).copied()
    }

    pub(super) fn note_count_due(&self, account: &str, snapshot: &Snapshot, at_us: u64) {
        let mut entries = self.entries();
        let entry = entries.entry(account.to_owned()).or_default();
        entry.due.insert(snapshot.mark(), at_us);
    }

    fn last(&self, account: &str) -> Option<(u64, Arc<Copies>)> {
        self.entries().get(account).and_then(|entry| entry.copies.clone())
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every place is looked at by itself: one that does not answer hides no other, and keeps what was known of it.
async fn look(shared: &Shared, account: &Account, before: Option<&Copies>) -> Copies {
    let looks = account.snapshots.iter().map(|root| async {
        // Whether the copies answer is seen where they are, and not at the live mail.
        let store = StoreConfig {
            layout: Layout::Maildir { root: root.dir.clone() },
            beneath: Some(root.folder.clone()),
            ..account.store.clone()
        };
        let asked = Account {
            mount: root.mount(),
            store,
            ..account.clone()
        };
        let client = &shared.client;
        client
            .snapshots(&asked, SnapshotsAsk::new(root), Urgency::Waiting(LOOK))
            .await
    });
    let mut copies = Copies::default();
    for (number, seen) in future::join_all(looks).await.into_iter().enumerate() {
        let root = &account.snapshots[number];
        match seen {
            Ok(seen) => {
                let copy = |seen: SnapshotSeen| {
                    let place = [root.dir.as_os_str(), root.within.as_os_str(), seen.name.as_ref()];
                    let place = place.map(|part| part.as_encoded_bytes()).join(&0);
                    let key = shared.ids.snapshot(&account.name, &place);
                    Arc::new(Snapshot::new(key, (number, root), seen))
                };
                copies.list.extend(seen.into_iter().map(copy));
            }
            Err(cause) => {
                copies.trouble = Some(cause);
                let known = before.into_iter().flat_map(|before| &before.list);
                copies.list.extend(known.filter(|copy| copy.root == number).cloned());
            }
        }
    }
    copies.list.sort_by(|one, other| {
        let order = |copy: &Snapshot| Reverse((copy.at, copy.name.clone()));
        order(one).cmp(&order(other))
    });
    copies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        SnapshotKind,
        snapshots::tests::root,
        testing::{Plain, Room},
    };

    #[tokio::test]
    async fn while_the_mount_hangs_what_was_known_is_told_and_that_there_may_be_more() {
        let room = Room::read_by(0, |dir| vec![root(dir, "zfs", SnapshotKind::Atomic)]).await;
        let desk = room.desk().await;
        let (shared, account) = (&desk.shared, &desk.account);
        let now = async || shared.known.of(shared, account, Duration::ZERO).await;
        let nothing = now().await;
        assert_eq!(
            (nothing.list.len(), nothing.trouble),
            (0, Some(Cause::Slow)),
            "not that there are none"
        );

        let seen = SnapshotSeen {
            name: "2026-11-27_0300".to_owned(),
            marker: None,
        };
        let copy = Arc::new(Snapshot::new("key".to_owned(), (0, &account.snapshots[0]), seen));
        let copies = Copies {
            list: vec![Arc::clone(&copy)],
            trouble: None,
        };
        let known = (shared.clock.ticks_us(), Arc::new(copies));
        shared.known.entries().entry(account.name.clone()).or_default().copies = Some(known);
        assert_eq!(now().await.trouble, None, "of the last minute");
        room.pass(Duration::from_secs(120));
        let later = now().await;
        assert_eq!(
            (&later.list[..], later.trouble),
            (&[Arc::clone(&copy)][..], Some(Cause::Slow))
        );
        // It is read on, as far as the disk here has it, however old the list of copies is.
        assert_eq!(shared.known.find(shared, account, "key").await.unwrap(), copy);
        let desk = Shared::snapshot_desk(shared, "tanaka", "key").await.unwrap();
        assert!(desk.is_frozen());
        let earlier = room.desk().await.earlier(Some(Cause::Slow), &Plain).await;
        assert_eq!(earlier.map(|copy| copy.name).as_deref(), Some("2026-11-27_0300"));
    }
}
