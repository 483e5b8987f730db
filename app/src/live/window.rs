//! A list of any length that scrolls as one. Only the rows around what is in sight stand in the page; the list is as high as if all
//! of them did, so the scrollbar is true and every row has its place. Scrolling asks for another piece of the list.

use super::{
    anchor::{Anchor, first_in_sight},
    elements::{by_id, first},
};
use crate::{pages::Mail, paths::ListId};
use api_types::{ListQuery, MessageList, PIECE};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, ResizeObserver};

/// Who drags the scrollbar passes most rows by.
const REST: Duration = Duration::from_millis(60);

/// Which piece of which list stands in the page.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    /// The list, by its address, and the first row of the piece; without one the page that the URL names.
    piece: RwSignal<Option<(ListId, ListQuery, u32)>>,
    /// A look at what is in sight is due, or a piece is on its way.
    busy: StoredValue<bool>,
    /// Scripting runs: there are no pages.
    endless: RwSignal<bool>,
    /// What must not move when the list is written anew.
    anchor: StoredValue<Option<Anchor>>,
    /// Rows that the list has got meanwhile, or lost.
    grown: StoredValue<f64>,
    /// What was in sight when the list came to rest.
    seen: StoredValue<Option<Anchor>>,
    /// The height of a row, by which the list is as high as it is.
    height: StoredValue<f64>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            piece: RwSignal::new(None),
            busy: StoredValue::new(false),
            endless: RwSignal::new(false),
            anchor: StoredValue::new(None),
            grown: StoredValue::new(0.0),
            seen: StoredValue::new(None),
            height: StoredValue::new(0.0),
        }
    }
}

impl Window {
    /// The first row of the piece that is wanted of that list.
    pub(crate) fn from(&self, id: &ListId, query: &ListQuery) -> Option<u32> {
        self.piece.with(|piece| {
            let (of, as_asked, from) = piece.as_ref()?;
            (of == id && as_asked == query).then_some(*from)
        })
    }

    /// The list scrolls as one.
    pub(crate) fn is_endless(&self) -> bool {
        self.endless.get()
    }
}

/// Once, with the mail page.
pub(super) fn start(mail: Mail) {
    Effect::new(move |_| {
        mail.window.endless.set(true);
        // The list that came with the page gets room for the rows above it (`places::keep`), and must not move.
        mail.window.anchor.set_value(Anchor::with(first_in_sight()));
        watch_height(mail);
    });
    // Whoever comes back to a list by a link begins at its beginning.
    Effect::new(move |_| {
        let (id, list) = (mail.list_id(), mail.query.with(|query| query.list.clone()));
        if mail.window.piece.with_untracked(Option::is_some) && untrack(|| mail.window.from(&id, &list)).is_none() {
            mail.window.piece.set(None);
        }
    });
}

/// Larger letters make higher rows; what was in sight stays there.
fn watch_height(mail: Mail) {
    let changed = Closure::<dyn Fn()>::new(move || {
        let height = first(".rows").and_then(|rows| row_height(&rows));
        let before = mail.window.height.try_get_value().filter(|before| *before > 0.0);
        if height.zip(before).is_some_and(|(height, before)| height != before) {
            mail.window.anchor.set_value(mail.window.seen.get_value());
            settle(mail, None);
        }
    });
    // It goes when the element does that is observed.
    let observer = ResizeObserver::new(changed.into_js_value().unchecked_ref());
    if let (Some(body), Ok(observer)) = (first(".list-body"), observer) {
        observer.observe(&body);
    }
}

/// The list was scrolled.
pub(super) fn follow(mail: Mail) {
    let busy = mail.window.busy;
    if busy.get_value() {
        return;
    }
    busy.set_value(true);
    set_timeout(
        move || {
            busy.try_set_value(false);
            look(mail);
        },
        REST,
    );
}

/// Asks for another piece if what is in sight is not well inside of the one that is there.
fn look(mail: Mail) {
    mail.window.seen.set_value(Anchor::in_sight());
    let Some(wanted) = mail.shown.try_with_value(|list| wanted(mail, list.as_ref()?)).flatten() else {
        return;
    };
    let list = mail.query.with_untracked(|query| query.list.clone());
    let piece = Some((untrack(|| mail.list_id()), list, wanted));
    let same = mail.window.piece.with_untracked(|last| *last == piece);
    if same && !mail.kept.get_value() {
        // Those rows are only counted yet: the list is asked for again by itself while something is pending.
        return;
    }
    // Until it is there, scrolling asks for nothing else.
    mail.window.busy.set_value(true);
    if same {
        // It could not be read the last time.
        mail.list.refetch();
    } else {
        mail.window.piece.set(piece);
    }
}

fn wanted(mail: Mail, list: &MessageList) -> Option<u32> {
    if !mail.is_of_url(list) {
        return None;
    }
    let (seen, last) = in_sight()?;
    let end = list.first.saturating_add(u32::try_from(list.rows.len()).ok()?);
    // What is in sight is the middle of a piece, and another is wanted when half of the rows beyond it are in sight.
    let beyond = PIECE.saturating_sub(last - seen) / 2;
    let above = list.first > 0 && seen < list.first.saturating_add(beyond / 2);
    let below = u64::from(end) < list.matching && last.saturating_add(beyond / 2) > end;
    let from = seen.saturating_sub(beyond);
    // A page that begins where the piece would has fewer rows.
    let more = from != list.first || end - list.first < PIECE;
    ((above || below) && more).then_some(from)
}

/// The first and the last row in sight, by their numbers in the whole list.
fn in_sight() -> Option<(u32, u32)> {
    let (list, rows) = (by_id("list")?, first(".rows")?);
    let height = row_height(&rows)?;
    let top = list.get_bounding_client_rect().top() - rows.get_bounding_client_rect().top();
    let row = |at: f64| (at / height).max(0.0) as u32;
    Some((row(top), row(top + f64::from(list.client_height()))))
}

/// All rows are of one height but those under the heading of a day.
fn row_height(rows: &Element) -> Option<f64> {
    let row = rows.query_selector("li:not([data-day])").ok().flatten();
    let row = row.or_else(|| rows.first_element_child())?;
    Some(row.get_bounding_client_rect().height()).filter(|height| *height > 1.0)
}

/// A list is about to stand in the page in place of another piece or state of it: what the pointer or the focus is on, or what is
/// read, shall stay where it is.
pub(super) fn hold(mail: Mail, list: &MessageList) {
    mail.window.busy.set_value(false);
    let same = |shown: &Option<MessageList>| {
        shown
            .as_ref()
            .is_some_and(|shown| ListId::of(shown) == ListId::of(list))
    };
    // What is kept moves nothing.
    let moves = !mail.kept.get_value() && mail.shown.with_value(same);
    mail.window.anchor.set_value(moves.then(Anchor::now).flatten());
    let before = mail
        .shown
        .with_value(|shown| shown.as_ref().map_or(list.matching, |shown| shown.matching));
    mail.window.grown.set_value(list.matching as f64 - before as f64);
}

/// The list stands in the page: it gets the height of all its rows, and is scrolled to where it shall be (`wanted`), or where it was.
pub(super) fn settle(mail: Mail, wanted: Option<i32>) {
    let Some(list) = by_id("list") else { return };
    let begins = mail.shown.with_value(|shown| {
        let shown = shown.as_ref()?;
        stretch(mail, &first(".rows")?, shown);
        Some(shown.first)
    });
    let anchor = mail.window.anchor.try_update_value(Option::take).flatten();
    let grown = mail.window.grown.try_update_value(std::mem::take).unwrap_or_default();
    match (wanted, anchor) {
        (Some(place), _) if place > 0 || begins == Some(0) => list.set_scroll_top(place),
        (None, anchor) => {
            // A list that has become shorter is scrolled less far by now.
            let (top, moved) = anchor.map_or((list.scroll_top(), None), |anchor| anchor.moved());
            // None of the rows is there: what came or went, did so before them.
            let moved = moved.unwrap_or_else(|| {
                if top > 0 {
                    grown * mail.window.height.get_value()
                } else {
                    0.0
                }
            });
            let to = top + moved.round() as i32;
            if to != list.scroll_top() {
                list.set_scroll_top(to);
            }
        }
        // A page or a day of the list, come to by its address: it begins there.
        (Some(_), _) => {
            if let Some(row) = first(".rows > li") {
                row.scroll_into_view();
            }
        }
    }
    mail.window.seen.set_value(Anchor::in_sight());
    // What could not be read is not asked for again and again.
    if !mail.kept.get_value() {
        follow(mail);
    }
}

/// Room for the rows before and after those that are there.
fn stretch(mail: Mail, rows: &HtmlElement, list: &MessageList) {
    let Some(height) = row_height(rows) else { return };
    mail.window.height.set_value(height);
    let room = |count: f64| [&(count * height).round().to_string(), "px"].concat();
    let before = f64::from(list.first);
    let after = (list.matching as f64 - before - list.rows.len() as f64).max(0.0);
    let style = rows.style();
    // Both names and values are ours, so no error can come.
    let _ = style.set_property("padding-top", &room(before));
    let _ = style.set_property("padding-bottom", &room(after));
}

/// The list as its address names it, from its beginning.
pub(super) fn begin(mail: Mail) {
    if mail.window.piece.with_untracked(Option::is_some) {
        mail.window.piece.set(None);
    } else {
        mail.list.refetch();
    }
}
