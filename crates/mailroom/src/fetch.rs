//! A message out of the spool, in bounded memory.

use crate::{
    MailroomError,
    desk::Desk,
    found::Found,
    render_client::Waiting,
    spool_client::{Fetched, Urgency, key_of},
    sync::request,
};
use api_types::{Cause, MessageId};
use index::MailboxRow;
use render::Skeleton;
use std::{sync::Arc, time::Duration};

/// The whole message. A file that is not where the index says has been renamed, moved or deleted: the mailbox is looked at
/// once more before anything is said of it.
async fn fetch(desk: &Arc<Desk>, found: &Found, deadline: Duration) -> Result<FetchedMessage, MailroomError> {
    let wanted =
        request(found.message.row, found.message.base.clone(), &found.message.location).ok_or(MailroomError::Gone)?;
    let (client, path) = (&desk.shared.client, found.path());
    let asked = client.fetch(&desk.account, &path, wanted, Urgency::Waiting(deadline));
    match asked.await {
        Ok(Some(fetched)) => Ok(FetchedMessage::from(fetched)),
        Ok(None) => Err(missing(desk, found).await?),
        Err(cause) => kept(desk, found, cause).await.ok_or(MailroomError::Unavailable(cause)),
    }
}

/// The same within the deadline for bodies, and what is left of that for whoever renders it.
pub(crate) async fn fetched_in_time(
    desk: &Arc<Desk>,
    found: &Found,
) -> Result<(FetchedMessage, Waiting), MailroomError> {
    let (clock, deadline) = (&desk.shared.clock, desk.shared.deadlines.body);
    let began = clock.ticks_us();
    let fetched = fetch(desk, found, deadline).await?;
    let gone = Duration::from_micros(clock.ticks_us().saturating_sub(began));
    let account = key_of(&desk.account.name);
    Ok((fetched, Waiting::rest(account, deadline, gone)))
}

/// The copy that was kept, where the spool cannot be asked. Not where it says no: rights may have been taken away.
async fn kept(desk: &Arc<Desk>, found: &Found, cause: Cause) -> Option<FetchedMessage> {
    if matches!(cause, Cause::Denied | Cause::Unsupported) {
        return None;
    }
    let body = desk.kept_of(&found.message).await?;
    let (size, saved_at) = (body.len(), body.saved_at());
    let raw = body.read_all(size).await.ok()??;
    let skeleton = tokio::task::spawn_blocking(move || Skeleton::whole(&raw)).await.ok()?;
    Some(FetchedMessage {
        skeleton: Arc::new(skeleton),
        size,
        received: found.message.received,
        saved_at: Some(saved_at),
    })
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

/// Where else the account has the message, if it has.
pub(crate) async fn elsewhere(
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

/// A message in bounded memory, shared with whoever renders it.
pub(crate) struct FetchedMessage {
    pub(crate) skeleton: Arc<Skeleton>,
    pub(crate) size: u64,
    pub(crate) received: i64,
    /// It is a copy that was kept then, in seconds.
    pub(crate) saved_at: Option<i64>,
}

impl From<Fetched> for FetchedMessage {
    fn from(fetched: Fetched) -> Self {
        Self {
            skeleton: Arc::new(fetched.skeleton),
            size: fetched.size,
            received: fetched.received,
            saved_at: None,
        }
    }
}
