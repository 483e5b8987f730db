//! The two pages: all incidents, and one.

use super::typed::{Typed, Wrong};
use crate::{
    middleware::account::SignedIn,
    routes::{
        error::escape,
        sheet::{self, Sheet},
        status::Page,
    },
    state::AppState,
    status::{IncidentView, Phase},
    words::{PageWords, Staff},
};
use ::state::{Incident, StateError};
use app::{paths, prefs::Prefs, wording::Dates};
use axum::{http::StatusCode, response::Response};
use jiff::tz::TimeZone;
use mailroom::Clock;

/// For one person.
pub struct StaffPage<'a> {
    pub(super) app: &'a AppState,
    pub(super) person: &'a SignedIn,
    pub(super) words: &'static Staff,
    pub(super) services: Page,
    /// In which they type times.
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    prefs: &'a Prefs,
    now: i64,
}

impl<'a> StaffPage<'a> {
    pub fn new(app: &'a AppState, person: &'a SignedIn, prefs: &'a Prefs) -> Self {
        let now = app.clock().now();
        let zone = TimeZone::get(&prefs.zone).unwrap_or(TimeZone::UTC);
        Self {
            app,
            person,
            words: &PageWords::of(prefs.lang).staff,
            services: Page {
                words: prefs.lang.words(),
                lang: prefs.lang,
                dates: Dates::new(prefs, now),
            },
            zone_name: zone.iana_name().unwrap_or("UTC").to_owned(),
            zone,
            prefs,
            now,
        }
    }

    /// All, and a form for a new one. `done`: what was done just now.
    pub fn list(
        &self,
        status: StatusCode,
        incidents: &[Incident],
        typed: &Typed,
        wrong: &[Wrong],
        done: Option<&str>,
    ) -> Response {
        let (w, words) = (self.words, &self.services.words.status);
        let done = match done {
            Some("opened") => w.opened,
            Some("updated") => w.updated,
            Some("closed") => w.closed,
            _ => "",
        };
        let done = match done.is_empty() {
            true => String::new(),
            false => format!("<p class=\"note\" role=\"status\">{done}</p>"),
        };
        let parts = [
            (Phase::Open, words.open),
            (Phase::Planned, words.planned),
            (Phase::Closed, words.closed),
        ];
        let parts: String = parts
            .into_iter()
            .map(|(phase, title)| {
                let those = incidents
                    .iter()
                    .filter(|incident| Phase::of(incident, self.now) == phase);
                let those: String = those.map(|incident| self.incident(incident, true)).collect();
                let none = format!("<p class=\"small\">{}</p>", w.none);
                format!("<h2>{title}</h2>{}", if those.is_empty() { &none } else { &those })
            })
            .collect();
        let button = format!(
            "<div class=\"buttons\"><button type=\"submit\" class=\"primary\">{}</button></div>",
            w.open
        );
        let main = format!(
            "<h1>{}</h1><p class=\"lead\">{}</p>{done}{}{parts}<h2>{}</h2>{}",
            w.title,
            w.lead,
            self.wrong(wrong),
            w.open_new,
            self.form(paths::incidents(), typed, wrong, &button)
        );
        self.send(status, &main, (paths::status(), words.title))
    }

    /// One, and a form to tell more of it.
    pub fn one(&self, status: StatusCode, incident: &Incident, typed: &Typed, wrong: &[Wrong]) -> Response {
        let w = self.words;
        let (close, hint) = match incident.closed {
            Some(_) => Default::default(),
            None => (
                format!(
                    "<button type=\"submit\" name=\"do\" value=\"close\">{}</button>",
                    w.close
                ),
                format!("<p class=\"small\">{}</p>", w.close_hint),
            ),
        };
        let buttons = format!(
            "<div class=\"buttons\"><button type=\"submit\" class=\"primary\" name=\"do\" value=\"update\">{}</button>{close}</div>{hint}",
            w.update
        );
        let place = format!("{}/{}", paths::incidents(), incident.id);
        let main = format!(
            "<h1>{}</h1>{}<h2>{}</h2>{}<h2>{}</h2>{}",
            w.title,
            self.wrong(wrong),
            w.so_far,
            self.incident(incident, false),
            w.tell_more,
            self.form(&place, typed, wrong, &buttons)
        );
        self.send(status, &main, (paths::incidents(), w.back))
    }

    /// That the database refused it; the cause goes to the log.
    pub fn not_written(&self, error: &StateError) -> Wrong {
        tracing::error!(%error, "an incident cannot be written");
        Wrong {
            field: None,
            said: self.words.bad_database.to_owned(),
        }
    }

    /// That somebody else was faster.
    pub fn meanwhile(&self) -> Wrong {
        Wrong {
            field: None,
            said: self.words.meanwhile.to_owned(),
        }
    }

    fn send(&self, status: StatusCode, main: &str, onward: (&str, &str)) -> Response {
        let sheet = Sheet {
            title: self.words.title,
            head: "",
            onward,
            kind: "status",
            main,
            says_what_goes_on: true,
        };
        let mut response = sheet::send(self.app, self.prefs, &sheet);
        *response.status_mut() = status;
        response
    }

    /// As everybody reads it, and who wrote it.
    fn incident(&self, incident: &Incident, leads: bool) -> String {
        let view = IncidentView::new(incident, self.now);
        let by = incident.updates.last().map(|told| (self.words.by)(&told.by));
        let link = match leads {
            true => format!(
                "<a href=\"{}/{}\">{}</a> ",
                paths::incidents(),
                escape(&incident.id),
                self.words.change
            ),
            false => String::new(),
        };
        format!(
            "{}<p class=\"aside\">{link}<span class=\"small\">{} {}</span></p>",
            self.services.incident(&view),
            escape(&incident.id),
            escape(&by.unwrap_or_default())
        )
    }

    /// Read out when the page comes back, and leads to each field.
    fn wrong(&self, wrong: &[Wrong]) -> String {
        if wrong.is_empty() {
            return String::new();
        }
        let each = wrong.iter().map(|wrong| match wrong.field {
            Some(field) => format!("<li><a href=\"#{field}\">{}</a></li>", escape(&wrong.said)),
            None => format!("<li>{}</li>", escape(&wrong.said)),
        });
        format!(
            "<div class=\"notes\" role=\"alert\"><p class=\"warn\">{}</p><ul>{}</ul></div>",
            self.words.not_told,
            each.collect::<String>()
        )
    }
}
