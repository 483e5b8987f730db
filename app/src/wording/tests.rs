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
fn a_copy_is_told_by_day_and_time_or_by_the_day_alone() {
    for (lang, day, time) in [
        (Lang::Ja, "2026年11月24日 (火)", "2026年11月24日 (火) 9:12"),
        (Lang::En, "Tue 24 Nov 2026", "Tue 24 Nov 2026, 09:12"),
    ] {
        let said = |zone, day| {
            let of = dates(lang, zone).of_copy(NOW, day);
            [of.rfc3339, of.short, of.full]
        };
        // The day is the one in its name, wherever who reads it is.
        for zone in ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"] {
            assert_eq!(
                said(zone, Some(Date::constant(2026, 11, 24))),
                ["2026-11-24", "11/24", day]
            );
        }
        assert_eq!(
            said("Asia/Tokyo", None),
            ["2026-11-24T09:12:30+09:00", "11/24 9:12", time]
        );
    }
    let said = dates(Lang::En, "Asia/Tokyo").of_copy(NOW, Some(Date::constant(2025, 11, 24)));
    assert_eq!(said.short, "2025/11/24");
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

#[test]
fn a_moment_for_machines_is_what_the_formatter_makes_of_it() {
    const DAY: i64 = 24 * HOUR;
    // Negative, of half and quarter hours, with and without summer time, and with seconds before there were zones.
    for name in [
        "America/Los_Angeles",
        "America/St_Johns",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Asia/Tokyo",
        "UTC",
    ] {
        let dates = dates(Lang::Ja, name);
        let zone = TimeZone::get(name).unwrap();
        let moments = (-370..370).map(|day| NOW + day * DAY + day * 1117);
        // The years 0, 33 and 999, the 19th century, and the end of the calendar.
        let far = [
            -62_150_000_000,
            -61_100_000_000,
            -30_620_000_000,
            -3_000_000_000,
            253_402_200_000,
        ];
        for unix in moments.chain(far) {
            let zoned = Timestamp::from_second(unix).unwrap().to_zoned(zone.clone());
            let expected = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
            assert_eq!(dates.moment(unix).rfc3339, expected, "{unix} in {name}");
        }
    }
    let rfc3339 = |zone: &str, unix| dates(Lang::Ja, zone).moment(unix).rfc3339;
    assert_eq!(rfc3339("America/St_Johns", NOW), "2026-11-23T20:42:30-03:30");
    assert_eq!(rfc3339("Asia/Kolkata", NOW), "2026-11-24T05:42:30+05:30");
    assert_eq!(rfc3339("UTC", -61_100_000_000), "0033-10-26T01:46:40+00:00");
}

#[test]
fn days_with_a_name_begin_and_end_at_midnight() {
    for name in [
        "Asia/Tokyo",
        "America/Los_Angeles",
        "America/Havana",
        "Australia/Lord_Howe",
    ] {
        let zone = TimeZone::get(name).unwrap();
        // Through a year, so that days of 23, 24 and 25 hours are among them.
        for day in 0..366 {
            let now = NOW + day * 24 * HOUR;
            let dates = Dates::new(
                &Prefs {
                    zone: name.into(),
                    ..Prefs::default()
                },
                now,
            );
            let today = zone.to_datetime(timestamp(now)).date();
            for unix in (now - 50 * HOUR..now + 26 * HOUR).step_by(1800) {
                let date = zone.to_datetime(timestamp(unix)).date();
                let expected = if date == today {
                    Day::Today
                } else if date == today.yesterday().unwrap() {
                    Day::Yesterday
                } else {
                    Day::Earlier
                };
                assert_eq!(dates.day(unix), expected, "{unix} seen from {now} in {name}");
            }
        }
    }
}
