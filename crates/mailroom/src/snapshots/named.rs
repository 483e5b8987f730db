//! When a snapshot was made, by its name: a day, and mostly a time, between whatever else stands there. Directory times are not asked:
//! that of a copy is when it was copied, or changed since.

use jiff::{
    civil::{Date, Time},
    tz::{Offset, TimeZone},
};

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The day; names order by these two.
    pub(crate) date: Date,
    /// The time of day, if it is said.
    pub(crate) time: Option<Time>,
    /// Where the clock was, if that is said.
    offset: Option<Offset>,
}

impl Named {
    /// The first day in the name, and the time behind it.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let bytes = name.as_bytes();
        let starts = (0..bytes.len()).filter(|at| *at == 0 || !bytes[at - 1].is_ascii_digit());
        let (date, rest) = starts.filter_map(|at| date(&bytes[at..])).next()?;
        let (time, rest) = match clock(rest) {
            Some((time, rest)) => (Some(time), rest),
            None => (None, rest),
        };
        // Samba's names begin with it (`@GMT-2026.11.27-03.00.00`).
        let offset = match name.contains("GMT") || name.contains("UTC") {
            true => Some(Offset::UTC),
            false => time.and_then(|_| offset(rest)),
        };
        Some(Self { date, time, offset })
    }

    /// Seconds; of a day without a time, when it began. `zone` is where the names are made.
    pub(crate) fn seconds(&self, zone: &TimeZone) -> Option<i64> {
        let at = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        let zone = self.offset.map_or_else(|| zone.clone(), TimeZone::fixed);
        Some(at.to_zoned(zone).ok()?.timestamp().as_second())
    }
}

/// `2026-11-27`, with any one of the usual signs between the parts, or none.
fn date(bytes: &[u8]) -> Option<(Date, &[u8])> {
    let (year, rest) = number(bytes, 4)?;
    let (sign, rest) = sign(rest, b"-._");
    let (month, rest) = number(rest, 2)?;
    let rest = match sign {
        Some(sign) => rest.strip_prefix(&[sign])?,
        None => rest,
    };
    let (day, rest) = number(rest, 2)?;
    // Digits go on behind a day only where they are the time: `20261127030000`.
    if sign.is_some() && rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let date = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    (1970..2200).contains(&year).then_some((date, rest))
}

/// `0300`, `030000`, `03-00` or `03:00:01`, behind the day or a sign.
fn clock(bytes: &[u8]) -> Option<(Time, &[u8])> {
    let (before, rest) = sign(bytes, b"-._T t@");
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (hour, rest) = number(rest, 2)?;
    let (minute, second, rest) = match digits {
        4 => {
            let (minute, rest) = number(rest, 2)?;
            (minute, 0, rest)
        }
        6 => {
            let (minute, rest) = number(rest, 2)?;
            let (second, rest) = number(rest, 2)?;
            (minute, second, rest)
        }
        2 if before.is_some() => {
            let (Some(between), rest) = sign(rest, b"-._:h") else {
                return None;
            };
            let (minute, rest) = two(rest)?;
            match rest.strip_prefix(&[between]).and_then(two) {
                Some((second, rest)) => (minute, second, rest),
                None => (minute, 0, rest),
            }
        }
        _ => return None,
    };
    let part = |number: u32| i8::try_from(number).ok();
    let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some((time, rest))
}

/// `Z`, `+09:00`, `+0900`. A minus is a hyphen here.
fn offset(bytes: &[u8]) -> Option<Offset> {
    match bytes {
        [b'Z', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_alphanumeric) => Some(Offset::UTC),
        [b'+', rest @ ..] => {
            let (hours, rest) = number(rest, 2)?;
            let (minutes, _) = number(rest.strip_prefix(b":").unwrap_or(rest), 2)?;
            let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
            Offset::from_seconds(seconds).ok()
        }
        _ => None,
    }
}

/// Two digits, and no third.
fn two(bytes: &[u8]) -> Option<(u32, &[u8])> {
    number(bytes, 2).filter(|(_, rest)| !rest.first().is_some_and(u8::is_ascii_digit))
}

/// So many digits.
fn number(bytes: &[u8], digits: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(digits)?;
    let value = |value: u32, digit: &u8| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0'));
    Some((digits.iter().try_fold(0, value)?, rest))
}

fn sign<'a>(bytes: &'a [u8], signs: &[u8]) -> (Option<u8>, &'a [u8]) {
    match bytes {
        [first, rest @ ..] if signs.contains(first) => (Some(*first), rest),
        _ => (None, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it is in Tokyo, or where the name says.
    fn read(name: &str) -> Option<(String, bool)> {
        let named = Named::of(name)?;
        let seconds = named.seconds(&TimeZone::get("Asia/Tokyo").unwrap()).unwrap();
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        Some((at.to_string(), named.time.is_some()))
    }

    #[test]
    fn the_common_forms() {
        let three = "2026-11-26T18:00:00Z";
        for (name, at) in [
            ("2026-11-27_0300", three),
            ("2026-11-27-0300", three),
            ("20261127-0300", three),
            ("20261127.0300", three),
            ("202611270300", three),
            ("20261127030000", three),
            ("auto-2026-11-27_03-00", three),
            ("auto-20261127.0300-2w", three),
            ("zfs-auto-snap_daily-2026-11-27-0300", three),
            ("daily.2026-11-27_0300", three),
            ("2026-11-27T03:00:00", three),
            ("2026_11_27_03_00", three),
            ("2026-11-27 03:00", three),
            ("2026-11-27T03:00:00+09:00", three),
            ("20261126T180000Z", three),
            ("2026-11-27T04:00:00+1000", three),
            ("autosnap_2026-11-27_03:00:01_daily", "2026-11-26T18:00:01Z"),
            ("GMT-2026.11.27-03.00.00", "2026-11-27T03:00:00Z"),
            ("@GMT-2026.11.27-03.00.00", "2026-11-27T03:00:00Z"),
            ("2026-11-27_0300_UTC", "2026-11-27T03:00:00Z"),
        ] {
            assert_eq!(read(name), Some((at.to_owned(), true)), "{name}");
        }
    }

    #[test]
    fn a_day_alone_is_a_day() {
        for name in [
            "2026-11-27",
            "20261127",
            "backup-2026.11.27",
            "2026-11-27-2",
            "2026-11-27_01",
            "2026-11-27_9900",
            "2026-11-27.tar",
            "weekly_2026-11-27-full",
        ] {
            assert_eq!(read(name), Some(("2026-11-26T15:00:00Z".to_owned(), false)), "{name}");
        }
    }

    #[test]
    fn what_says_nothing_is_not_guessed_at() {
        for name in [
            "",
            "daily.0",
            "latest",
            "42",
            "2026-13-01",
            "2026-02-30",
            "2026-11",
            "12345678",
            "120261127",
            "2026-1-27",
            "1795479150",
            "0026-11-27",
            "会議",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
