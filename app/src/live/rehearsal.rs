//! A browser compiles a program as it runs, so the first letter would wait for what the second has for nothing. While the person
//! still looks at the list, the letter most likely to be opened is fetched and built once, unseen.

use crate::{components::LetterView, pages::Mail, paths};
use api_types::LetterQuery;
use leptos::prelude::*;
use std::time::Duration;

/// The list must be there to be read first.
const AFTER: Duration = Duration::from_millis(400);

/// Once, when the first list has been shown and no letter is open.
pub(super) fn rehearse(mail: Mail) {
    let Some(owner) = Owner::current().filter(|_| cfg!(not(feature = "ssr"))) else {
        return;
    };
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        let Some(Ok(list)) = mail.list.get() else { return false };
        let readable = || list.rows.iter().filter(|row| !row.loading);
        let Some(row) = readable().find(|row| row.unread).or_else(|| readable().next()) else {
            return false;
        };
        let query = LetterQuery {
            list: mail.query.get_untracked().list,
            ..LetterQuery::default()
        };
        let key = (list.mailbox.id.clone(), row.id.clone(), paths::letter_query(&query));
        let owner = owner.clone();
        set_timeout(
            move || {
                if mail.place.try_with_untracked(|place| place.message().is_none()) != Some(true) {
                    return;
                }
                mail.cache.fetch_then(key, move |letter| {
                    let stage = owner.child();
                    drop(stage.with(|| view! { <LetterView letter /> }.build()));
                    stage.cleanup();
                });
            },
            AFTER,
        );
        true
    });
}
