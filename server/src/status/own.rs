//! Looks at what is no mail server: the campus portal, our database, the spool.

use super::{PORTAL, SPOOL, STATE, Status};
use ::state::State;
use probe::{Cause, Sample, Settings};
use sso::SsoError;
use std::{future::Future, time::Duration};

/// As long as a mail server has for one step.
const PATIENCE: Duration = Duration::from_secs(10);

/// The portal is asked once a minute while it answers (`watch.rs`), and the sign-in page believes the first answer.
pub fn of_portal(settings: Settings) -> Settings {
    Settings {
        fail_after: 1,
        answer_after: 1,
        stale_after: 180,
        ..settings
    }
}

impl Status {
    /// Looks at the database. One that answers and cannot be written refuses: nobody can sign in then.
    pub async fn look_at_state(&self, state: &State, clock: &(dyn Fn() -> Duration + Sync), now: impl Fn() -> i64) {
        let asked = async {
            state.ping().await.map_err(|error| {
                tracing::debug!(%error, "the state database does not answer");
                Cause::Unreachable
            })?;
            if state.is_writable() {
                Ok(())
            } else {
                Err(Cause::Refused)
            }
        };
        let (total, result) = timed(asked, clock).await;
        self.note(STATE, now(), total, result);
    }

    /// Notes what the portal answered, and how fast.
    pub fn note_portal(&self, now: i64, total: Duration, answer: &Result<(), SsoError>) {
        let result = match answer {
            Ok(()) => Ok(()),
            Err(SsoError::Unavailable(_)) => Err(Cause::Unreachable),
            Err(SsoError::Invalid(_)) => Err(Cause::Protocol),
            Err(SsoError::Denied(_) | SsoError::NotAllowed(_)) => Err(Cause::Refused),
        };
        self.note(PORTAL, now, total, result);
    }

    /// Notes how long the spool took to answer, or for how long it was waited for, and why there is nothing.
    pub fn note_spool(&self, now: i64, answer: Result<Duration, (Duration, api_types::Cause)>) {
        match answer {
            Ok(total) => self.note(SPOOL, now, total, Ok(())),
            Err((total, api_types::Cause::Slow)) => self.note(SPOOL, now, total, Err(Cause::Timeout)),
            // What it should be is not there, so no way leads to it.
            Err((total, _)) => self.note(SPOOL, now, total, Err(Cause::Unreachable)),
        }
    }

    fn note(&self, name: &str, now: i64, total: Duration, result: Result<(), Cause>) {
        if let Some(service) = self.service(name) {
            let at = u64::try_from(now).unwrap_or(0);
            self.take_in(service, Sample { at, total, result }, || word(result));
        }
    }
}

fn word(result: Result<(), Cause>) -> String {
    result.map_or_else(|cause| cause.to_string(), |()| String::new())
}

async fn timed(
    work: impl Future<Output = Result<(), Cause>>,
    clock: &(dyn Fn() -> Duration + Sync),
) -> (Duration, Result<(), Cause>) {
    let began = clock();
    let done = tokio::time::timeout(PATIENCE, work).await;
    (clock().saturating_sub(began), done.unwrap_or(Err(Cause::Timeout)))
}
