//! The one way to what is inside a message: its structure, its text and its HTML are made ready elsewhere, in time or not at all.
//!
//! A hostile message may take for ever, take all memory, or take over what reads it. So that is a helper process without files, network or
//! much memory, which can be killed (`helpers`); in commands and tests it is a thread (`Renderer::Here`). Whoever waits gets what was made,
//! or the text alone if the whole came to no end (security.md 8), or a [`Cause`].

mod ask;
mod hands;
mod helpers;
#[cfg(test)]
mod tests;

pub use helpers::{confine_renderer, serve_renderer};

use crate::{HelperSettings, image::Links};
use api_types::Cause;
use ask::{Answer, What};
use hands::{Hands, Pending};
use render::{BodyDocument, BodyOptions, Options, Skeleton, Structure, TextWanted, View};
use std::{io, pin::pin, sync::Arc, time::Duration};
use tokio::time::timeout;

/// However late the spool was, rendering has this.
const LEAST: Duration = Duration::from_millis(150);
/// More parts than this no message has, so more links nobody needs.
const LINKS: usize = 1_000;

/// Who makes messages ready to be shown.
#[derive(Clone, Debug)]
pub enum Renderer {
    /// Threads of this process. They cannot be stopped, so they are waited for.
    Here,
    /// Processes that can be killed.
    Helpers(HelperSettings),
}

/// Whose message it is, and until when it is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    /// The account, in short.
    pub(crate) account: u64,
    pub(crate) patience: Duration,
}

impl Waiting {
    /// For what is left of a deadline.
    pub(crate) fn rest(account: u64, deadline: Duration, gone: Duration) -> Self {
        Self {
            account,
            patience: deadline.saturating_sub(gone).max(LEAST),
        }
    }
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(crate) struct RenderClient(Arc<Hands>);

/// A document that comes after the view.
pub(crate) struct Begun(Pending);

impl RenderClient {
    /// Starts who renders.
    pub(crate) fn new(renderer: &Renderer) -> io::Result<Self> {
        Ok(Self(Arc::new(Hands::new(renderer)?)))
    }

    /// A message, understood; and the document of its frame, if `frame` says how it is to be and there is HTML to show.
    pub(crate) async fn letter(
        &self,
        waiting: Waiting,
        skeleton: &Arc<Skeleton>,
        options: Options,
        frame: Option<BodyOptions>,
    ) -> Result<(View, Option<Begun>), Cause> {
        let whole = What::Letter(options.clone(), frame);
        let mut pending = self.ask(waiting, skeleton, whole).await?;
        let whole = async move {
            match pending.first().await? {
                (Answer::View(view), true) => Some((*view, Some(Begun(pending)))),
                (Answer::View(view), false) => Some((*view, None)),
                _ => None,
            }
        };
        let alone = async {
            let text = TextWanted::Alone;
            let what = What::Letter(Options { text, ..options }, None);
            match self.only(beside(waiting.account), skeleton, what).await? {
                Answer::View(view) => Some((*view, None)),
                _ => None,
            }
        };
        self.in_time(waiting, whole, alone).await
    }

    /// The document of a message.
    pub(crate) async fn document(
        &self,
        waiting: Waiting,
        skeleton: &Arc<Skeleton>,
        options: BodyOptions,
        links: &Links,
    ) -> Result<BodyDocument, Cause> {
        let what = What::Document(options.clone(), None);
        let begun = Begun(self.ask(waiting, skeleton, what).await?);
        self.finish(waiting, begun, skeleton, options, links).await
    }

    /// The same, of one that was begun.
    pub(crate) async fn finish(
        &self,
        waiting: Waiting,
        begun: Begun,
        skeleton: &Arc<Skeleton>,
        options: BodyOptions,
        links: &Links,
    ) -> Result<BodyDocument, Cause> {
        let Begun(mut pending) = begun;
        let whole = async {
            let answer = match pending.last().await? {
                // Whoever reads mail has no key that makes URLs, and nobody edits a document that was made. It is rare enough to be made
                // once more, by then with them.
                Answer::Unlinked(parts) if parts.len() <= LINKS => {
                    let urls = parts.into_iter().filter_map(|part| Some((part, links.url(part)?)));
                    let what = What::Document(options.clone(), Some(urls.collect()));
                    self.only(waiting.account, skeleton, what).await?
                }
                answer => answer,
            };
            document_of(answer)
        };
        let alone = async {
            let what = What::DocumentAlone(options.clone());
            document_of(self.only(beside(waiting.account), skeleton, what).await?)
        };
        self.in_time(waiting, whole, alone).await
    }

    /// What a message is made of.
    pub(crate) async fn structure(&self, waiting: Waiting, skeleton: &Arc<Skeleton>) -> Result<Structure, Cause> {
        let mut pending = self.ask(waiting, skeleton, What::Structure).await?;
        let whole = async {
            match pending.last().await? {
                Answer::Structure(structure) => Some(structure),
                _ => None,
            }
        };
        self.in_time(waiting, whole, std::future::ready(None)).await
    }

    /// Begins it; a long message takes a while to be handed on.
    async fn ask(&self, waiting: Waiting, skeleton: &Arc<Skeleton>, what: What) -> Result<Pending, Cause> {
        let asked = self.0.ask(waiting.account, skeleton, what);
        match self.0.patience(waiting.patience) {
            Some(patience) => timeout(patience, asked).await.unwrap_or(Err(Cause::Unshown)),
            None => asked.await,
        }
    }

    async fn only(&self, account: u64, skeleton: &Arc<Skeleton>, what: What) -> Option<Answer> {
        let mut pending = self.0.ask(account, skeleton, what).await.ok()?;
        pending.last().await
    }

    /// The whole; where that is lost, or has not come after two thirds of the time, what comes first of it and the text alone.
    async fn in_time<T>(
        &self,
        waiting: Waiting,
        whole: impl Future<Output = Option<T>>,
        alone: impl Future<Output = Option<T>>,
    ) -> Result<T, Cause> {
        let Some(patience) = self.0.patience(waiting.patience) else {
            return whole.await.ok_or(Cause::Unshown);
        };
        let mut whole = pin!(whole);
        let either = async {
            match timeout(patience * 2 / 3, &mut whole).await {
                Ok(Some(made)) => Some(made),
                Ok(None) => alone.await,
                Err(_) => first_made(whole, pin!(alone)).await,
            }
        };
        let made = timeout(patience, either).await.ok().flatten();
        made.ok_or_else(|| {
            tracing::warn!("a message could not be made ready in time");
            Cause::Unshown
        })
    }
}

/// Whose turn it is for the text alone: it does not wait for the helpers that one's own messages hold.
fn beside(account: u64) -> u64 {
    !account
}

async fn first_made<T, F, G>(one: F, other: G) -> Option<T>
where
    F: Future<Output = Option<T>> + Unpin,
    G: Future<Output = Option<T>> + Unpin,
{
    use futures::future::{Either, select};
    match select(one, other).await {
        Either::Left((None, other)) => other.await,
        Either::Right((None, one)) => one.await,
        Either::Left((made, _)) | Either::Right((made, _)) => made,
    }
}

fn document_of(answer: Answer) -> Option<BodyDocument> {
    match answer {
        Answer::Document(document) => Some(document),
        _ => None,
    }
}
