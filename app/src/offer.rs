//! What the process says of signing in and of the session, known on both sides: printed on `<html>`, as the choices are.

use leptos::prelude::*;

/// How one can sign in here, and how long one stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Through the campus portal.
    pub portal: Portal,
    /// With an emergency code.
    pub codes: bool,
    /// Whom to ask.
    pub contact: String,
    /// The session that the page was made in, as [`SessionTime`](api_types::SessionTime) names it.
    pub session: String,
    /// Seconds until the session ends, at the time the page was made; nobody is signed in if there are none.
    pub left: Option<i64>,
    /// Seconds without doing anything after which one ends.
    pub idle: i64,
    /// Nothing can be changed in this session.
    pub read_only: bool,
    /// There are dated copies of the person's mail, or may be.
    pub snapshots: bool,
    /// What staff said last of the worst incident that goes on, in the person's language; empty if none does.
    pub news: String,
    /// This person tells everybody of incidents.
    pub staff: bool,
    /// A mail server does not answer: mail programs will time out.
    pub mail_fails: bool,
    /// Until when an outage is rehearsed with this person, in words; empty if none is.
    pub drill: String,
}

/// The campus portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Portal {
    /// There is none.
    #[default]
    None,
    /// It answers.
    Up,
    /// It did not answer when it was last asked.
    Down,
    /// There is none, but a directory that checks passwords.
    Form,
}

impl Portal {
    /// `<html data-portal>`
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Up => "up",
            Self::Down => "down",
            Self::Form => "form",
        }
    }
}

impl Offer {
    /// Behind the page being made.
    #[cfg(feature = "ssr")]
    pub fn of_page() -> Self {
        use_context::<crate::context::Viewer>()
            .map(|viewer| viewer.offer)
            .unwrap_or_default()
    }

    /// Printed on the page.
    #[cfg(not(feature = "ssr"))]
    pub fn of_page() -> Self {
        let Some(root) = document().document_element() else {
            return Self::default();
        };
        let read = |name: &str| root.get_attribute(name).unwrap_or_default();
        let portal = read("data-portal");
        let portals = [Portal::Up, Portal::Down, Portal::Form];
        Self {
            portal: portals
                .into_iter()
                .find(|known| known.as_str() == portal)
                .unwrap_or_default(),
            codes: read("data-codes") == "on",
            contact: read("data-contact"),
            session: read("data-session"),
            left: read("data-left").parse().ok(),
            idle: read("data-idle").parse().unwrap_or_default(),
            read_only: read("data-read-only") == "on",
            snapshots: read("data-snapshots") == "on",
            news: read("data-news"),
            staff: read("data-staff") == "on",
            mail_fails: read("data-mail") == "fails",
            drill: read("data-drill"),
        }
    }
}
