use super::{Announcer, Part};
use crate::{
    api::{mark_opened, mark_unread as post_unread},
    pages::Mail,
    paths::LetterId,
    prefs::use_words,
};
use api_types::{Letter, Message};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// A letter looked at for so long has been read.
const DWELL: Duration = Duration::from_secs(1);

/// A letter that stays on the screen becomes read, there and at the server.
pub(super) fn mark_after_a_while(mail: Mail, letter: &Letter) {
    let (id, unread) = (LetterId::from(letter), letter.message.unread);
    // A dated copy stays as it was.
    if id.mailbox.snapshot().is_some() {
        return;
    }
    Effect::new(move |_| {
        if !unread || !untrack(|| mail.marks.unread(Part::Letter, &id, true)) {
            return;
        }
        let id = id.clone();
        let timer = set_timeout_with_handle(move || mark_read(mail, id), DWELL);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

/// Shows the message as read and tells the server; a refusal is taken back and said.
pub(crate) fn mark_read(mail: Mail, letter: LetterId) {
    mail.marks.set(&letter, false, true);
    let announcer = use_context::<Announcer>();
    let words = use_words();
    spawn_local(async move {
        let LetterId { mailbox, message } = letter.clone();
        match mark_opened(mailbox, message, None).await {
            Ok(()) => told(mail, &letter),
            Err(failure) => {
                mail.marks.forget(&letter);
                say(announcer, words.error(&failure.0).title);
            }
        }
        // What was fetched ahead says otherwise.
        mail.cache.forget(&letter);
    });
}

/// Whether the message is read by what the spool says: that is not changed from here.
pub(crate) fn is_read_at_server(message: &Message) -> bool {
    !message.unread && !message.opened_here
}

/// The key for the letter on the screen: marks it unread, or says why not.
pub(super) fn mark_shown_unread(mail: Mail) {
    let Some(Ok(letter)) = mail.letter.get_untracked().flatten() else {
        return;
    };
    if letter.mailbox.id.snapshot().is_some() {
        say(use_context::<Announcer>(), use_words().snapshots.title);
    } else if is_read_at_server(&letter.message) {
        say(use_context::<Announcer>(), use_words().letter.read_at_server);
    } else {
        mark_unread(mail, LetterId::from(&letter));
    }
}

/// Shows the message as unread, returns to the list and tells the server; a refusal is taken back and said.
pub(crate) fn mark_unread(mail: Mail, letter: LetterId) {
    mail.marks.set(&letter, true, false);
    let announcer = use_context::<Announcer>();
    let words = use_words();
    if let Some(travel) = mail.travel.get_value() {
        travel.back(mail);
    }
    spawn_local(async move {
        let LetterId { mailbox, message } = letter.clone();
        match post_unread(mailbox, message, None).await {
            Ok(()) => {
                told(mail, &letter);
                say(announcer, words.letter.marked_unread);
            }
            Err(failure) => {
                mail.marks.forget(&letter);
                say(announcer, words.error(&failure.0).title);
            }
        }
        mail.cache.forget(&letter);
    });
}

fn told(mail: Mail, letter: &LetterId) {
    for part in mail.marks.told(letter) {
        match part {
            Part::List => mail.list.refetch(),
            Part::Rail => mail.rail.refetch(),
            Part::Letter => {}
        }
    }
}

fn say(announcer: Option<Announcer>, text: &str) {
    if let Some(announcer) = announcer {
        announcer.say(text.to_owned());
    }
}
