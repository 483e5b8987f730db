use crate::written::Pen;
use api_types::Role;
use leptos::prelude::*;

/// A line drawing of 16 by 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Menu,
    Inbox,
    Drafts,
    Sent,
    Archive,
    Junk,
    Trash,
    Folder,
    Clip,
    Previous,
    Next,
    First,
    Last,
    Gear,
    Search,
    Calendar,
    Take,
}

impl Glyph {
    /// The drawing of a mailbox.
    pub fn of(role: Role) -> Self {
        match role {
            Role::Inbox => Self::Inbox,
            Role::Drafts => Self::Drafts,
            Role::Sent => Self::Sent,
            Role::Archive => Self::Archive,
            Role::Junk => Self::Junk,
            Role::Trash => Self::Trash,
            Role::Plain => Self::Folder,
        }
    }

    /// The same as [`Icon`].
    pub(super) fn write(self, pen: &mut Pen) {
        pen.drawing("svg", |pen| {
            pen.attribute("class", &["icon"]);
            pen.attribute("viewBox", &["0 0 16 16"]);
            pen.attribute("aria-hidden", &["true"]);
            pen.drawing("path", |pen| pen.attribute("d", &[self.path()]));
        });
    }

    fn path(self) -> &'static str {
        match self {
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Inbox => "M1.5 9.5 4 2.5h8l2.5 7v4h-13zM1.5 9.5H5.5l1 2h3l1-2h4",
            Self::Drafts => "M3 13l1-3 7-7 2 2-7 7z",
            Self::Sent => "M14 2 2 7l5 2 2 5z",
            Self::Archive => "M2 3h12v3H2zM3 6v7h10V6M6.5 9h3",
            Self::Junk => "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 5v3.5M8 11v.2",
            Self::Trash => "M3 4h10M6 4V2.5h4V4M4.5 4l.5 9.5h6l.5-9.5",
            Self::Folder => "M1.5 12.5v-9h5l1.5 2h6.5v7z",
            Self::Clip => "M12.5 7.5 7.6 12.4a2.6 2.6 0 0 1-3.7-3.7l5.3-5.3a1.7 1.7 0 0 1 2.5 2.5l-5.1 5",
            Self::Previous => "M10 3 5 8l5 5",
            Self::Next => "M6 3l5 5-5 5",
            Self::First => "M12 3 7 8l5 5M4 3v10",
            Self::Last => "M4 3l5 5-5 5M12 3v10",
            Self::Search => "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.2 10.2 14 14",
            Self::Calendar => "M2 3.5h12v10H2zM2 6.5h12M5 2v3M11 2v3",
            Self::Take => "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
            Self::Gear => "M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M9 3v3h4V3zM3 10v3h4v-3z",
        }
    }
}

/// Draws one; it says nothing to a screen reader, its neighbour does.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=glyph.path() />
        </svg>
    }
}
