//! What was typed: services, times and texts.

use crate::{
    cli::incident::About,
    config::Config,
    setup::SetupError,
    status::typed::{self, LONGEST_TEXT, WrongText},
};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Services and times; what was not given is `None`.
#[derive(Debug, PartialEq, Eq)]
pub struct Given {
    pub affects: Option<BTreeSet<String>>,
    pub from: Option<i64>,
    pub until: Option<i64>,
}

impl Given {
    pub fn read(about: &About, config: &Config) -> Result<Self, SetupError> {
        let zone = TimeZone::get(&config.ui.default_timezone).unwrap_or(TimeZone::UTC);
        let time = |text: &Option<String>| text.as_deref().map(|text| time(text, &zone)).transpose();
        let given = Self {
            affects: (!about.affects.is_empty())
                .then(|| services(&about.affects, config))
                .transpose()?,
            from: time(&about.from)?,
            until: time(&about.until)?,
        };
        match (given.from, given.until) {
            (Some(from), Some(until)) if from >= until => wrong("--until is not after --from".to_owned()),
            _ => Ok(given),
        }
    }
}

fn services(names: &[String], config: &Config) -> Result<BTreeSet<String>, SetupError> {
    let targets = config.probe.targets.iter().map(|target| target.name.as_str());
    let known = typed::services(targets);
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => wrong(format!(
            "{unknown:?} is no service here; there are {}",
            known.join(", ")
        )),
        None => Ok(names.iter().cloned().collect()),
    }
}

fn time(text: &str, zone: &TimeZone) -> Result<i64, SetupError> {
    match typed::time(text, zone) {
        Some(at) => Ok(at),
        None => wrong(format!("{text:?} is no time, as 2026-12-01T18:00 is")),
    }
}

/// A text for everybody.
pub fn text(text: &str, name: &str) -> Result<String, SetupError> {
    match typed::text(text) {
        Ok(text) => Ok(text),
        Err(WrongText::Length) => wrong(format!("{name} is a text of 1 to {LONGEST_TEXT} characters")),
        Err(WrongText::Control) => wrong(format!("{name} has control characters")),
    }
}

fn wrong<T>(text: String) -> Result<T, SetupError> {
    Err(SetupError::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(affects: &[&str], from: Option<&str>, until: Option<&str>) -> About {
        About {
            affects: affects.iter().map(|&name| name.to_owned()).collect(),
            from: from.map(str::to_owned),
            until: until.map(str::to_owned),
        }
    }

    #[test]
    fn times_are_those_of_the_site_unless_they_say_where() {
        let config = Config::default();
        let read = |from, until| Given::read(&about(&[], from, until), &config);
        let here = read(Some("2026-12-01T18:00"), Some("2026-12-01T18:00:30")).unwrap();
        let there = read(Some("2026-12-01T09:00:00Z"), Some("2026-12-01T10:00:30+01:00")).unwrap();
        assert_eq!(here, there);
        assert_eq!(here.affects, None);
        assert_eq!(here.until.unwrap() - here.from.unwrap(), 30);
        for (from, until) in [
            (Some("tomorrow"), None),
            (Some("2026-13-01T00:00"), None),
            (Some("2026-12-01T18:00"), Some("2026-12-01T17:00")),
        ] {
            assert!(read(from, until).is_err(), "{from:?} {until:?}");
        }
    }

    #[test]
    fn only_services_that_there_are_can_be_affected() {
        let config: Config = toml::from_str("[[probe.target]]\nname = 'lab'\nkind = 'imap'\nhost = 'h'").unwrap();
        let read = |names: &[&str]| Given::read(&about(names, None, None), &config);
        assert_eq!(
            read(&["web", "lab", "lab"]).unwrap().affects,
            Some(["lab", "web"].map(str::to_owned).into())
        );
        let error = read(&["lab", "imap"]).unwrap_err().to_string();
        assert!(error.contains("imap") && error.contains("lab, portal"), "{error}");
    }
}
