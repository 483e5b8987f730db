use crate::paths::LetterId;
use api_types::{MailboxId, MessageList};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// What was read or unread here, over what the server said: a row changes at once.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks {
    marks: RwSignal<HashMap<LetterId, Mark>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    unread: bool,
    was_unread: bool,
    /// The server knows.
    told: bool,
    parts: [Said; 3],
}

/// What stands on the screen and says what is unread; each is answered by the server for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Rows and counts of the list.
    List,
    /// Counts of the mailboxes.
    Rail,
    /// The open letter.
    Letter,
}

/// What the part says of a message that was marked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// What was before.
    Before,
    /// It came while the server was being told: of before or after, nobody can say.
    Meanwhile,
    /// What is now.
    After,
}

impl Mark {
    fn covers(&self, part: Part) -> bool {
        self.parts[part as usize] != Said::After
    }
}

impl Marks {
    /// Whether the letter is shown as unread in a part that says `said`.
    pub(crate) fn unread(&self, part: Part, letter: &LetterId, said: bool) -> bool {
        self.marks.with(|marks| {
            let mark = marks.get(letter).filter(|mark| mark.covers(part));
            mark.map_or(said, |mark| mark.unread)
        })
    }

    /// Every letter that is marked here.
    pub(super) fn letters(&self) -> HashSet<LetterId> {
        self.marks.with(|marks| marks.keys().cloned().collect())
    }

    /// Letters of the list whose mark here is another than the list says; not followed.
    pub(crate) fn turned(&self, list: &MessageList) -> Vec<LetterId> {
        let turned = |letter: &LetterId| {
            let row = letter.place_in(list).and_then(|at| list.rows.get(at));
            row.is_some_and(|row| untrack(|| self.unread(Part::List, letter, row.unread)) != row.unread)
        };
        untrack(|| self.letters()).into_iter().filter(turned).collect()
    }

    /// The number of unread messages of the list's mailbox.
    pub(crate) fn unread_in(&self, list: &MessageList) -> u64 {
        self.unread_left(Part::List, &list.mailbox.id, list.unread)
    }

    /// The number of unread messages of a mailbox, of which the part said `said`.
    pub(crate) fn unread_left(&self, part: Part, mailbox: &MailboxId, said: u64) -> u64 {
        // The title of a served page asks when the page may be gone; then nothing was marked in it.
        let left = self.marks.try_with(|marks| {
            marks
                .iter()
                .filter(|(letter, mark)| letter.mailbox == *mailbox && mark.covers(part))
                .fold(said, |left, (_, mark)| match (mark.was_unread, mark.unread) {
                    (true, false) => left.saturating_sub(1),
                    (false, true) => left.saturating_add(1),
                    _ => left,
                })
        });
        left.unwrap_or(said)
    }

    /// Shows the letter so from now on.
    pub(crate) fn set(&self, letter: &LetterId, unread: bool, was_unread: bool) {
        self.marks.update(|marks| {
            // Of a part that says what came of the last mark, that is what was before this one.
            let known = marks
                .get(letter)
                .filter(|mark| mark.covers(Part::List) || mark.covers(Part::Rail));
            let was_unread = known.map_or(was_unread, |mark| mark.was_unread);
            marks.insert(
                letter.clone(),
                Mark {
                    unread,
                    was_unread,
                    told: false,
                    parts: [Said::Before; 3],
                },
            );
        });
    }

    /// Shows the letter as the server says again.
    pub(crate) fn forget(&self, letter: &LetterId) {
        self.marks.update(|marks| {
            marks.remove(letter);
        });
    }

    /// The server knows of it now. The parts that were answered on the way must be asked for again.
    pub(super) fn told(&self, letter: &LetterId) -> Vec<Part> {
        let mut again = Vec::new();
        // Nothing that is shown changes.
        self.marks.update_untracked(|marks| {
            if let Some(mark) = marks.get_mut(letter) {
                mark.told = true;
                again.extend(
                    [Part::List, Part::Rail]
                        .into_iter()
                        .filter(|part| mark.parts[*part as usize] == Said::Meanwhile),
                );
            }
        });
        again
    }

    /// A part was answered anew; of the letter only what concerns `letter`.
    pub(crate) fn answered(&self, part: Part, letter: Option<&LetterId>) {
        if self.marks.with_untracked(HashMap::is_empty) {
            return;
        }
        self.marks.update(|marks| {
            let concerned = |id: &LetterId| letter.is_none_or(|letter| letter == id);
            for (_, mark) in marks.iter_mut().filter(|(id, _)| concerned(id)) {
                mark.parts[part as usize] = if mark.told { Said::After } else { Said::Meanwhile };
            }
            marks.retain(|_, mark| mark.parts != [Said::After; 3]);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [Part; 3] = [Part::List, Part::Rail, Part::Letter];

    fn letter_in(mailbox: &str) -> LetterId {
        LetterId {
            mailbox: mailbox.into(),
            message: "m".into(),
        }
    }

    #[test]
    fn a_mark_changes_row_and_counts_until_it_is_taken_back() {
        let owner = Owner::new();
        owner.with(|| {
            let marks = Marks::default();
            let (mailbox, letter) = (MailboxId::from("mb"), letter_in("mb"));
            let left = |said| marks.unread_left(Part::Rail, &mailbox, said);
            assert!(marks.unread(Part::List, &letter, true));
            marks.set(&letter, false, true);
            assert!(!marks.unread(Part::List, &letter, true));
            assert!(marks.unread(Part::List, &letter_in("copy"), true));
            assert_eq!(left(12), 11);
            assert_eq!(marks.unread_left(Part::Rail, &"other".into(), 12), 12);
            marks.set(&letter, true, false);
            assert_eq!(left(12), 12, "back to what it was");
            marks.forget(&letter);
            marks.set(&letter, true, false);
            assert_eq!(left(0), 1);
        });
    }

    #[test]
    fn a_mark_covers_each_part_until_that_says_what_came_of_it() {
        let owner = Owner::new();
        owner.with(|| {
            let marks = Marks::default();
            let (mailbox, letter) = (MailboxId::from("mb"), letter_in("mb"));
            marks.set(&letter, false, true);
            assert_eq!(marks.told(&letter), []);
            for part in PARTS {
                assert_eq!(marks.unread_left(part, &mailbox, 12), 11, "{part:?} is of before");
                marks.answered(part, None);
                assert_eq!(marks.unread_left(part, &mailbox, 11), 11, "{part:?} is of after");
            }
            assert!(marks.letters().is_empty());
        });
    }

    #[test]
    fn what_came_before_the_server_knew_is_asked_for_again() {
        let owner = Owner::new();
        owner.with(|| {
            let marks = Marks::default();
            let (mailbox, letter) = (MailboxId::from("mb"), letter_in("mb"));
            marks.set(&letter, false, true);
            marks.answered(Part::List, None);
            assert_eq!(marks.unread_left(Part::List, &mailbox, 12), 11);
            assert_eq!(marks.told(&letter), [Part::List]);
            assert!(!marks.unread(Part::List, &letter, true), "until the answer is there");
            marks.answered(Part::List, None);
            assert_eq!(marks.unread_left(Part::List, &mailbox, 11), 11);
            marks.answered(Part::Letter, Some(&letter_in("other")));
            assert!(!marks.unread(Part::Letter, &letter, true));
        });
    }
}
