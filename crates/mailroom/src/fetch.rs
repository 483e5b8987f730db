//! A message out of the spool, in bounded memory.

use crate::{
    MailroomError,
    convert::trouble,
    desk::Desk,
    found::Found,
    render_client::Waiting,
    renewed::Renewed,
    spool_client::{Failed, Fetched, Urgency, key_of},
    sync::request_of,
};
use api_types::{Cause, MessageId};
use index::{MailboxRow, MessageRow};
use render::Skeleton;
use std::{sync::Arc, time::Duration};

/// The whole message. A file that is not where the index says has been renamed, moved or deleted: the mailbox is looked at
/// once more before anything is said of it.
async fn fetch(desk: &Arc<Desk>, found: &Found, deadline: Duration) -> Result<FetchedMessage, MailroomError> {
    let wanted = request_of(&found.message).ok_or(MailroomError::Gone)?;
    let (client, path) = (&desk.shared.client, found.path());
    // The last helper is not given to what is known to hang.
    let hangs = found.message.trouble.map(trouble) == Some(Cause::Slow) && client.has_one_left(&desk.account);
    let answer = match hangs {
        true => Err(Failed::of(Cause::Slow, "it hangs, as is known")),
        false => {
            let urgency = Urgency::Waiting(deadline);
            client.fetch(&desk.account, &path, wanted, urgency).await
        }
    };
    match answer {
        Ok(Some(mut fetched)) => {
            let renewed = desk.renewed(&found.message, &mut fetched).await;
            Ok(FetchedMessage::new(desk, fetched, renewed))
        }
        Ok(None) => Err(missing(desk, found).await?),
        Err(failed) => {
            let copy = kept(desk, found, failed.cause).await;
            if copy.is_none() {
                desk.list_with_cause_behind(found, &failed);
            }
            copy.ok_or(MailroomError::Unavailable(failed.cause))
        }
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
        of: desk.head_mark(&found.message),
        row: found.message.clone(),
        is_another: false,
    })
}

/// What became of a message that its mailbox no longer has.
pub(crate) async fn missing(desk: &Arc<Desk>, found: &Found) -> Result<MailroomError, MailroomError> {
    let patience = desk.shared.deadlines.list;
    let began = desk.shared.clock.ticks_us();
    let looked = desk.look_within(found.mailbox.id, patience).await;
    if let Some(cause) = looked.trouble {
        return Ok(MailroomError::Unavailable(cause));
    }
    let id = MessageId(found.message.public_id.clone());
    let mut trouble = None;
    for other in desk.index.mailboxes().await? {
        if let Some(moved) = elsewhere(desk, &found.mailbox, &id).await? {
            return Ok(moved);
        }
        // One deadline for all of them: whoever waits does not wait for each.
        let gone = Duration::from_micros(desk.shared.clock.ticks_us().saturating_sub(began));
        if other.id != found.mailbox.id {
            let looked = desk.look_within(other.id, patience.saturating_sub(gone)).await;
            // A mailbox that is not there, or not theirs, hides nothing of theirs.
            let hides = |cause: &Cause| matches!(cause, Cause::Slow | Cause::Broken | Cause::WrongStore);
            trouble = trouble.or(looked.trouble.filter(hides));
        }
    }
    match (elsewhere(desk, &found.mailbox, &id).await?, trouble) {
        (Some(moved), _) => Ok(moved),
        // It may be where nobody could look: nothing is said to be gone that was not missed everywhere.
        (None, Some(cause)) => Ok(MailroomError::Unavailable(cause)),
        (None, None) => Ok(MailroomError::Gone),
    }
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
    /// What is known of it with this.
    pub(crate) row: MessageRow,
    /// Says which letter it is ([`Desk::head_mark`]).
    pub(crate) of: Option<String>,
    /// It is another message than what was known before, under the same name.
    pub(crate) is_another: bool,
}

impl FetchedMessage {
    fn new(desk: &Desk, fetched: Fetched, renewed: Renewed) -> Self {
        // Also where nothing else is known of it: what follows is of this file.
        let file = Some(fetched.file);
        let row = MessageRow { file, ..renewed.row };
        Self {
            skeleton: Arc::new(fetched.skeleton),
            size: fetched.size,
            received: fetched.received,
            saved_at: None,
            of: desk.head_mark(&row),
            row,
            is_another: renewed.is_another,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{found::find, testing::Room};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nothing_is_said_to_be_gone_while_a_mailbox_cannot_be_looked_at() {
        let room = Room::new().await;
        let other = room.path().join("Maildir/.Other");
        for sub in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(other.join(sub)).unwrap();
        }
        let mut uids = "3 V1 N31 G0\n".to_owned();
        for number in 10..40 {
            let base = format!("17950001{number}.M1P1.h");
            std::fs::write(other.join(format!("cur/{base}:2,S")), "Subject: other\n\n").unwrap();
            uids.push_str(&format!("{} :{base}\n", number - 9));
        }
        std::fs::write(other.join("dovecot-uidlist"), uids).unwrap();
        let name = "cur/1795000001.M1P1.h:2,S";
        room.deliver(name, "Subject: here\n\ntext\n");
        room.read_all().await;
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let found = find(&desk, &inbox, &room.list().await.rows[0].id).await.unwrap();
        room.remove(name);
        room.pass(Duration::from_secs(5));
        assert!(matches!(missing(&desk, &found).await.unwrap(), MailroomError::Gone));
        // Another store lies there now: the message may be in the one that is not.
        std::fs::remove_dir_all(other.join("cur")).unwrap();
        std::fs::create_dir(other.join("cur")).unwrap();
        room.pass(Duration::from_secs(60));
        let said = missing(&desk, &found).await.unwrap();
        assert!(matches!(said, MailroomError::Unavailable(_)), "{said:?}");
    }
}
