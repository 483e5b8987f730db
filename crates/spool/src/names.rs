//! Mailbox names for people, and what a mailbox is for, judged by its name.

use serde::{Deserialize, Serialize};

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

use crate::{MailboxEntry, mutf7};

/// What a mailbox is for (RFC 6154 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SpecialUse {
    /// Where new mail arrives.
    Inbox,
    /// Unfinished messages.
    Drafts,
    /// Sent messages.
    Sent,
    /// Kept messages.
    Archive,
    /// Unwanted messages.
    Junk,
    /// Deleted messages.
    Trash,
}

/// Names mail programs use, the commonest first. Compared in NFC and lower case, at the top level only.
const NAMES: [(SpecialUse, &[&str]); 5] = [
    (
        SpecialUse::Drafts,
        &["drafts", "draft", "下書き", "下書", "草稿", "draft messages"],
    ),
    (
        SpecialUse::Sent,
        &[
            "sent",
            "sent messages",
            "sent items",
            "sent-mail",
            "sent mail",
            "送信済み",
            "送信済",
            "送信済みメール",
            "送信済みアイテム",
            "送信トレイ",
            "送信箱",
        ],
    ),
    (
        SpecialUse::Archive,
        &["archive", "archives", "all mail", "アーカイブ", "保管", "保存"],
    ),
    (
        SpecialUse::Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk mail",
            "迷惑メール",
            "迷惑メイル",
            "スパム",
        ],
    ),
    (
        SpecialUse::Trash,
        &[
            "trash",
            "deleted messages",
            "deleted items",
            "deleted",
            "ゴミ箱",
            "ごみ箱",
            "削除済み",
            "削除済みアイテム",
            "削除済みメール",
        ],
    ),
];

/// One level of a name: UTF-8 if it holds anything beyond ASCII, else modified UTF-7, else with escapes. NFC.
/// The second value says that the bytes were neither, or held control characters.
pub(crate) fn display(bytes: &[u8]) -> (String, bool) {
    let decoded = if bytes.is_ascii() {
        mutf7::decode(bytes).ok()
    } else {
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    };
    match decoded {
        Some(text) => {
            let text: String = text.nfc().collect();
            let shown = printable(&text);
            let odd = shown != text;
            (shown, odd)
        }
        None => {
            let mut shown = String::new();
            for chunk in bytes.utf8_chunks() {
                shown.push_str(&printable(chunk.valid()));
                for byte in chunk.invalid() {
                    let _ = write!(shown, "\\x{byte:02x}");
                }
            }
            (shown, true)
        }
    }
}

/// Escapes what could break or reorder a line: controls and the bidirectional formatting characters.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Gives each use to the one mailbox whose name is commonest for it; names that the `site` uses come first.
pub(crate) fn assign_special_use(mailboxes: &mut [MailboxEntry], site: &[(SpecialUse, String)]) {
    for mailbox in mailboxes.iter_mut().filter(|m| m.path.is_inbox()) {
        mailbox.special_use = Some(SpecialUse::Inbox);
    }
    let folded = |name: &str| name.nfc().collect::<String>().to_lowercase();
    for (special_use, names) in NAMES {
        let own = site.iter().filter(|(of, _)| *of == special_use);
        let own: Vec<String> = own.map(|(_, name)| folded(name)).collect();
        let rank_of = |name: &str, full: &str| {
            let own_rank = own.iter().position(|own| own == name || own == full);
            own_rank.or_else(|| Some(own.len() + names.iter().position(|common| **common == *name)?))
        };
        let best = mailboxes
            .iter_mut()
            .filter(|m| m.special_use.is_none())
            .filter_map(|m| {
                let name = top_level(&m.segments).map(folded).unwrap_or_default();
                let rank = rank_of(&name, &folded(&m.segments.join("/")))?;
                Some((m.defect.is_some(), rank, m))
            })
            .min_by_key(|(defect, rank, _)| (*defect, *rank));
        if let Some((_, _, mailbox)) = best {
            mailbox.special_use = Some(special_use);
        }
    }
}

/// The only segment, not counting a leading INBOX as Courier and Cyrus write it.
fn top_level(segments: &[String]) -> Option<&str> {
    match segments {
        [name] => Some(name),
        [inbox, name] if inbox.eq_ignore_ascii_case("inbox") => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MailboxPath;

    fn mailbox(segments: &[&str]) -> MailboxEntry {
        MailboxEntry {
            path: MailboxPath::from_bytes(format!(".{}", segments.join("."))),
            segments: segments.iter().map(|s| (*s).to_owned()).collect(),
            special_use: None,
            subscribed: None,
            defect: None,
        }
    }

    #[test]
    fn names_fall_back_from_utf8_to_mutf7_to_escapes() {
        assert_eq!(display("会議".as_bytes()), ("会議".into(), false));
        assert_eq!(display(b"&kAFP4W4IMH8-"), ("送信済み".into(), false));
        assert_eq!(display(b"R&D"), ("R&D".into(), true));
        assert_eq!(display(b"a\xffb"), ("a\\xffb".into(), true));
        assert_eq!(display("か\u{3099}".as_bytes()).0, "が");
        assert_eq!(display("a\u{202e}b\n".as_bytes()), ("a\\u{202e}b\\u{a}".into(), true));
    }

    #[test]
    fn each_use_goes_to_one_mailbox() {
        let mut list = ["Sent Messages", "送信済み", "sent", "ごみ箱", "下書き", "迷惑メール"].map(|n| mailbox(&[n]));
        assign_special_use(&mut list, &[]);
        let uses = list.map(|m| m.special_use);
        assert_eq!(
            uses,
            [
                None,
                None,
                Some(SpecialUse::Sent),
                Some(SpecialUse::Trash),
                Some(SpecialUse::Drafts),
                Some(SpecialUse::Junk)
            ]
        );
        let mut nested = [mailbox(&["INBOX", "Sent"]), mailbox(&["Work", "Trash"])];
        assign_special_use(&mut nested, &[]);
        assert_eq!(nested.map(|m| m.special_use), [Some(SpecialUse::Sent), None]);
    }

    #[test]
    fn what_the_site_says_comes_first() {
        let site = [
            (SpecialUse::Sent, "送信控え".to_owned()),
            (SpecialUse::Trash, "Work/Bin".to_owned()),
        ];
        let mut list = [
            mailbox(&["Sent"]),
            mailbox(&["送信控え"]),
            mailbox(&["Work", "Bin"]),
            mailbox(&["Trash"]),
        ];
        assign_special_use(&mut list, &site);
        let uses = list.map(|m| m.special_use);
        assert_eq!(uses, [None, Some(SpecialUse::Sent), Some(SpecialUse::Trash), None]);
        let mut without = [mailbox(&["Sent"])];
        assign_special_use(&mut without, &site);
        assert_eq!(
            without.map(|m| m.special_use),
            [Some(SpecialUse::Sent)],
            "else as everywhere"
        );
    }
}
