//! `dovecot-acl`: what a person may do with a mailbox. A line is an identifier, blanks, and rights as letters (RFC 4314 §2.1) with
//! further ones by name after a colon; `-` before the identifier takes rights away. More exact identifiers stand in place of less
//! exact ones. File permissions do not follow these lists, so whoever reads files must.

/// What of a mailbox may be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rights {
    /// `l`: it may be seen.
    pub(super) lookup: bool,
    /// `r`: its messages may be read.
    pub(super) read: bool,
}

pub(super) const ALL: Rights = Rights {
    lookup: true,
    read: true,
};
/// Nothing.
pub(super) const NONE: Rights = Rights {
    lookup: false,
    read: false,
};

/// The rights of the owner, whose account has this name. A list that cannot be understood gives none.
pub(super) fn of_owner(text: &[u8], account: Option<&str>) -> Rights {
    let mut lines = Vec::new();
    for line in text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii) {
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match line_of(line) {
            Some(line) => lines.push(line),
            None => return NONE,
        }
    }
    // Exactness, and at the same exactness what is given before what is taken.
    let mut concerned: Vec<(u8, bool, Rights)> = Vec::new();
    for (negative, who, rights) in lines {
        match means(who, account) {
            Means::Owner(exactness) => concerned.push((exactness, negative, rights)),
            Means::Group(exactness) if negative => concerned.push((exactness, negative, rights)),
            Means::Group(_) | Means::Other => {}
            Means::Unknown => return NONE,
        }
    }
    concerned.sort_by_key(|(exactness, negative, _)| (*exactness, *negative));
    // Of their own mailbox everybody has all, until it is said otherwise.
    concerned
        .into_iter()
        .fold(ALL, |have, (_, negative, rights)| match negative {
            false => rights,
            true => Rights {
                lookup: have.lookup && !rights.lookup,
                read: have.read && !rights.read,
            },
        })
}

/// `-user=tanaka lr`: negative, the identifier, the rights.
fn line_of(line: &[u8]) -> Option<(bool, &str, Rights)> {
    let line = std::str::from_utf8(line).ok()?;
    let (who, rights) = match line.strip_prefix('"') {
        // An identifier with blanks in it is quoted.
        Some(rest) => rest.split_once('"')?,
        None => line.split_once([' ', '\t']).unwrap_or((line, "")),
    };
    let letters = rights.trim().split(':').next().unwrap_or_default().trim();
    if !letters.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return None;
    }
    let (negative, who) = match who.strip_prefix('-') {
        Some(who) => (true, who),
        None => (false, who),
    };
    let rights = Rights {
        lookup: letters.contains('l'),
        read: letters.contains('r'),
    };
    (!who.is_empty()).then_some((negative, who, rights))
}

/// Whom an identifier means, and how exactly.
enum Means {
    /// The owner of the mailbox.
    Owner(u8),
    /// People of a group, which is not known here: what they are given nobody has, and what is taken from them is taken.
    Group(u8),
    /// Somebody else.
    Other,
    /// Nobody knows.
    Unknown,
}

fn means(who: &str, account: Option<&str>) -> Means {
    match (who, who.split_once('=')) {
        ("anyone" | "anonymous", _) => Means::Owner(0),
        ("authenticated", _) => Means::Owner(1),
        (_, Some(("group", _))) => Means::Group(2),
        ("owner", _) => Means::Owner(3),
        (_, Some(("user", name))) if Some(name) == account => Means::Owner(4),
        (_, Some(("user", _))) => Means::Other,
        (_, Some(("group-override", _))) => Means::Group(5),
        _ => Means::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(text: &str) -> (bool, bool) {
        let rights = of_owner(text.as_bytes(), Some("tanaka"));
        (rights.lookup, rights.read)
    }

    #[test]
    fn the_owner_has_all_until_it_is_said_otherwise() {
        for text in [
            "",
            "\n# nothing\n",
            "user=sato lr\n",
            "group=lab lr",
            "owner lrwstipekxa:post",
        ] {
            assert_eq!(rights(text), (true, true), "{text}");
        }
        assert_eq!(rights("owner l"), (true, false));
        assert_eq!(rights("owner"), (false, false));
        assert_eq!(
            rights("anyone l\nowner lr\n"),
            (true, true),
            "the more exact line counts"
        );
        assert_eq!(rights("owner lr\nanyone l\n"), (true, true), "wherever it stands");
    }

    #[test]
    fn rights_are_taken_away() {
        assert_eq!(rights("-user=tanaka r"), (true, false));
        assert_eq!(rights("user=tanaka lr\n-user=tanaka lr"), (false, false));
        assert_eq!(rights("-user=sato lr"), (true, true));
        assert_eq!(rights("-anyone lr\nowner lr"), (true, true));
        assert_eq!(rights("\"user=tanaka\" l"), (true, false));
        assert_eq!(rights("-group=lab r"), (true, false), "they may be of that group");
        assert_eq!(rights("owner lr\n-group-override=lab lr"), (false, false));
        assert_eq!(
            rights("-group=lab lr\nowner lr"),
            (true, true),
            "the more exact line counts"
        );
    }

    #[test]
    fn what_is_not_understood_denies() {
        for text in [
            "owner LR?",
            "owner lr\n- x",
            "owner l;r",
            "\"owner lr",
            "owner lr\nstranger lr",
        ] {
            assert_eq!(rights(text), (false, false), "{text}");
        }
        assert_eq!(of_owner(b"owner lr\n\xff lr", None), NONE);
    }
}
