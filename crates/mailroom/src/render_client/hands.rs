//! Who does the work, and an answer on its way from there.

use super::{
    Renderer,
    ask::{Answer, What},
    helpers::{self, LONG},
};
use api_types::Cause;
use render::Skeleton;
use std::{io, sync::Arc, time::Duration};
use tokio::{
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
};
use workers::{Pool, Ticket, Urgency};

/// Whoever waits has a deadline of their own.
const NEVER: Duration = Duration::from_secs(3600);

/// See the module.
pub(super) enum Hands {
    Here,
    Helpers(Pool),
}

impl Hands {
    pub(super) fn new(renderer: &Renderer) -> io::Result<Self> {
        match renderer {
            Renderer::Here => Ok(Self::Here),
            Renderer::Helpers(settings) => helpers::start(settings).map(Self::Helpers),
        }
    }

    /// For how long it is waited for them, if there is an end to it.
    pub(super) fn patience(&self, patience: Duration) -> Option<Duration> {
        matches!(self, Self::Helpers(_)).then_some(patience)
    }

    /// Begins it, or says at once that there is no place.
    pub(super) async fn ask(&self, account: u64, skeleton: &Arc<Skeleton>, what: What) -> Result<Pending, Cause> {
        match self {
            Self::Here => {
                let (give, ahead) = oneshot::channel();
                let skeleton = Arc::clone(skeleton);
                let told = spawn_blocking(move || {
                    what.of(&skeleton, |answer| {
                        // Nobody may want it any more.
                        let _ = give.send(answer);
                    })
                });
                Ok(Pending::Here(Some(ahead), told))
            }
            Self::Helpers(pool) => {
                let question = if skeleton.held() > LONG {
                    let skeleton = Arc::clone(skeleton);
                    spawn_blocking(move || helpers::question(&what, &skeleton))
                        .await
                        .ok()
                        .flatten()
                } else {
                    helpers::question(&what, skeleton)
                };
                let ticket = pool.submit(Urgency::Waiting, account, question.ok_or(Cause::Unshown)?);
                ticket.map(Pending::Helper).map_err(|refused| {
                    tracing::warn!(%refused, "a message is not made ready");
                    helpers::cause(refused)
                })
            }
        }
    }
}

/// An answer on its way. `None` of what is waited for is never to come.
pub(super) enum Pending {
    Here(Option<oneshot::Receiver<Answer>>, JoinHandle<Answer>),
    Helper(Ticket),
}

impl Pending {
    /// What comes first, and whether more comes after it.
    pub(super) async fn first(&mut self) -> Option<(Answer, bool)> {
        let ahead = match self {
            Self::Here(ahead, _) => match ahead.take() {
                Some(ahead) => ahead.await.ok(),
                None => None,
            },
            Self::Helper(ticket) => match ticket.ahead(NEVER).await.ok()? {
                Some(bytes) => Some(helpers::read(bytes).await?),
                None => None,
            },
        };
        match ahead {
            Some(answer) => Some((answer, true)),
            None => Some((self.last().await?, false)),
        }
    }

    /// The answer.
    pub(super) async fn last(&mut self) -> Option<Answer> {
        match self {
            Self::Here(_, told) => told.await.ok(),
            Self::Helper(ticket) => helpers::read(ticket.wait(NEVER).await.ok()?.bytes).await,
        }
    }
}
