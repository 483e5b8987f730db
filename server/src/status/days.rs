//! Calendar days where the site is.

use jiff::{Timestamp, ToSpan, Zoned, civil::Date, tz::TimeZone};

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
/// A clock that jumps further than this leaves the rest uncounted.
const LONGEST: i64 = 7 * 24 * 3600;

/// The day of a moment, counted from 1970-01-01.
pub fn day_of(at: i64, zone: &TimeZone) -> i64 {
    zoned(at, zone).map_or_else(|| at.div_euclid(24 * 3600), |at| number(at.date()))
}

/// Its date.
pub fn date_of(day: i64) -> Date {
    EPOCH.saturating_add(day.clamp(-1_000_000, 1_000_000).days())
}

/// The seconds of each day between two moments.
pub fn split(from: i64, until: i64, zone: &TimeZone) -> Vec<(i64, u32)> {
    let mut parts = Vec::new();
    let mut from = from.max(until.saturating_sub(LONGEST));
    while from < until {
        let midnight = zoned(from, zone)
            .and_then(|at| at.tomorrow().ok()?.start_of_day().ok())
            .map_or(until, |at| at.timestamp().as_second());
        let end = midnight.clamp(from + 1, until);
        parts.push((day_of(from, zone), u32::try_from(end - from).unwrap_or(u32::MAX)));
        from = end;
    }
    parts
}

fn zoned(at: i64, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_second(at).ok()?.to_zoned(zone.clone()))
}

fn number(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn a_day_begins_at_the_sites_midnight() {
        let japan = TimeZone::get("Asia/Tokyo").unwrap();
        let (before, after) = (at("2026-11-27T14:59:59Z"), at("2026-11-27T15:00:00Z"));
        assert_eq!(day_of(after, &japan), day_of(before, &japan) + 1);
        assert_eq!(date_of(day_of(after, &japan)).to_string(), "2026-11-28");
        assert_eq!(day_of(before, &TimeZone::UTC), day_of(after, &TimeZone::UTC));
        assert_eq!(day_of(0, &TimeZone::UTC), 0);
        assert_eq!(day_of(-1, &TimeZone::UTC), -1);
    }

    #[test]
    fn what_lies_over_midnight_belongs_to_both_days() {
        let japan = TimeZone::get("Asia/Tokyo").unwrap();
        let midnight = at("2026-11-27T15:00:00Z");
        let today = day_of(midnight, &japan);
        assert_eq!(
            split(midnight - 10, midnight + 20, &japan),
            [(today - 1, 10), (today, 20)]
        );
        assert_eq!(split(midnight, midnight + 5, &japan), [(today, 5)]);
        assert_eq!(split(midnight, midnight, &japan), []);
        assert_eq!(split(midnight, midnight - 5, &japan), []);
        let two_days = split(midnight - 1, midnight + 24 * 3600 + 1, &japan);
        assert_eq!(two_days, [(today - 1, 1), (today, 24 * 3600), (today + 1, 1)]);
        // The day on which the clocks were put back has an hour more.
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let (begin, end) = (at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"));
        assert_eq!(split(begin, end, &berlin), [(day_of(begin, &berlin), 25 * 3600)]);
    }

    #[test]
    fn a_clock_that_jumps_by_years_costs_no_time() {
        assert_eq!(split(0, at("2026-11-27T00:00:00Z"), &TimeZone::UTC).len(), 7);
    }
}
