//! What the process hands to a page or a server function, for one request.
//!
//! The process fills a [`Visit`] and calls [`Visit::provide`] in the additional context of both routes: of the pages, and of
//! the server functions. There a [`ApiCall`] is set, and a `Writer` only for a POST that passed the origin check; a page
//! never gets one. Without a `Reader` nobody is signed in: pages answer with a redirect to `/sign-in`, calls with 401.

use crate::{offer::Offer, prefs::Prefs, wording::Dates};
use api_types::{ApiError, SessionLine, SessionTime};
use leptos::{nonce::Nonce, prelude::*};
use mailroom::{MailroomError, Reader, Writer};
use std::{future::Future, pin::Pin, sync::Arc};

/// Who looks, and how they want it.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Language, colours, zone (an unknown name is read as the default zone), keys.
    pub prefs: Prefs,
    /// Display name of the person signed in.
    pub account: Option<String>,
    /// How long they stay so.
    pub session: Option<SessionTime>,
    /// How one can sign in, and what else the page has to know of that.
    pub offer: Offer,
    /// The nonce of this answer's policy; empty for a call.
    pub nonce: String,
    /// Seconds since 1970-01-01 UTC at the start of the request.
    pub now_unix: i64,
}

/// Marks a request as a call of a server function: errors then become HTTP statuses of their own.
#[derive(Clone, Copy, Debug)]
pub struct ApiCall;

/// Nobody can say who looks: the process cannot read its sessions now.
#[derive(Clone, Copy, Debug)]
pub struct Unknown;

/// Writes the cause of an error to the log and returns the incident id under which it stands there.
#[derive(Clone)]
pub struct Incidents(pub Arc<dyn Fn(&MailroomError) -> String + Send + Sync>);

/// Gives the person's sessions, with dates in the person's words; for who is signed in.
#[derive(Clone)]
pub struct SessionList(pub Arc<dyn Fn(Dates) -> SessionLines + Send + Sync>);

/// What [`SessionList`] gives.
pub type SessionLines = Pin<Box<dyn Future<Output = Result<Vec<SessionLine>, ApiError>> + Send>>;

/// Where the finished files are; the process knows their hashed names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The browser's half; `None` leaves the pages without scripting.
    pub front: Option<Front>,
    /// The site's icon.
    pub icon: Option<String>,
}

/// The files of the browser's half.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// A module that imports the glue and starts it with the wasm.
    pub start_js: String,
    /// The wasm.
    pub wasm: String,
}

/// Everything for one request.
#[derive(Clone)]
pub struct Visit {
    /// Who looks.
    pub viewer: Viewer,
    /// Nobody can say who looks.
    pub unknown: bool,
    /// The person's mail, when signed in.
    pub reader: Option<Reader>,
    /// The right to change something: only for a POST that passed the origin check.
    pub writer: Option<Writer>,
    /// A call of a server function, not a page.
    pub api_call: bool,
    /// The log.
    pub incidents: Incidents,
    /// The person's sessions, when signed in.
    pub sessions: Option<SessionList>,
}

impl Visit {
    /// Puts everything into the reactive context of the current owner.
    pub fn provide(self) {
        if !self.viewer.nonce.is_empty() {
            provide_context(Nonce::from_value(self.viewer.nonce.as_str()));
        }
        provide_context(self.viewer);
        provide_context(self.incidents);
        if let Some(sessions) = self.sessions {
            provide_context(sessions);
        }
        if self.unknown {
            provide_context(Unknown);
        }
        if let Some(reader) = self.reader {
            provide_context(reader);
        }
        if self.api_call {
            provide_context(ApiCall);
            if let Some(writer) = self.writer {
                provide_context(writer);
            }
        }
    }
}
