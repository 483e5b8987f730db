//! Where an account is asked for that may lie below one of several roots: below the one that it was found below last, with that root's own
//! readers. So a root that does not answer is waited for by nobody whose mail lies below another one.
//!
//! The first root that has the account counts, as when they were all looked into each time: what is not found any more is looked for
//! anew, and the roots before its own are looked into now and then, for accounts move.

#[cfg(test)]
mod tests;

use super::{
    BACKGROUND_DEADLINE, SpoolClient, Urgency,
    ask::{Answer, Ask, Failed, What},
    key_of,
    mount::{Asking, Mount, other, slow},
};
use crate::{Account, Clock, account::AccountRoot};
use api_types::Cause;
use futures::{StreamExt, stream::FuturesUnordered};
use spool::StoreConfig;
use std::{sync::Arc, time::Duration};

/// A look at the roots before an account's own is waited for so long; what it finds later counts from then on.
const MOMENT: Duration = Duration::from_millis(50);

impl SpoolClient {
    /// Asks for an account below the root that it lies below.
    pub(super) async fn ask_where_it_lies(
        &self,
        account: &Account,
        urgency: Urgency,
        what: What,
    ) -> Result<Answer, Failed> {
        let roots = account.roots();
        if let [only] = &roots[..] {
            return self.ask_at(account, only, urgency, what).await;
        }
        let began = self.clock.ticks_us();
        let Some(known) = self.whereabouts.of(&account.name, &roots).await else {
            let Some(found) = self.first_with_it(account, &roots, urgency).await? else {
                return Err(missing());
            };
            let urgency = self.less_since(urgency, began);
            return self.ask_at(account, &roots[found], urgency, what).await;
        };
        let known = self.moved_before(account, &roots, known).await.unwrap_or(known);
        let failed = match self.ask_at(account, &roots[known], urgency, what.clone()).await {
            Err(failed) if failed.cause == Cause::Missing => failed,
            reply => return reply,
        };
        // A mailbox or all of it.
        let own = &roots[known..=known];
        let urgency = self.less_since(urgency, began);
        if !matches!(self.first_with_it(account, own, urgency).await, Ok(None)) {
            return Err(failed);
        }
        match self
            .first_with_it(account, &roots, self.less_since(urgency, began))
            .await
        {
            Ok(Some(found)) if found != known => {
                let urgency = self.less_since(urgency, began);
                self.ask_at(account, &roots[found], urgency, what).await
            }
            _ => Err(failed),
        }
    }

    /// Whether it is certain of every root that the account does not lie below it. One that has it, or is not mounted, says enough.
    pub(super) async fn lacks_in_all_roots(&self, account: &Account, urgency: Urgency) -> Result<bool, Failed> {
        let roots = account.roots();
        let asked = roots.iter().map(|root| {
            let what = What::Lacks(root.mount.folders.clone());
            self.ask_at(account, root, urgency, what)
        });
        let mut asked: FuturesUnordered<_> = asked.collect();
        let mut failed = None;
        while let Some(answer) = asked.next().await {
            match answer {
                Ok(Answer::Lacks(true)) => {}
                Ok(Answer::Lacks(false)) => return Ok(false),
                Ok(answer) => return Err(other(answer)),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(true), Err)
    }

    /// The root that the account was found below, as far as it is in memory; else the first.
    pub(super) fn root_in_memory(&self, account: &Account) -> AccountRoot {
        let mut roots = account.roots();
        let known = match roots.len() {
            1 => 0,
            _ => self.whereabouts.in_memory(&account.name, &roots).unwrap_or(0),
        };
        roots.swap_remove(known)
    }

    /// Forgets below which root an account was found.
    pub(crate) async fn forget_root(&self, account: &str) {
        self.whereabouts.forget(account).await;
    }

    /// The first of the roots that has the account, which is remembered. One that does not answer may be it, so those after it are not
    /// looked into.
    async fn first_with_it(
        &self,
        account: &Account,
        roots: &[AccountRoot],
        urgency: Urgency,
    ) -> Result<Option<usize>, Failed> {
        let looks = self.looks(roots)?;
        let found = first_there(&looks, asking(account, urgency), self.clock.as_ref()).await?;
        if let Some(found) = found {
            self.whereabouts.found(&account.name, &roots[found]).await;
        }
        Ok(found)
    }

    /// The root before the known one that the account lies below by now, if that is seen in a moment. It is looked for behind: whoever
    /// lies below another root is not to count as one whom this one keeps waiting.
    async fn moved_before(&self, account: &Account, roots: &[AccountRoot], known: usize) -> Option<usize> {
        let (before, name) = (roots[..known].to_vec(), account.name.clone());
        if before.is_empty() || !self.whereabouts.begins_look(&name, self.clock.ticks_us()) {
            return None;
        }
        let looks = self.looks(&before);
        let (whereabouts, clock) = (Arc::clone(&self.whereabouts), Arc::clone(&self.clock));
        let asking = asking(account, Urgency::Background);
        let look = tokio::spawn(async move {
            let found = match looks {
                Ok(looks) => first_there(&looks, asking, clock.as_ref()).await,
                Err(failed) => Err(failed),
            };
            if let Ok(Some(found)) = found {
                whereabouts.found(&name, &before[found]).await;
            }
            whereabouts.ends_look(&name, clock.ticks_us(), found.is_ok());
            found.ok().flatten()
        });
        tokio::time::timeout(MOMENT, look).await.ok()?.ok()?
    }

    fn looks(&self, roots: &[AccountRoot]) -> Result<Vec<Look>, Failed> {
        roots
            .iter()
            .map(|root| Ok((self.readers_of(root)?, root.store.clone())))
            .collect()
    }

    async fn ask_at(
        &self,
        account: &Account,
        root: &AccountRoot,
        urgency: Urgency,
        what: What,
    ) -> Result<Answer, Failed> {
        let ask = Ask {
            store: root.store.clone(),
            what,
        };
        let reply = self.readers_of(root)?.ask(asking(account, urgency), ask).await;
        reply.inspect_err(|failed| {
            tracing::debug!(cause = ?failed.cause, failed.detail, "spool");
        })
    }

    fn readers_of(&self, root: &AccountRoot) -> Result<Arc<Mount>, Failed> {
        self.mount(&root.mount).map_err(|error| {
            tracing::error!(%error, "nobody can be started who reads the spool");
            slow("nobody reads it")
        })
    }

    /// What is left of somebody's patience.
    fn less_since(&self, urgency: Urgency, began_us: u64) -> Urgency {
        let spent = Duration::from_micros(self.clock.ticks_us().saturating_sub(began_us));
        match urgency {
            Urgency::Waiting(deadline) => Urgency::Waiting(deadline.saturating_sub(spent)),
            Urgency::Background => Urgency::Background,
        }
    }
}

/// Who is asked whether an account lies there.
type Look = (Arc<Mount>, StoreConfig);

fn asking(account: &Account, urgency: Urgency) -> Asking {
    let (deadline, behind) = match urgency {
        Urgency::Waiting(deadline) => (deadline, false),
        Urgency::Background => (BACKGROUND_DEADLINE, true),
    };
    Asking {
        account: key_of(&account.name),
        deadline,
        behind,
    }
}

async fn first_there(looks: &[Look], asking: Asking, clock: &dyn Clock) -> Result<Option<usize>, Failed> {
    let began = clock.ticks_us();
    for (number, (mount, store)) in looks.iter().enumerate() {
        let spent = Duration::from_micros(clock.ticks_us().saturating_sub(began));
        let asking = Asking {
            deadline: asking.deadline.saturating_sub(spent),
            ..asking
        };
        let ask = Ask {
            store: store.clone(),
            what: What::IsThere,
        };
        match mount.ask(asking, ask).await? {
            Answer::IsThere(true) => return Ok(Some(number)),
            Answer::IsThere(false) => {}
            answer => return Err(other(answer)),
        }
    }
    Ok(None)
}

fn missing() -> Failed {
    Failed::of(Cause::Missing, "it is below no root")
}
