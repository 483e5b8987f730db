//! Dates in words, for one person: the only place where a date becomes text.

use crate::{
    context::Viewer,
    prefs::{Lang, Prefs},
    words::Words,
};
use api_types::{Day, Moment};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use mailroom::{BodyWords, Wording};

/// Words for moments in a person's language and zone, seen from one "now".
pub struct Dates {
    words: &'static Words,
    zone: TimeZone,
    today: Date,
}

impl Dates {
    /// For these choices at this time.
    pub fn new(prefs: &Prefs, now_unix: i64) -> Self {
        let zone = TimeZone::get(&prefs.zone)
            .or_else(|_| TimeZone::get(&Prefs::default().zone))
            .unwrap_or(TimeZone::UTC);
        Self {
            words: prefs.lang.words(),
            today: zoned(now_unix, &zone).date(),
            zone,
        }
    }

    fn short(&self, at: &Zoned) -> String {
        let date = at.date();
        match self.day_of(date) {
            Day::Today => format!("{}:{:02}", at.hour(), at.minute()),
            Day::Yesterday => self.words.list.yesterday.to_owned(),
            Day::Earlier if date.year() == self.today.year() => format!("{}/{}", date.month(), date.day()),
            Day::Earlier => format!("{}/{}/{}", date.year(), date.month(), date.day()),
        }
    }

    fn full(&self, at: &Zoned) -> String {
        let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        match self.words.lang {
            Lang::Ja => {
                let weekday = ["月", "火", "水", "木", "金", "土", "日"][weekday];
                let (year, month, day) = (at.year(), at.month(), at.day());
                format!("{year}年{month}月{day}日 ({weekday}) {}:{:02}", at.hour(), at.minute())
            }
            Lang::En => {
                const MONTHS: [&str; 12] = [
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
                ];
                let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday];
                let month = MONTHS[usize::from(at.month().unsigned_abs()) - 1];
                format!(
                    "{weekday} {} {month} {}, {:02}:{:02}",
                    at.day(),
                    at.year(),
                    at.hour(),
                    at.minute()
                )
            }
        }
    }

    fn day_of(&self, date: Date) -> Day {
        if date == self.today {
            Day::Today
        } else if self.today.yesterday().is_ok_and(|yesterday| date == yesterday) {
            Day::Yesterday
        } else {
            Day::Earlier
        }
    }
}

/// A time outside the calendar is shown as 1970: a spool may hold anything.
fn zoned(unix: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_second(unix)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone.clone())
}

impl Wording for Dates {
    fn moment(&self, unix: i64) -> Moment {
        let at = zoned(unix, &self.zone);
        Moment {
            rfc3339: at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            short: self.short(&at),
            full: self.full(&at),
        }
    }

    fn day(&self, unix: i64) -> Day {
        self.day_of(zoned(unix, &self.zone).date())
    }

    fn body_words(&self) -> BodyWords {
        body_words(self.words.lang)
    }
}

/// The words of the document in a letter's frame.
pub fn body_words(lang: Lang) -> BodyWords {
    let words = &lang.words().body_frame;
    BodyWords {
        lang: lang.tag().to_owned(),
        image_blocked: words.image_blocked.to_owned(),
        too_complex: words.too_complex.to_owned(),
        empty: words.empty.to_owned(),
    }
}

impl Viewer {
    /// Words for dates as this person wants them.
    pub fn dates(&self) -> Dates {
        Dates::new(&self.prefs, self.now_unix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24 00:12:30 UTC: Tuesday morning in Tokyo, Monday afternoon in Los Angeles.
    const NOW: i64 = 1_795_479_150;
    const HOUR: i64 = 3600;

    fn dates(lang: Lang, zone: &str) -> Dates {
        Dates::new(
            &Prefs {
                lang,
                zone: zone.into(),
                ..Prefs::default()
            },
            NOW,
        )
    }

    #[test]
    fn in_tokyo() {
        let dates = dates(Lang::Ja, "Asia/Tokyo");
        let now = dates.moment(NOW);
        assert_eq!(now.rfc3339, "2026-11-24T09:12:30+09:00");
        assert_eq!(now.short, "9:12");
        assert_eq!(now.full, "2026年11月24日 (火) 9:12");
        assert_eq!(dates.day(NOW), Day::Today);
        assert_eq!(dates.moment(NOW - 10 * HOUR).short, "昨日");
        assert_eq!(dates.day(NOW - 10 * HOUR), Day::Yesterday);
        assert_eq!(dates.moment(NOW - 4 * 24 * HOUR).short, "11/20");
        assert_eq!(dates.moment(NOW - 369 * 24 * HOUR).short, "2025/11/20");
        assert_eq!(dates.day(NOW + 24 * HOUR), Day::Earlier);
    }

    #[test]
    fn the_same_moment_in_another_zone_and_language() {
        let dates = dates(Lang::En, "America/Los_Angeles");
        let now = dates.moment(NOW);
        assert_eq!(now.rfc3339, "2026-11-23T16:12:30-08:00");
        assert_eq!(now.full, "Mon 23 Nov 2026, 16:12");
        // 10 hours ago is still the same day there.
        assert_eq!(dates.day(NOW - 10 * HOUR), Day::Today);
        assert_eq!(dates.moment(NOW - 24 * HOUR).short, "Yesterday");
    }

    #[test]
    fn an_unknown_zone_is_the_default_and_nonsense_is_survived() {
        let dates = dates(Lang::En, "Nowhere/At_All");
        assert_eq!(dates.moment(NOW).full, "Tue 24 Nov 2026, 09:12");
        assert_eq!(dates.moment(i64::MAX).rfc3339, "1970-01-01T09:00:00+09:00");
    }
}
