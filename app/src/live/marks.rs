use api_types::{MailboxId, MessageId, MessageList, MessageRow};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// What was read or unread here, over what the list said when it came: a row changes at once.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks {
    marks: RwSignal<HashMap<MessageId, Mark>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    mailbox: MailboxId,
    unread: bool,
    was_unread: bool,
    way: Way,
}

/// How far the server knows of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is being told.
    Out,
    /// The same, and counts came meanwhile: of before or after, nobody can say.
    Overtaken,
    /// It knows, so the next counts hold it.
    Told,
}

impl Marks {
    /// Whether the message is shown as unread.
    pub(crate) fn unread(&self, message: &MessageId, said: bool) -> bool {
        self.marks
            .with(|marks| marks.get(message).map_or(said, |mark| mark.unread))
    }

    /// Every message that is marked here.
    pub(super) fn messages(&self) -> HashSet<MessageId> {
        self.marks.with(|marks| marks.keys().cloned().collect())
    }

    /// Messages of the list whose mark here is another than the list says; not followed.
    pub(crate) fn turned(&self, list: &MessageList) -> Vec<MessageId> {
        self.marks.with_untracked(|marks| {
            let turned = |row: &&MessageRow| marks.get(&row.id).is_some_and(|mark| mark.unread != row.unread);
            let rows = list.rows.iter().filter(turned);
            rows.map(|row| row.id.clone()).collect()
        })
    }

    /// The number of unread messages of the list's mailbox.
    pub(crate) fn unread_in(&self, list: &MessageList) -> u64 {
        self.unread_left(&list.mailbox.id, list.unread)
    }

    /// The number of unread messages of a mailbox, of which the server said `said`.
    pub(crate) fn unread_left(&self, mailbox: &MailboxId, said: u64) -> u64 {
        // The title of a served page asks when the page may be gone; then nothing was marked in it.
        let left = self.marks.try_with(|marks| {
            marks
                .values()
                .filter(|mark| mark.mailbox == *mailbox)
                .fold(said, |left, mark| match (mark.was_unread, mark.unread) {
                    (true, false) => left.saturating_sub(1),
                    (false, true) => left.saturating_add(1),
                    _ => left,
                })
        });
        left.unwrap_or(said)
    }

    /// Shows the message so from now on.
    pub(crate) fn set(&self, mailbox: &MailboxId, message: &MessageId, unread: bool, was_unread: bool) {
        self.marks.update(|marks| {
            let was_unread = marks.get(message).map_or(was_unread, |mark| mark.was_unread);
            marks.insert(
                message.clone(),
                Mark {
                    mailbox: mailbox.clone(),
                    unread,
                    was_unread,
                    way: Way::Out,
                },
            );
        });
    }

    /// Shows the message as the server says again.
    pub(crate) fn forget(&self, message: &MessageId) {
        self.marks.update(|marks| {
            marks.remove(message);
        });
    }

    /// The server knows of it now. `true` if counts came on the way: they must be asked for again.
    pub(super) fn told(&self, message: &MessageId) -> bool {
        let mut overtaken = false;
        // Nothing that is shown changes.
        self.marks.update_untracked(|marks| {
            if let Some(mark) = marks.get_mut(message) {
                overtaken = mark.way == Way::Overtaken;
                mark.way = Way::Told;
            }
        });
        overtaken
    }

    /// New counts are there: they hold what the server was told.
    pub(super) fn counted(&self) {
        if self.marks.with_untracked(|marks| !marks.is_empty()) {
            self.marks.update(|marks| {
                marks.retain(|_, mark| mark.way != Way::Told);
                marks.values_mut().for_each(|mark| mark.way = Way::Overtaken);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_changes_row_and_counts_until_it_is_taken_back() {
        let owner = Owner::new();
        owner.with(|| {
            let marks = Marks::default();
            let (mailbox, message): (MailboxId, MessageId) = ("mb".into(), "m".into());
            assert!(marks.unread(&message, true));
            marks.set(&mailbox, &message, false, true);
            assert!(!marks.unread(&message, true));
            assert_eq!(marks.unread_left(&mailbox, 12), 11);
            assert_eq!(marks.unread_left(&"other".into(), 12), 12);
            marks.set(&mailbox, &message, true, false);
            assert_eq!(marks.unread_left(&mailbox, 12), 12, "back to what it was");
            marks.forget(&message);
            marks.set(&mailbox, &message, true, false);
            assert_eq!(marks.unread_left(&mailbox, 0), 1);
            marks.told(&message);
            marks.counted();
            assert_eq!(marks.unread_left(&mailbox, 0), 0);
        });
    }

    #[test]
    fn a_mark_outlives_counts_that_came_before_the_server_knew() {
        let owner = Owner::new();
        owner.with(|| {
            let marks = Marks::default();
            let (mailbox, message): (MailboxId, MessageId) = ("mb".into(), "m".into());
            marks.set(&mailbox, &message, false, true);
            marks.counted();
            assert_eq!(marks.unread_left(&mailbox, 12), 11);
            assert!(marks.told(&message), "to be counted again");
            marks.counted();
            assert_eq!(marks.unread_left(&mailbox, 11), 11);
            marks.set(&mailbox, &message, false, true);
            assert!(!marks.told(&message));
        });
    }
}
