//! The rows of the list are written once (`components/rows.rs`). What changes in them while they stand follows here: which one is
//! open, which ones are unread.

use super::{Part, elements};
use crate::{pages::Mail, paths::LetterId, prefs::use_words};
use leptos::prelude::*;
use std::collections::HashSet;
use web_sys::Element;

pub(super) fn follow(mail: Mail) {
    let word = use_words().list.unread;
    Effect::new(move |_| {
        // A list that came meanwhile was written with what was open then.
        mail.list_title.track();
        let open = mail.opened();
        let link = open.as_ref().and_then(elements::row_link);
        if let Ok(Some(other)) = document().query_selector(".rows a[aria-current]")
            && link.as_ref().is_none_or(|link| **link != other)
        {
            let _ = other.remove_attribute("aria-current");
        }
        if let Some(link) = link {
            let _ = link.set_attribute("aria-current", "true");
        }
    });
    Effect::new(move |last: Option<HashSet<LetterId>>| {
        let marked = mail.marks.letters();
        let shown = mail.shown;
        for letter in last.iter().flatten().chain(&marked) {
            let said = shown.with_value(|list| {
                let list = list.as_ref()?;
                Some(list.rows.get(letter.place_in(list)?)?.unread)
            });
            if let Some(said) = said
                && let Some(row) = elements::by_id(&letter.row_anchor())
            {
                show_unread(&row, untrack(|| mail.marks.unread(Part::List, letter, said)), word);
            }
        }
        marked
    });
}

fn show_unread(row: &Element, unread: bool, word: &str) {
    let _ = row.class_list().toggle_with_force("unread", unread);
    if let Ok(Some(said)) = row.query_selector("a > .vh") {
        said.set_text_content(unread.then_some(word));
    }
}
