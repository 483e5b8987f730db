//! A browser compiles a program as it runs, so the first letter would wait for what the second has for nothing. While the person
//! still looks at the list, the letter most likely to be opened is fetched and built once, unseen.

use crate::{
    components::{Attachments, LetterText, LetterTop},
    pages::Mail,
    paths::{self, LetterId},
};
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
        let key = (LetterId::of(&list, row), paths::letter_query(&query));
        let owner = owner.clone();
        set_timeout(
            move || {
                if mail.place.try_with_untracked(|place| place.letter().is_none()) != Some(true) {
                    return;
                }
                warm_frame();
                mail.cache.fetch_then(key, move |letter| {
                    mail.frames.prepare(&letter);
                    let stage = owner.child();
                    let view = || {
                        view! {
                            <LetterTop letter=letter.clone() />
                            <LetterText letter=letter.clone() />
                            <Attachments letter />
                        }
                    };
                    drop(stage.with(|| view().build()));
                    stage.cleanup();
                });
            },
            AFTER,
        );
        true
    });
}

/// Frames without an origin share a process as long as one of them lives; starting it takes longer than showing a letter in it.
fn warm_frame() {
    let (Some(body), Ok(frame)) = (document().body(), document().create_element("iframe")) else {
        return;
    };
    let attributes = [
        ("class", "warm"),
        ("sandbox", ""),
        ("aria-hidden", "true"),
        ("tabindex", "-1"),
        ("srcdoc", " "),
    ];
    for (name, value) in attributes {
        // The names are ours, so no error can come.
        let _ = frame.set_attribute(name, value);
    }
    let _ = body.append_child(&frame);
}
