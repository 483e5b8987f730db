//! Which key does what: the dialect of Gmail, as far as it works here.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Next,
    Previous,
    Open,
    Back,
    MarkUnread,
    Inbox,
    Sent,
    Drafts,
    Trash,
    Help,
    Search,
    /// The next key completes it.
    Go,
}

/// The key as the keyboard event names it; `after_go` when `g` was just typed.
pub(crate) fn act(key: &str, after_go: bool) -> Option<Act> {
    if after_go {
        let place = match key {
            "i" => Some(Act::Inbox),
            "s" => Some(Act::Sent),
            "d" => Some(Act::Drafts),
            "t" => Some(Act::Trash),
            _ => None,
        };
        if place.is_some() {
            return place;
        }
    }
    match key {
        "j" => Some(Act::Next),
        "k" => Some(Act::Previous),
        // Enter opens a row by itself, being a link.
        "o" => Some(Act::Open),
        "u" => Some(Act::Back),
        "U" => Some(Act::MarkUnread),
        "g" => Some(Act::Go),
        "?" => Some(Act::Help),
        "/" => Some(Act::Search),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(act("j", false), Some(Act::Next));
        assert_eq!(act("k", false), Some(Act::Previous));
        assert_eq!(act("u", false), Some(Act::Back));
        assert_eq!(act("U", false), Some(Act::MarkUnread));
        assert_eq!(act("?", false), Some(Act::Help));
        assert_eq!(act("/", false), Some(Act::Search));
        for inert in ["J", "Enter", "Process", "i", "s", "d", "t", "e", "#", "あ", " "] {
            assert_eq!(act(inert, false), None, "{inert}");
        }
    }

    #[test]
    fn after_g() {
        for (key, place) in [
            ("i", Act::Inbox),
            ("s", Act::Sent),
            ("d", Act::Drafts),
            ("t", Act::Trash),
        ] {
            assert_eq!(act(key, true), Some(place));
        }
        // Anything else means what it always means.
        assert_eq!(act("j", true), Some(Act::Next));
        assert_eq!(act("x", true), None);
    }
}
