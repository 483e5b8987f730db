//! What staff type of an incident, on a page or in a terminal: texts, times and services.

use super::{OWN_SERVICES, Status};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Characters. Longer ones are for a page of their own.
pub const LONGEST_TEXT: usize = 4_000;

/// Why a text cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongText {
    /// There is none, or more than [`LONGEST_TEXT`].
    Length,
    /// It has control characters.
    Control,
}

/// A text for everybody: with line breaks, and nothing else that cannot be seen.
///
/// # Errors
/// See [`WrongText`].
pub fn text(text: &str) -> Result<String, WrongText> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(WrongText::Length);
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(WrongText::Control);
    }
    Ok(text.to_owned())
}

/// Seconds of a time: with an offset, or as the clocks of that zone show it.
pub fn time(text: &str, zone: &TimeZone) -> Option<i64> {
    let here = || text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok();
    let at = text.parse::<Timestamp>().ok().or_else(|| Some(here()?.timestamp()));
    at.map(Timestamp::as_second)
}

/// What [`time`] reads, to the minute; empty for what no calendar has.
pub fn written(seconds: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_second(seconds).map(|at| at.to_zoned(zone.clone()));
    at.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default()
}

/// The services that an incident can be about: these targets and our own.
pub fn services<'a>(targets: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    targets.chain(OWN_SERVICES.iter().copied()).collect()
}

impl Status {
    /// The services that an incident can be about.
    pub fn known_services(&self) -> Vec<&str> {
        let mail = self.services.iter().filter(|service| service.kind().is_mail());
        services(mail.map(super::Watched::name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_can_be_read() {
        assert_eq!(text(" One\r\ntwo \n").unwrap(), "One\ntwo");
        let long = "x".repeat(LONGEST_TEXT + 1);
        for (bad, why) in [
            ("", WrongText::Length),
            (" \n", WrongText::Length),
            (long.as_str(), WrongText::Length),
            ("a\u{7}b", WrongText::Control),
            ("a\u{1b}[31m", WrongText::Control),
        ] {
            assert_eq!(text(bad), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn a_time_is_that_of_the_zone_unless_it_says_where() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let of = |text| time(text, &zone);
        assert_eq!(of("2026-07-01T18:00"), of("2026-07-01T16:00:00Z"));
        assert_eq!(of("2026-12-01T18:00"), of("2026-12-01T17:00:00Z"));
        assert_eq!(written(of("2026-07-01T18:00").unwrap(), &zone), "2026-07-01T18:00");
        for bad in ["", "tomorrow", "2026-13-01T00:00", "18:00"] {
            assert_eq!(of(bad), None, "{bad:?}");
        }
    }
}
