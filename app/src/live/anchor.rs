//! What must not move when the list changes: one row stands for what is in sight, and those around it for that row should it go.

use super::elements::{by_id, first};
use std::iter::successors;
use web_sys::Element;

/// How far the list was scrolled, and where rows were then.
#[derive(Clone)]
pub(super) struct Anchor {
    top: i32,
    /// Their ids, and how far they were from the beginning of the list; the row that matters first.
    rows: Vec<(String, f64)>,
}

impl Anchor {
    /// With the row that the pointer or the focus is on, else the first in sight.
    pub(super) fn now() -> Option<Self> {
        let list = by_id("list")?;
        let top = f64::from(list.scroll_top());
        // What is out of sight need not stay there.
        let sight = -60.0..f64::from(list.client_height());
        let theirs = [".rows > li:hover", ".rows > li:focus-within"];
        let mut theirs = theirs.into_iter().filter_map(|selector| Some(first(selector)?.into()));
        let row = theirs.find(|row| place(row).is_some_and(|at| sight.contains(&(at - top))));
        row.map_or_else(Self::in_sight, |row| Self::with(Some(row)))
    }

    /// With the first row in sight. At the top of the list without one: what comes there is to be seen.
    pub(super) fn in_sight() -> Option<Self> {
        Self::with(first_in_sight().filter(|_| by_id("list").is_some_and(|list| list.scroll_top() > 0)))
    }

    /// With that row.
    pub(super) fn with(row: Option<Element>) -> Option<Self> {
        let top = by_id("list")?.scroll_top();
        let above = row.as_ref().and_then(Element::previous_element_sibling);
        let below = successors(row, Element::next_element_sibling);
        let rows = below.chain(successors(above, Element::previous_element_sibling));
        let rows = rows.filter_map(|row| Some((row.id(), place(&row)?))).collect();
        Some(Self { top, rows })
    }

    /// How far the list was scrolled, and how far the rows have moved since in it; nothing if none of them is there.
    pub(super) fn moved(&self) -> (i32, Option<f64>) {
        let moved = |(id, was): &(String, f64)| Some(place(&*by_id(id)?)? - was);
        (self.top, self.rows.iter().find_map(moved))
    }
}

/// How far a row is from the beginning of the list.
fn place(row: &Element) -> Option<f64> {
    let list = by_id("list")?;
    let below = row.get_bounding_client_rect().top() - list.get_bounding_client_rect().top();
    Some(below + f64::from(list.scroll_top()))
}

/// The first row in sight, or below it.
pub(super) fn first_in_sight() -> Option<Element> {
    let (list, rows) = (by_id("list")?, first(".rows")?);
    let head = first(".list-head").map_or(0, |head| head.client_height());
    let top = list.get_bounding_client_rect().top() + f64::from(head);
    let mut rows = successors(rows.first_element_child(), Element::next_element_sibling);
    rows.find(|row| row.get_bounding_client_rect().bottom() > top)
}
