//! Letters fetched ahead: the neighbours of the open one, and the one under the pointer or the focus.

use super::{
    elements::{letter_of, link_around},
    travel,
};
use crate::{
    api::open_message,
    pages::Mail,
    paths::{self, LetterId},
};
use api_types::{Letter, LetterQuery};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::VecDeque, time::Duration};
use wasm_bindgen::JsCast;

/// Letters kept; enough for both directions and a few rows pointed at.
const KEPT: usize = 12;
/// A pointer that only passes fetches nothing.
const REST: Duration = Duration::from_millis(80);

type Key = (LetterId, String);

/// See the module.
#[derive(Clone, Copy)]
pub(crate) struct Cache {
    letters: StoredValue<VecDeque<(Key, Letter)>>,
    asked: StoredValue<VecDeque<Key>>,
    pointed: StoredValue<Option<Key>>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            letters: StoredValue::new(VecDeque::new()),
            asked: StoredValue::new(VecDeque::new()),
            pointed: StoredValue::new(None),
        }
    }
}

impl Cache {
    /// The letter, if it was fetched ahead.
    pub(crate) fn take(&self, letter: &LetterId, query: &str) -> Option<Letter> {
        self.letters
            .try_with_value(|letters| {
                let hit = |(key, _): &&(Key, Letter)| key.0 == *letter && key.1 == query;
                letters.iter().find(hit).map(|(_, letter)| letter.clone())
            })
            .flatten()
    }

    /// What was fetched of that letter is old now.
    pub(super) fn forget(&self, letter: &LetterId) {
        self.letters
            .try_update_value(|letters| letters.retain(|(key, _)| key.0 != *letter));
        self.asked
            .try_update_value(|asked| asked.retain(|key| key.0 != *letter));
    }

    /// What was fetched may be old now.
    pub(crate) fn clear(&self) {
        self.letters.update_value(VecDeque::clear);
        self.asked.update_value(VecDeque::clear);
    }

    fn fetch(&self, key: Key) {
        self.fetch_then(key, |_| ());
    }

    /// Gives the letter to `then`, fetching it first unless it is there or was asked for already.
    pub(super) fn fetch_then(&self, key: Key, then: impl FnOnce(Letter) + 'static) {
        if let Some(letter) = self.take(&key.0, &key.1) {
            then(letter);
            return;
        }
        let known = self.asked.with_value(|asked| asked.contains(&key));
        if known {
            return;
        }
        self.asked.update_value(|asked| push(asked, key.clone()));
        let this = *self;
        spawn_local(async move {
            let (letter, query) = key.clone();
            let answer = open_message(letter.mailbox, letter.message, query).await;
            match answer {
                // Errors are not kept: the person who opens it asks again.
                Err(_) => {
                    this.asked.try_update_value(|asked| asked.retain(|other| *other != key));
                }
                Ok(letter) => {
                    // Forgotten while it was on its way, it may be of before.
                    if this.asked.try_with_value(|asked| asked.contains(&key)) == Some(true) {
                        this.letters
                            .try_update_value(|letters| push(letters, (key, letter.clone())));
                    }
                    then(letter);
                }
            }
        });
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.len() >= KEPT {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// After a letter is shown.
pub(super) fn fetch_neighbours(mail: Mail, letter: &Letter) {
    let (id, said) = (LetterId::from(letter), travel::said_beside(letter));
    Effect::new(move |_| {
        let (previous, next) = travel::beside(mail, &id).unwrap_or_else(|| said.clone());
        let query = paths::letter_query(&LetterQuery {
            list: mail.query.get_untracked().list,
            ..LetterQuery::default()
        });
        if let Some(next) = next {
            let key = (next, query.clone());
            mail.cache.fetch_then(key, move |letter| mail.frames.prepare(&letter));
        }
        if let Some(previous) = previous {
            mail.cache.fetch((previous, query));
        }
    });
}

/// The pointer or the focus came to something in the list.
pub(crate) fn point_at(mail: Mail, event: &web_sys::Event) {
    let key = letter_at(mail, event).map(|(key, _)| key);
    let cache = mail.cache;
    if cache.pointed.with_value(|pointed| *pointed == key) {
        return;
    }
    cache.pointed.set_value(key.clone());
    let Some(key) = key else { return };
    let still = move |key: &Key| cache.pointed.try_with_value(|pointed| pointed.as_ref() == Some(key)) == Some(true);
    set_timeout(
        move || {
            if still(&key) {
                cache.fetch_then(key.clone(), move |letter| {
                    if still(&key) {
                        mail.frames.prepare(&letter);
                    }
                });
            }
        },
        REST,
    );
}

/// A button or a finger went down on something in the list: a click follows, a tenth of a second later. Says whether it is a letter.
pub(crate) fn press(mail: Mail, event: &web_sys::Event) -> bool {
    let Some((key, html)) = letter_at(mail, event) else {
        return false;
    };
    if html {
        mail.frames.expect(&key.0);
    }
    mail.cache.fetch_then(key, move |letter| mail.frames.prepare(&letter));
    true
}

/// The letter of the row in which something happened, and whether its row says that it is HTML.
fn letter_at(mail: Mail, event: &web_sys::Event) -> Option<(Key, bool)> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = link_around(&target)?;
    let query = LetterQuery {
        list: mail.query.get_untracked().list,
        ..LetterQuery::default()
    };
    let key = (letter_of(&link)?, paths::letter_query(&query));
    Some((key, link.has_attribute("data-html")))
}
