//! The line between two messages: `From sender Www Mmm dd hh:mm:ss yyyy` (RFC 4155, appendix A), with the variants
//! programs write: a zone before or after the year, no seconds, words after the date, or the date of RFC 5322 §3.3.

/// Longer lines are text, not separators.
const LONGEST: usize = 1024;
const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// Seconds since 1970 if this whole line, its end included, is a separator. Without a zone the time is taken as UTC,
/// as RFC 4155 asks; programs that wrote local time are off by their zone.
pub(crate) fn parse(line: &[u8]) -> Option<i64> {
    if line.len() > LONGEST {
        return None;
    }
    let rest = line.strip_suffix(b"\n")?.strip_prefix(b"From ")?;
    let words: Vec<&[u8]> = rest
        .split(|b| b.is_ascii_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|at| {
        let words = words.get(at..)?;
        date(words).or_else(|| internet_date(words))
    })
}

/// `Www, dd Mmm yyyy hh:mm:ss +zzzz`, by way of the usual order.
fn internet_date(words: &[&[u8]]) -> Option<i64> {
    let [day_name, day, month, year, time, rest @ ..] = words else {
        return None;
    };
    let day_name = day_name.strip_suffix(b",")?;
    let zone = rest.first().copied().unwrap_or(b"+0000");
    date(&[day_name, month, day, time, year, zone])
}

fn date(words: &[&[u8]]) -> Option<i64> {
    let [day_name, month, day, time, rest @ ..] = words else {
        return None;
    };
    if !DAYS.contains(day_name) {
        return None;
    }
    let month = 1 + i64::try_from(MONTHS.iter().position(|name| name == month)?).ok()?;
    let day = digits(day, 1, 2).filter(|day| (1..=31).contains(day))?;
    let seconds = clock(time)?;
    let near = rest.get(..rest.len().min(3))?;
    let year = near
        .iter()
        .find_map(|word| digits(word, 4, 4).filter(|year| *year >= 1970))?;
    let zone = near.iter().find_map(|word| zone(word)).unwrap_or(0);
    Some(days(year, month, day) * 86_400 + seconds - zone)
}

/// `hh:mm:ss` or `hh:mm`; a leap second is allowed.
fn clock(word: &[u8]) -> Option<i64> {
    let mut parts = word.split(|b| *b == b':');
    let hour = digits(parts.next()?, 1, 2).filter(|hour| *hour < 24)?;
    let minute = digits(parts.next()?, 2, 2).filter(|minute| *minute < 60)?;
    let second = match parts.next() {
        Some(word) => digits(word, 2, 2).filter(|second| *second <= 60)?,
        None => 0,
    };
    parts.next().is_none().then_some(hour * 3600 + minute * 60 + second)
}

/// `+0900`, in seconds.
fn zone(word: &[u8]) -> Option<i64> {
    let (sign, number) = word.split_first()?;
    let value = digits(number, 4, 4)?;
    let seconds = (value / 100) * 3600 + (value % 100) * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn digits(word: &[u8], least: usize, most: usize) -> Option<i64> {
    let fits = (least..=most).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    fits.then(|| word.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn separators_programs_write() {
        for (line, seconds) in [
            ("From a@example.org Thu Jan  1 00:00:00 1970\n", 0),
            ("From a@example.org Sat Feb 29 12:34:56 2020\n", 1_582_979_696),
            ("From MAILER-DAEMON Sat Feb 29 12:34:56 2020\r\n", 1_582_979_696),
            ("From a Sat Feb 29 21:34:56 2020 +0900\n", 1_582_979_696),
            ("From a Sat Feb 29 21:34:56 +0900 2020\n", 1_582_979_696),
            ("From a Sat Feb 29 12:34 2020\n", 1_582_979_640),
            ("From a Sat Feb 29 12:34:56 GMT 2020 remote from host\n", 1_582_979_696),
            ("From \"a b\"@example.org Sat Feb 29 12:34:56 2020\n", 1_582_979_696),
            ("From a@example.org Sat, 29 Feb 2020 21:34:56 +0900\n", 1_582_979_696),
            ("From - Fri Nov 24 01:02:03 2023\n", 1_700_787_723),
        ] {
            assert_eq!(parse(line.as_bytes()), Some(seconds), "{line}");
        }
    }

    #[test]
    fn text_is_no_separator() {
        for line in [
            "From here on it rains\n",
            "From a@example.org Thu Jan  1 00:00:00 1970",
            ">From a Thu Jan  1 00:00:00 1970\n",
            "from a Thu Jan  1 00:00:00 1970\n",
            "From a Thu Jan 32 00:00:00 1970\n",
            "From a Thu Jan  1 24:00:00 1970\n",
            "From a Thu Jan  1 00:00:00 70\n",
            "From - \n",
            "From: a Thu Jan  1 00:00:00 1970\n",
        ] {
            assert_eq!(parse(line.as_bytes()), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_panics(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&[b"From ", &line[..], b"\n"].concat());
        }
    }
}
