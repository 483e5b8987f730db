//! What staff typed into a form, as they typed it, and what it says if it says anything.

use crate::{
    status::typed::{LONGEST_TEXT, WrongText, text, time, written},
    words::Staff,
};
use ::state::{Incident, SeenIncident, Severity};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The name that a new one will have.
    pub id: String,
    pub severity: String,
    pub affects: BTreeSet<String>,
    pub ja: String,
    pub en: String,
    pub from: String,
    pub until: String,
    /// How far they had read, as [`seen`] writes it.
    pub seen: String,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name; nothing if it is none of them.
    pub field: Option<&'static str>,
    pub said: String,
}

/// What it says.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub severity: Severity,
    pub affects: BTreeSet<String>,
    pub from: Option<i64>,
    pub until: Option<i64>,
    /// In Japanese and in English.
    pub texts: Option<(String, String)>,
}

impl Typed {
    /// Nothing yet.
    pub fn new(id: String) -> Self {
        Self {
            id,
            severity: Severity::Degraded.word().to_owned(),
            ..Self::default()
        }
    }

    /// As an incident is now; nothing told besides.
    pub fn of(incident: &Incident, zone: &TimeZone) -> Self {
        let time = |at: Option<i64>| at.map(|at| written(at, zone)).unwrap_or_default();
        Self {
            severity: incident.severity.word().to_owned(),
            affects: incident.affects.clone(),
            from: time(incident.scheduled_from),
            until: time(incident.scheduled_until),
            ..Self::default()
        }
        .having_seen(incident)
    }

    /// From a form. Of several values under one name the last counts, but of services.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => typed.id = value,
                "severity" => typed.severity = value,
                "affects" => drop(typed.affects.insert(value)),
                "ja" => typed.ja = value,
                "en" => typed.en = value,
                "from" => typed.from = value,
                "until" => typed.until = value,
                "seen" => typed.seen = value,
                _ => {}
            }
        }
        // Only the process gives names.
        if typed.id.len() != 8 || !typed.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            typed.id = crate::random::short_id();
        }
        typed
    }

    /// The same of somebody who has read all of that.
    #[must_use]
    pub fn having_seen(&self, incident: &Incident) -> Self {
        let seen = incident.seen();
        Self {
            seen: format!("{}.{}", seen.updates, u8::from(seen.closed)),
            ..self.clone()
        }
    }

    /// The same texts of somebody who has read all of that; what it is about and until when is what others have made of it.
    #[must_use]
    pub fn told_after(&self, incident: &Incident, zone: &TimeZone) -> Self {
        Self {
            id: self.id.clone(),
            ja: self.ja.clone(),
            en: self.en.clone(),
            ..Self::of(incident, zone)
        }
    }

    /// How far they had read.
    pub fn seen(&self) -> Option<SeenIncident> {
        let (updates, closed) = self.seen.split_once('.')?;
        Some(SeenIncident {
            updates: updates.parse().ok()?,
            closed: closed == "1",
        })
    }

    /// What it says, or all that is wrong with it. One that is closed needs no text.
    pub fn checked(&self, known: &[&str], zone: &TimeZone, words: &Staff, closes: bool) -> Result<Told, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut say = |field, said: String| {
            wrong.push(Wrong {
                field: Some(field),
                said,
            });
        };
        let severity = Severity::of_word(&self.severity);
        if severity.is_none() {
            say("severity", words.bad_severity.to_owned());
        }
        if self.affects.iter().any(|name| !known.contains(&name.as_str())) {
            say("affects", words.bad_service.to_owned());
        }
        let needs_none = closes && self.ja.trim().is_empty() && self.en.trim().is_empty();
        let mut read = |field, typed: &str| match text(typed) {
            Ok(text) => text,
            Err(why) => {
                if !needs_none {
                    say(
                        field,
                        match why {
                            WrongText::Length => (words.bad_length)(&LONGEST_TEXT.to_string()),
                            WrongText::Control => words.bad_control.to_owned(),
                        },
                    );
                }
                String::new()
            }
        };
        let texts = (read("ja", &self.ja), read("en", &self.en));
        let mut when = |field, typed: &str| {
            let at = time(typed.trim(), zone);
            if at.is_none() && !typed.trim().is_empty() {
                say(field, words.bad_time.to_owned());
            }
            at
        };
        let (from, until) = (when("from", &self.from), when("until", &self.until));
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            say("until", words.bad_order.to_owned());
        }
        match severity {
            Some(severity) if wrong.is_empty() => Ok(Told {
                severity,
                affects: self.affects.clone(),
                from,
                until,
                texts: (!needs_none).then_some(texts),
            }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::PageWords;
    use app::prefs::Lang;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::read(
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    fn fields(typed: &Typed, closes: bool) -> Vec<Option<&'static str>> {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let words = &PageWords::of(Lang::En).staff;
        match typed.checked(&["imap", "web"], &zone, words, closes) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.into_iter().map(|wrong| wrong.field).collect(),
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let good = [
            ("severity", "outage"),
            ("affects", "imap"),
            ("ja", "遅い"),
            ("en", "Slow"),
        ];
        assert!(fields(&typed(&good), false).is_empty());
        let bad = typed(&[
            ("severity", "bad"),
            ("affects", "imap"),
            ("affects", "<b>"),
            ("ja", " "),
            ("en", "a\u{1b}"),
            ("from", "soon"),
            ("until", "2026-12-01T18:00"),
        ]);
        let all = ["severity", "affects", "ja", "en", "from"].map(Some);
        assert_eq!(fields(&bad, false), all);
        let order = [("from", "2026-12-01T18:00"), ("until", "2026-12-01T18:00")];
        assert_eq!(fields(&typed(&[&good[..], &order].concat()), false), [Some("until")]);
    }

    #[test]
    fn a_last_word_is_told_in_both_languages_or_not_at_all() {
        let of = |ja, en| typed(&[("severity", "notice"), ("ja", ja), ("en", en)]);
        assert!(fields(&of("", " "), true).is_empty());
        assert_eq!(fields(&of("", ""), false), [Some("ja"), Some("en")]);
        assert_eq!(fields(&of("復旧", ""), true), [Some("en")]);
    }

    #[test]
    fn names_are_those_that_the_process_gave() {
        assert_eq!(typed(&[("id", "abcd2345")]).id, "abcd2345");
        for bad in ["", "abc", "ABCD2345", "abcd/345", "abcd23456"] {
            let id = typed(&[("id", bad)]).id;
            assert!(id != bad && id.len() == 8, "{bad:?}");
        }
    }
}
