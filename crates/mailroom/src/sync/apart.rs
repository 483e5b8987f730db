//! One file may give no answer where all others do: its disk is ill, or its store fetches it from tape. It is found, so that it holds up
//! none of the others, and it is listed as one that could not be read.

use super::mailbox::URGENCY;
use crate::{
    MailroomError,
    convert::trouble_code,
    desk::Desk,
    found::Found,
    spool_client::{Failed, QUICK, Read, ReadRequest},
};
use api_types::Cause;
use futures::future::BoxFuture;
use index::TroubleIn;
use spool::MailboxPath;
use std::{sync::Arc, time::Duration};

/// So many are found in one reading: each costs a helper, and the first one two. Whoever looks next finds more.
pub(crate) const MOST: usize = 4;
/// What is not larger, in bytes, is read in time where all is well.
const SMALL: u64 = 1024 * 1024;

impl Desk {
    /// Asks for something of each message. Where no answer comes they are asked for one by one, and `stalled` counts those that hang while
    /// their mailbox answers. What was read comes back although others could not be asked for.
    pub(super) async fn read_each<'a, T>(
        &self,
        path: &MailboxPath,
        wanted: Vec<ReadRequest>,
        stalled: &mut usize,
        ask: impl Fn(Vec<ReadRequest>) -> BoxFuture<'a, Result<Vec<Read<T>>, Failed>>,
    ) -> Result<Vec<Read<T>>, MailroomError> {
        if *stalled >= MOST {
            return Err(MailroomError::Unavailable(Cause::Slow));
        }
        let is_one = wanted.len() == 1;
        match ask(wanted.clone()).await {
            Err(failed) if failed.is_stalled && is_one => return self.hanging(path, wanted, stalled).await,
            Err(failed) if failed.is_stalled => {}
            answer => return answer.map_err(unavailable),
        }
        let mut read = Vec::new();
        for request in wanted {
            let one = vec![request];
            let answer = match ask(one.clone()).await {
                Err(failed) if failed.is_stalled => self.hanging(path, one, stalled).await,
                answer => answer.map_err(unavailable),
            };
            match answer {
                Ok(answer) => read.extend(answer),
                Err(error) if read.is_empty() => return Err(error),
                Err(_) => break,
            }
            if *stalled >= MOST {
                break;
            }
        }
        Ok(read)
    }

    /// What is said of a message that no answer came for, if its mailbox answers.
    async fn hanging<T>(
        &self,
        path: &MailboxPath,
        one: Vec<ReadRequest>,
        stalled: &mut usize,
    ) -> Result<Vec<Read<T>>, MailroomError> {
        self.answers_at_once(path).await.map_err(MailroomError::Unavailable)?;
        *stalled += one.len();
        let said = one.into_iter().map(|request| {
            tracing::warn!(account = %self.account.name, mailbox = ?path, message = ?request.base, "a message gives no answer");
            Read {
                row: request.row,
                read: Err(Cause::Slow),
            }
        });
        Ok(said.collect())
    }

    /// A letter could not be read for whoever opened it: the list says so too, if the letter alone is ill. It is tried again like others.
    pub(crate) fn list_with_cause_behind(self: &Arc<Self>, found: &Found, failed: &Failed) {
        // A large one may just take long.
        let hangs = failed.is_stalled && found.message.size <= SMALL;
        if !(failed.is_of_one || hangs) || found.message.trouble.is_some() {
            return;
        }
        let (desk, mailbox) = (Arc::clone(self), found.mailbox.id);
        let ill = TroubleIn {
            row: found.message.row,
            trouble: trouble_code(failed.cause),
        };
        tokio::spawn(async move {
            if hangs && !desk.shared.client.answers(&desk.account).await {
                return;
            }
            match desk.index.put_troubles(&[ill], desk.shared.clock.now()).await {
                Ok(()) => desk.note_change(),
                Err(error) => tracing::warn!(%error, "a letter that could not be read"),
            }
            desk.note_troubles(mailbox).await;
        });
    }

    /// Whether a message that no answer came for is all that hangs. A mailbox that takes long to say how it is hung itself a moment ago.
    pub(crate) async fn answers_at_once(&self, path: &MailboxPath) -> Result<(), Cause> {
        let (client, clock) = (&self.shared.client, &self.shared.clock);
        let began = clock.ticks_us();
        client.stamp(&self.account, path, URGENCY).await?;
        match Duration::from_micros(clock.ticks_us().saturating_sub(began)) <= QUICK {
            true => Ok(()),
            false => Err(Cause::Slow),
        }
    }
}

fn unavailable(failed: Failed) -> MailroomError {
    MailroomError::Unavailable(failed.cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Room;
    use spool::{BaseName, Location, Subdir};
    use std::sync::Mutex;

    /// What is asked of so many messages of which these hang, and what comes of it.
    async fn asked(count: i64, hang: &[i64]) -> (Vec<Vec<i64>>, Vec<(i64, Option<Cause>)>, usize) {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,", "Subject: one\n\ntext\n");
        let desk = room.desk().await;
        let asked = Mutex::new(Vec::new());
        let ask = |wanted: Vec<ReadRequest>| {
            let rows: Vec<i64> = wanted.iter().map(|request| request.row).collect();
            let hangs = rows.iter().any(|row| hang.contains(row));
            asked.lock().unwrap().push(rows.clone());
            let answer = match hangs {
                true => Err(Failed {
                    is_stalled: true,
                    ..Failed::of(Cause::Slow, "")
                }),
                false => Ok(rows.into_iter().map(|row| Read { row, read: Ok(()) }).collect()),
            };
            Box::pin(std::future::ready(answer)) as BoxFuture<'_, _>
        };
        let request = |row| ReadRequest {
            row,
            base: BaseName::from_bytes(b"1795000001.M1P1.h".to_vec()),
            location: Location::Maildir {
                subdir: Subdir::Cur,
                name: b"1795000001.M1P1.h:2,".to_vec(),
            },
            file: None,
        };
        let (path, mut stalled) = (MailboxPath::inbox(), 0);
        let wanted = (0..count).map(request).collect();
        let read = desk.read_each(&path, wanted, &mut stalled, ask).await.unwrap();
        let read = read.into_iter().map(|one| (one.row, one.read.err())).collect();
        (asked.into_inner().unwrap(), read, stalled)
    }

    #[tokio::test]
    async fn all_are_asked_for_at_once_and_one_by_one_only_where_one_hangs() {
        let (asked_for, read, stalled) = asked(3, &[]).await;
        assert_eq!((asked_for, stalled), (vec![vec![0, 1, 2]], 0));
        assert_eq!(read, [(0, None), (1, None), (2, None)]);
        let (asked_for, read, stalled) = asked(3, &[1]).await;
        assert_eq!(
            (asked_for, stalled),
            (vec![vec![0, 1, 2], vec![0], vec![1], vec![2]], 1)
        );
        assert_eq!(read, [(0, None), (1, Some(Cause::Slow)), (2, None)]);
        let (asked_for, read, _) = asked(1, &[0]).await;
        assert_eq!(asked_for, [[0]], "one alone is not asked for twice");
        assert_eq!(read, [(0, Some(Cause::Slow))]);
    }

    #[tokio::test]
    async fn not_more_are_found_at_a_time_than_helpers_can_be_spared() {
        let all: Vec<i64> = (0..9).collect();
        let (asked_for, read, stalled) = asked(9, &all).await;
        assert_eq!((asked_for.len(), read.len(), stalled), (1 + MOST, MOST, MOST));
    }
}
