//! Dates in words, for one person: the only place where a date becomes text.

use crate::{
    context::Viewer,
    prefs::{Lang, Prefs},
    words::Words,
};
use api_types::{Day, Moment};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use mailroom::{BodyWords, Wording};
use std::ops::Range;

/// Words for moments in a person's language and zone, seen from one "now". A list asks for two of them in each of its rows: the
/// zone and the days that have a name are found once, and each moment is converted once and written without a formatter.
pub struct Dates {
    words: &'static Words,
    zone: TimeZone,
    today: Date,
    /// The first seconds of yesterday, today and tomorrow.
    days: [i64; 3],
}

/// A moment as the clock and the calendar on the wall show it.
struct Local {
    at: DateTime,
    offset: Offset,
    day: Day,
}

impl Dates {
    /// For these choices at this time.
    pub fn new(prefs: &Prefs, now_unix: i64) -> Self {
        let zone = TimeZone::get(&prefs.zone)
            .or_else(|_| TimeZone::get(&Prefs::default().zone))
            .unwrap_or(TimeZone::UTC);
        let now = timestamp(now_unix);
        let today = zone.to_datetime(now).date();
        // At the end of the calendar there is no yesterday, or no tomorrow.
        let begin =
            |date: Result<Date, jiff::Error>| Some(date.ok()?.to_zoned(zone.clone()).ok()?.timestamp().as_second());
        let from = begin(Ok(today)).unwrap_or(now.as_second());
        let days = [
            begin(today.yesterday()).unwrap_or(from),
            from,
            begin(today.tomorrow()).unwrap_or(i64::MAX),
        ];
        Self {
            words: prefs.lang.words(),
            zone,
            today,
            days,
        }
    }

    fn local(&self, unix: i64) -> Local {
        let at = timestamp(unix);
        let offset = self.zone.to_offset(at);
        Local {
            at: offset.to_datetime(at),
            offset,
            day: self.day_at(at.as_second()),
        }
    }

    fn short(&self, Local { at, day, .. }: &Local) -> String {
        let mut out = String::with_capacity(10);
        match day {
            Day::Today => push_time(&mut out, *at),
            Day::Yesterday => out.push_str(self.words.list.yesterday),
            Day::Earlier => self.push_date(&mut out, *at),
        }
        out
    }

    /// `11/24`, and the year if it is another one.
    fn push_date(&self, out: &mut String, at: DateTime) {
        if at.year() != self.today.year() {
            push_year(out, at.year(), 1);
            out.push('/');
        }
        push(out, at.month(), 1);
        out.push('/');
        push(out, at.day(), 1);
    }

    fn full(&self, at: DateTime) -> String {
        let mut out = self.full_date(at);
        out.push_str(if self.words.lang == Lang::En { ", " } else { " " });
        // Hours below ten are written as people write them in Japanese, and with a zero in English.
        if self.words.lang == Lang::En && at.hour() < 10 {
            out.push('0');
        }
        push_time(&mut out, at);
        out
    }

    /// `2026年11月24日 (火)`, `Tue 24 Nov 2026`.
    fn full_date(&self, at: DateTime) -> String {
        let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let mut out = String::with_capacity(32);
        match self.words.lang {
            Lang::Ja => {
                push_year(&mut out, at.year(), 1);
                out.push('年');
                push(&mut out, at.month(), 1);
                out.push('月');
                push(&mut out, at.day(), 1);
                out.push_str("日 (");
                out.push_str(["月", "火", "水", "木", "金", "土", "日"][weekday]);
                out.push(')');
            }
            Lang::En => {
                const MONTHS: [&str; 12] = [
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
                ];
                out.push_str(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday]);
                out.push(' ');
                push(&mut out, at.day(), 1);
                out.push(' ');
                out.push_str(MONTHS[usize::from(at.month().unsigned_abs()) - 1]);
                out.push(' ');
                push_year(&mut out, at.year(), 1);
            }
        }
        out
    }

    fn day_at(&self, unix: i64) -> Day {
        let [yesterday, today, tomorrow] = self.days;
        if (today..tomorrow).contains(&unix) {
            Day::Today
        } else if (yesterday..today).contains(&unix) {
            Day::Yesterday
        } else {
            Day::Earlier
        }
    }
}

/// A time outside the calendar is shown as 1970: a spool may hold anything.
fn timestamp(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `2026-11-24T09:12:30+09:00`. Offsets of old times have seconds, which the form has no place for; they are written behind, as
/// others do.
fn rfc3339(Local { at, offset, .. }: &Local) -> String {
    let mut out = String::with_capacity(25);
    push_year(&mut out, at.year(), 4);
    for (before, part) in [
        ('-', at.month()),
        ('-', at.day()),
        ('T', at.hour()),
        (':', at.minute()),
        (':', at.second()),
    ] {
        out.push(before);
        push(&mut out, part, 2);
    }
    let seconds = offset.seconds();
    out.push(if seconds < 0 { '-' } else { '+' });
    let seconds = seconds.unsigned_abs();
    push_number(&mut out, seconds / 3600, 2);
    out.push(':');
    push_number(&mut out, seconds / 60 % 60, 2);
    if seconds % 60 != 0 {
        out.push(':');
        push_number(&mut out, seconds % 60, 2);
    }
    out
}

/// `9:12`.
fn push_time(out: &mut String, at: DateTime) {
    push(out, at.hour(), 1);
    out.push(':');
    push(out, at.minute(), 2);
}

fn push_year(out: &mut String, year: i16, width: u32) {
    if year < 0 {
        out.push('-');
    }
    push_number(out, year.unsigned_abs().into(), width);
}

/// A part of a date, never negative.
fn push(out: &mut String, part: i8, width: u32) {
    push_number(out, part.unsigned_abs().into(), width);
}

/// Decimal, filled up with zeros to `width`.
fn push_number(out: &mut String, number: u32, width: u32) {
    if number >= 10 || width > 1 {
        push_number(out, number / 10, width.saturating_sub(1));
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

impl Wording for Dates {
    fn moment(&self, unix: i64) -> Moment {
        let local = self.local(unix);
        Moment {
            rfc3339: rfc3339(&local),
            short: self.short(&local),
            full: self.full(local.at),
        }
    }

    fn of_copy(&self, unix: i64, day: Option<Date>) -> Moment {
        let mut short = String::with_capacity(16);
        if let Some(day) = day {
            let at = day.to_datetime(Time::midnight());
            self.push_date(&mut short, at);
            return Moment {
                rfc3339: day.to_string(),
                short,
                full: self.full_date(at),
            };
        }
        let local = self.local(unix);
        self.push_date(&mut short, local.at);
        short.push(' ');
        push_time(&mut short, local.at);
        Moment {
            rfc3339: rfc3339(&local),
            short,
            full: self.full(local.at),
        }
    }

    fn day(&self, unix: i64) -> Day {
        self.day_at(timestamp(unix).as_second())
    }

    fn span(&self, day: &str) -> Option<Range<i64>> {
        let begin = |date: Date| Some(date.to_zoned(self.zone.clone()).ok()?.timestamp().as_second());
        let date: Date = day.parse().ok()?;
        Some(begin(date)?..date.tomorrow().ok().and_then(begin).unwrap_or(i64::MAX))
    }

    fn body_words(&self) -> BodyWords {
        body_words(self.words.lang)
    }
}

/// The words of the document in a letter's frame.
pub fn body_words(lang: Lang) -> BodyWords {
    let words = lang.words();
    let (words, unshown) = (&words.body_frame, &words.errors.causes.unshown);
    BodyWords {
        lang: lang.tag().to_owned(),
        image_blocked: words.image_blocked.to_owned(),
        too_complex: words.too_complex.to_owned(),
        empty: words.empty.to_owned(),
        unshown: unshown.text.to_owned(),
    }
}

impl Viewer {
    /// Words for dates as this person wants them.
    pub fn dates(&self) -> Dates {
        Dates::new(&self.prefs, self.now_unix)
    }
}

#[cfg(test)]
mod tests;
