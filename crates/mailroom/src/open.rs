use crate::{
    MailroomError, Reader, Wording,
    ahead::Wanted,
    convert,
    desk::Desk,
    list::page_query,
    reader::freshness,
    spool_client::{Fetched, Urgency},
    sync::request,
};
use api_types::{Body, Cause, Letter, LetterQuery, MailboxId, MessageId, Neighbour};
use index::{MailboxRow, MessageRow};
use render::{BodyOptions, BodyView};
use spool::MailboxPath;
use std::{sync::Arc, time::Duration};

impl Reader {
    /// A message, parsed, with its neighbours in the list it was opened from.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`], [`MailroomError::Moved`], [`MailroomError::Gone`], or
    /// [`MailroomError::Unavailable`] when the spool does not give it within the deadline for bodies.
    pub async fn open(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        query: &LetterQuery,
        words: &dyn Wording,
    ) -> Result<Letter, MailroomError> {
        self.with_desk(|desk| self.open_at(desk, mailbox, message, query, words))
            .await
    }

    async fn open_at(
        &self,
        desk: Arc<Desk>,
        mailbox: &MailboxId,
        message: &MessageId,
        query: &LetterQuery,
        words: &dyn Wording,
    ) -> Result<Letter, MailroomError> {
        let began = self.shared().clock.ticks_us();
        let found = find(&desk, mailbox, message).await?;
        let fetched = fetch(&desk, &found, self.shared().deadlines.body).await?;
        let spool_us = self.shared().clock.ticks_us() - began;
        let neighbours = desk
            .index
            .neighbours(found.mailbox.id, message.as_str(), &page_query(&query.list))
            .await?;
        let options = render::Options {
            read_as: query.charset.clone(),
            all_headers: query.headers,
        };
        let skeleton = Arc::clone(&fetched.skeleton);
        let view = blocking(move || render::message(&skeleton, &options)).await?;
        let shown = convert::message(view, &found.message, &fetched, query, words);
        if matches!(shown.body, Body::Html { .. }) {
            let options = BodyOptions {
                view: BodyView::Html,
                read_as: query.charset.clone(),
                words: words.body_words(),
            };
            let wanted = Wanted {
                mailbox: mailbox.clone(),
                message: message.clone(),
                options,
            };
            let skeleton = Arc::clone(&fetched.skeleton);
            desk.ahead.begin(wanted, skeleton, self.shared().clock.ticks_us());
        }
        let now = desk.now_ns();
        Ok(Letter {
            mailbox: convert::mailbox_ref(&found.mailbox),
            message: shown,
            previous: neighbours.previous.map(|id| Neighbour { id: id.into() }),
            next: neighbours.next.map(|id| Neighbour { id: id.into() }),
            freshness: freshness(now, Some(now), spool_us, 0, |at| words.moment(at)),
        })
    }
}

/// A message that the index knows.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) mailbox: MailboxRow,
    pub(crate) message: MessageRow,
}

impl Found {
    pub(crate) fn path(&self) -> MailboxPath {
        MailboxPath::from_bytes(self.mailbox.path.clone())
    }
}

/// The message in that mailbox. The spool is looked at only if the index does not know the message.
pub(crate) async fn find(desk: &Arc<Desk>, mailbox: &MailboxId, message: &MessageId) -> Result<Found, MailroomError> {
    let row = match desk.index.find(mailbox.as_str(), message.as_str()).await? {
        Some((mailbox, Some(message))) => return Ok(Found { mailbox, message }),
        Some((mailbox, None)) => mailbox,
        None => desk.mailbox(mailbox).await?,
    };
    let looked = desk.look_within(row.id, desk.shared.deadlines.list).await;
    if let Some((mailbox, Some(message))) = desk.index.find(mailbox.as_str(), message.as_str()).await? {
        return Ok(Found { mailbox, message });
    }
    if let Some(moved) = elsewhere(desk, &row, message).await? {
        return Err(moved);
    }
    Err(looked
        .trouble
        .map_or(MailroomError::NotFound, MailroomError::Unavailable))
}

/// The whole message. A file that is not where the index says has been renamed, moved or deleted: the mailbox is looked at
/// once more before anything is said of it.
pub(crate) async fn fetch(
    desk: &Arc<Desk>,
    found: &Found,
    deadline: Duration,
) -> Result<FetchedMessage, MailroomError> {
    let wanted =
        request(found.message.row, found.message.base.clone(), &found.message.location).ok_or(MailroomError::Gone)?;
    let client = &desk.shared.client;
    let answer = client
        .fetch(&desk.account.store, &found.path(), wanted, Urgency::Waiting(deadline))
        .await;
    match answer.map_err(MailroomError::Unavailable)? {
        Some(fetched) => Ok(FetchedMessage::from(fetched)),
        None => Err(missing(desk, found).await?),
    }
}

/// What became of a message that its mailbox no longer has.
pub(crate) async fn missing(desk: &Arc<Desk>, found: &Found) -> Result<MailroomError, MailroomError> {
    let looked = desk.look_within(found.mailbox.id, desk.shared.deadlines.list).await;
    if let Some(Cause::Slow) = looked.trouble {
        return Ok(MailroomError::Unavailable(Cause::Slow));
    }
    let id = MessageId(found.message.public_id.clone());
    for other in desk.index.mailboxes().await? {
        if other.id != found.mailbox.id {
            desk.look_within(other.id, desk.shared.deadlines.list).await;
        }
        if let Some(moved) = elsewhere(desk, &found.mailbox, &id).await? {
            return Ok(moved);
        }
    }
    Ok(MailroomError::Gone)
}

async fn elsewhere(
    desk: &Arc<Desk>,
    here: &MailboxRow,
    message: &MessageId,
) -> Result<Option<MailroomError>, MailroomError> {
    let places = desk.index.locate(message.as_str()).await?;
    Ok(places
        .into_iter()
        .find(|place| *place != here.public_id)
        .map(|mailbox| MailroomError::Moved {
            mailbox: mailbox.into(),
            message: message.clone(),
        }))
}

/// A message in bounded memory, shared with the thread that parses it.
pub(crate) struct FetchedMessage {
    pub(crate) skeleton: Arc<render::Skeleton>,
    pub(crate) size: u64,
    pub(crate) received: i64,
}

impl From<Fetched> for FetchedMessage {
    fn from(fetched: Fetched) -> Self {
        Self {
            skeleton: Arc::new(fetched.skeleton),
            size: fetched.size,
            received: fetched.received,
        }
    }
}

/// Parsing and sanitising are work for a thread that may be busy.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, MailroomError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| MailroomError::Unreadable)
}
