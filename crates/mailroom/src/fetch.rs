//! A message out of the spool, in bounded memory.

use crate::{
    MailroomError,
    desk::Desk,
    found::Found,
    spool_client::{Fetched, Made, Urgency},
    sync::request,
};
use api_types::{Cause, MessageId};
use index::MailboxRow;
use render::Skeleton;
use std::{sync::Arc, time::Duration};

/// The whole message. A file that is not where the index says has been renamed, moved or deleted: the mailbox is looked at
/// once more before anything is said of it.
pub(crate) async fn fetch(
    desk: &Arc<Desk>,
    found: &Found,
    deadline: Duration,
) -> Result<FetchedMessage, MailroomError> {
    Ok(fetch_and(desk, found, deadline, |_| ()).await?.0)
}

/// The same, and what `read` makes of it: on the thread that read a short message, which saves the way to another one, and for
/// a long one on a thread that may be busy.
pub(crate) async fn fetch_and<T: Send + 'static>(
    desk: &Arc<Desk>,
    found: &Found,
    deadline: Duration,
    read: impl FnOnce(&Skeleton) -> T + Send + 'static,
) -> Result<(FetchedMessage, T), MailroomError> {
    let wanted =
        request(found.message.row, found.message.base.clone(), &found.message.location).ok_or(MailroomError::Gone)?;
    let client = &desk.shared.client;
    let answer = client
        .fetch(&desk.account, &found.path(), wanted, Urgency::Waiting(deadline), read)
        .await;
    let (fetched, made) = match answer {
        Ok(Some((fetched, made))) => (FetchedMessage::from(fetched), made),
        Ok(None) => return Err(missing(desk, found).await?),
        Err((cause, read)) => match kept(desk, found, cause).await {
            Some(fetched) => (fetched, Made::Later(read)),
            None => return Err(MailroomError::Unavailable(cause)),
        },
    };
    let made = match made {
        Made::AtOnce(made) => made,
        Made::Later(read) => {
            let skeleton = Arc::clone(&fetched.skeleton);
            blocking(move || read(&skeleton)).await?
        }
    };
    Ok((fetched, made))
}

/// The copy that was kept, where the spool cannot be asked. Not where it says no: rights may have been taken away.
async fn kept(desk: &Arc<Desk>, found: &Found, cause: Cause) -> Option<FetchedMessage> {
    if matches!(cause, Cause::Denied | Cause::Unsupported) {
        return None;
    }
    let body = desk.kept_body(&found.message.public_id).await?;
    let (size, saved_at) = (body.len(), body.saved_at());
    let raw = body.read_all(size).await.ok()??;
    let skeleton = blocking(move || Skeleton::whole(&raw)).await.ok()?;
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

/// A message in bounded memory, shared with the thread that parses it.
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

/// Parsing and sanitising are work for a thread that may be busy.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, MailroomError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| MailroomError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{found::find, testing::Room};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_long_is_not_read_where_others_wait() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: short\n\ntext\n");
        room.deliver(
            "cur/1795000002.M2P1.h:2,S",
            &format!("Subject: long\n\n{}", "text\n".repeat(20_000)),
        );
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        for row in room.list().await.rows {
            let found = find(&desk, &inbox, &row.id).await.unwrap();
            let wanted = request(found.message.row, found.message.base.clone(), &found.message.location).unwrap();
            let patience = Urgency::Waiting(Duration::from_secs(60));
            let client = &desk.shared.client;
            let path = found.path();
            let fetched = client.fetch(&desk.account, &path, wanted, patience, Skeleton::held);
            let (fetched, made) = fetched.await.ok().flatten().unwrap();
            match made {
                Made::AtOnce(held) => assert_eq!((held as u64, row.subject.as_str()), (fetched.size, "short")),
                Made::Later(_) => assert_eq!(row.subject, "long"),
            }
        }
    }
}
