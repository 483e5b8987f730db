//! Outages that are rehearsed with some accounts: for them the spool seems not to answer, or to answer late, and for nobody else. They are
//! kept in memory and end by the clock: whoever set them need not be there any more.

use super::{ask::Failed, mount::slow};
use crate::{Drilled, Rehearsed};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

/// See the module.
#[derive(Default)]
pub(crate) struct Drills(RwLock<HashMap<String, Vec<Drilled>>>);

impl Drills {
    /// In place of those before.
    pub(crate) fn set(&self, drills: Vec<Drilled>) {
        let mut by_account: HashMap<String, Vec<Drilled>> = HashMap::new();
        for drill in drills {
            by_account.entry(drill.account.clone()).or_default().push(drill);
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = by_account;
    }

    /// What is rehearsed with an account at `now`, the worst first, and when the last of it ends, in seconds.
    pub(crate) fn of(&self, account: &str, now: i64) -> Option<(Rehearsed, i64)> {
        let drills = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let going_on = || {
            drills
                .get(account)
                .into_iter()
                .flatten()
                .filter(|drill| drill.ends > now)
        };
        let worst = going_on().map(|drill| drill.how).min()?;
        Some((worst, going_on().map(|drill| drill.ends).max()?))
    }
}

/// This part of somebody's patience each question comes late. A page asks several: it is slow, and still in time.
const PART: u32 = 8;

/// Asks when a part of `patience` is over, and gives up after `deadline`. What would count as the spool's own delay is counted from the
/// asking.
pub(super) async fn late<T>(
    patience: Duration,
    deadline: Duration,
    asking: impl Future<Output = Result<T, Failed>>,
) -> Result<T, Failed> {
    let asked = async {
        tokio::time::sleep(patience / PART).await;
        asking.await
    };
    tokio::time::timeout(deadline, asked)
        .await
        .unwrap_or_else(|_| Err(slow("late")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::ready, pin::pin};

    fn drilled(account: &str, how: Rehearsed, ends: i64) -> Drilled {
        Drilled {
            account: account.to_owned(),
            how,
            ends,
        }
    }

    #[test]
    fn a_drill_is_for_its_accounts_and_ends_by_the_clock() {
        let drills = Drills::default();
        drills.set(vec![
            drilled("tanaka", Rehearsed::Slow, 200),
            drilled("tanaka", Rehearsed::Gone, 100),
            drilled("suzuki", Rehearsed::Elsewhere, 50),
        ]);
        assert_eq!(drills.of("tanaka", 99), Some((Rehearsed::Gone, 200)));
        assert_eq!(drills.of("tanaka", 100), Some((Rehearsed::Slow, 200)));
        assert_eq!(drills.of("tanaka", 200), None);
        assert_eq!(drills.of("suzuki", 0), Some((Rehearsed::Elsewhere, 50)));
        assert_eq!(drills.of("sato", 0), None);
        drills.set(Vec::new());
        assert_eq!(drills.of("tanaka", 0), None, "stopped");
    }

    #[tokio::test]
    async fn a_slow_answer_is_not_asked_for_at_once_and_comes() {
        let hour = Duration::from_secs(3600);
        let mut asked = false;
        {
            let asking = async {
                asked = true;
                Ok(())
            };
            let mut late = pin!(late(hour, hour, asking));
            assert!(futures::poll!(&mut late).is_pending());
        }
        assert!(!asked);
        assert_eq!(late(Duration::from_millis(2), hour, ready(Ok(7))).await, Ok(7));
        let never = futures::future::pending::<Result<(), Failed>>();
        assert_eq!(
            late(Duration::ZERO, Duration::from_millis(2), never).await,
            Err(slow("late"))
        );
    }
}
