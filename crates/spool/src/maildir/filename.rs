//! A Maildir file name: base name and info. Names are bytes; nothing is parsed from them but what is named here.

/// A name taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileName<'a> {
    /// The lasting part, `,S=` and the like included, as Dovecot's uidlist has it.
    pub(crate) base: &'a [u8],
    /// Flag letters.
    pub(crate) letters: &'a [u8],
}

/// `base:2,FLAGS[,more]`. Some stores write `!` or `;` for the colon, but only before `2,`, as both may be in a base.
pub(crate) fn parse(name: &[u8]) -> FileName<'_> {
    let colon = name.iter().position(|b| *b == b':');
    let end = colon
        .or_else(|| name.windows(3).rposition(|w| matches!(w, b"!2," | b";2,")))
        .unwrap_or(name.len());
    let (base, info) = name.split_at_checked(end).unwrap_or((name, b""));
    let letters = info
        .get(1..)
        .and_then(|info| info.strip_prefix(b"2,"))
        .unwrap_or_default();
    FileName {
        base,
        letters: letters.split(|b| *b == b',').next().unwrap_or_default(),
    }
}

/// The size in bytes from `,S=`.
pub(crate) fn size(base: &[u8]) -> Option<u64> {
    field(base, b"S=")
}

/// mbsync's UID, from `,U=`.
pub(crate) fn uid(base: &[u8]) -> Option<u32> {
    u32::try_from(field(base, b"U=")?).ok().filter(|uid| *uid > 0)
}

/// The number in the first field of that name; the part before the first comma is none.
fn field(base: &[u8], name: &[u8]) -> Option<u64> {
    let (_, fields) = base.split_at_checked(base.iter().position(|b| *b == b',')?)?;
    number(
        fields
            .split(|b| *b == b',')
            .find_map(|field| field.strip_prefix(name))?,
    )
}

/// The leading seconds, if they can be a time of delivery (1990 to 2100): an ordering hint, nothing more.
pub(crate) fn delivered(base: &[u8]) -> Option<i64> {
    let digits = base.iter().position(|b| !b.is_ascii_digit()).unwrap_or(base.len());
    let seconds = i64::try_from(number(base.get(..digits)?)?).ok()?;
    (631_152_000..4_102_444_800).contains(&seconds).then_some(seconds)
}

/// Plain decimal digits, nothing else.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_come_apart() {
        for (name, base, letters) in [
            ("1700000000.M1P2.host", "1700000000.M1P2.host", ""),
            (
                "1700000000.M1P2.host,S=12,W=14:2,FS",
                "1700000000.M1P2.host,S=12,W=14",
                "FS",
            ),
            ("a:2,Sab,extra", "a", "Sab"),
            ("a!2,S", "a", "S"),
            ("a;2,", "a", ""),
            ("a;b!c", "a;b!c", ""),
            ("a:1,x", "a", ""),
            ("a:", "a", ""),
            (":2,S", "", "S"),
        ] {
            assert_eq!(
                parse(name.as_bytes()),
                FileName {
                    base: base.as_bytes(),
                    letters: letters.as_bytes()
                },
                "{name}"
            );
        }
    }

    #[test]
    fn sizes_and_times_are_hints_with_bounds() {
        assert_eq!(size(b"1.h,S=120,W=130"), Some(120));
        assert_eq!(size(b"1.h,W=130"), None);
        assert_eq!(size(b"1.h,S=12x"), None);
        assert_eq!(uid(b"1.h,U=12"), Some(12));
        assert_eq!(uid(b"1.h,U=0"), None);
        assert_eq!(delivered(b"1700000000.M1"), Some(1_700_000_000));
        assert_eq!(delivered(b"12.M1"), None);
        assert_eq!(delivered(b"msg.x"), None);
        assert_eq!(delivered(b"99999999999999999999999.x"), None);
    }

    proptest! {
        #[test]
        fn flags_never_change_the_base(base in "[^:/\0!;]{1,40}", letters in "[DFPRSTa-z]{0,9}", sep in "[:!;]") {
            let name = format!("{base}{sep}2,{letters}");
            let parsed = parse(name.as_bytes());
            prop_assert_eq!(parsed.base, base.as_bytes());
            prop_assert_eq!(parsed.letters, letters.as_bytes());
        }
    }
}
