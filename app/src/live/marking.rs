use super::{Announcer, Part};
use crate::{
    api::{mark_opened, mark_unread as post_unread},
    pages::Mail,
    prefs::use_words,
};
use api_types::{Letter, MailboxId, Message, MessageId};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// A letter looked at for so long has been read.
const DWELL: Duration = Duration::from_secs(1);

/// A letter that stays on the screen becomes read, there and at the server.
pub(super) fn mark_after_a_while(mail: Mail, letter: &Letter) {
    let (mailbox, id, unread) = (
        letter.mailbox.id.clone(),
        letter.message.id.clone(),
        letter.message.unread,
    );
    Effect::new(move |_| {
        if !unread || !untrack(|| mail.marks.unread(Part::Letter, &id, true)) {
            return;
        }
        let (mailbox, id) = (mailbox.clone(), id.clone());
        let timer = set_timeout_with_handle(move || mark_read(mail, mailbox, id), DWELL);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

/// Shows the message as read and tells the server; a refusal is taken back and said.
pub(crate) fn mark_read(mail: Mail, mailbox: MailboxId, message: MessageId) {
    mail.marks.set(&mailbox, &message, false, true);
    let announcer = use_context::<Announcer>();
    let words = use_words();
    spawn_local(async move {
        match mark_opened(mailbox, message.clone(), None).await {
            Ok(()) => told(mail, &message),
            Err(failure) => {
                mail.marks.forget(&message);
                say(announcer, words.error(&failure.0).title);
            }
        }
        // What was fetched ahead says otherwise.
        mail.cache.forget(&message);
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
    if is_read_at_server(&letter.message) {
        say(use_context::<Announcer>(), use_words().letter.read_at_server);
    } else {
        mark_unread(mail, letter.mailbox.id, letter.message.id);
    }
}

/// Shows the message as unread, returns to the list and tells the server; a refusal is taken back and said.
pub(crate) fn mark_unread(mail: Mail, mailbox: MailboxId, message: MessageId) {
    mail.marks.set(&mailbox, &message, true, false);
    let announcer = use_context::<Announcer>();
    let words = use_words();
    if let Some(travel) = mail.travel.get_value() {
        travel.back(mail);
    }
    spawn_local(async move {
        match post_unread(mailbox, message.clone(), None).await {
            Ok(()) => {
                told(mail, &message);
                say(announcer, words.letter.marked_unread);
            }
            Err(failure) => {
                mail.marks.forget(&message);
                say(announcer, words.error(&failure.0).title);
            }
        }
        mail.cache.forget(&message);
    });
}

fn told(mail: Mail, message: &MessageId) {
    for part in mail.marks.told(message) {
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
