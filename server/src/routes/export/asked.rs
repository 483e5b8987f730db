//! What a form, or a link, asks to be exported.

use api_types::{MailboxId, MessageId, Search};
use mailroom::{ExportOf, Wording};
use std::ops::Range;
use url::form_urlencoded;

/// In which form: one file for each message, or one for each mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Zip,
    Mbox,
}

/// See the module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) of: ExportOf,
    pub(super) form: Form,
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
}

/// Names of the fields.
pub(super) const FORMAT: &str = "format";
pub(super) const WITHIN: &str = "in";
pub(super) const PICK: &str = "pick";
pub(super) const SEARCH: &str = "q";
pub(super) const SINCE: &str = "since";
pub(super) const UNTIL: &str = "until";
/// Sent along by a form with boxes to tick: no box then means nothing, not everything.
pub(super) const TICKED: &str = "ticked";

impl Asked {
    /// Single messages win over a search, that over mailboxes, and nothing said means everything. `None` if it makes no sense.
    pub(super) fn read(query: &str) -> Option<Self> {
        let (mut mailboxes, mut picked) = (Vec::new(), Vec::new());
        let (mut search, mut form, mut since, mut until, mut ticked) = (None, Form::Mbox, None, None, false);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                WITHIN => mailboxes.push(MailboxId(value.into_owned())),
                PICK => {
                    let (mailbox, message) = value.split_once('/')?;
                    picked.push((MailboxId(mailbox.to_owned()), MessageId(message.to_owned())));
                }
                SEARCH => search = Some(value.into_owned()),
                FORMAT => {
                    form = match &*value {
                        "zip" => Form::Zip,
                        "mbox" | "" => Form::Mbox,
                        _ => return None,
                    }
                }
                SINCE => since = Some(value.into_owned()).filter(|day| !day.is_empty()),
                UNTIL => until = Some(value.into_owned()).filter(|day| !day.is_empty()),
                TICKED => ticked = true,
                _ => {}
            }
        }
        let of = match search {
            _ if !picked.is_empty() => ExportOf::Messages(picked),
            Some(text) => ExportOf::Found(Search {
                text,
                within: mailboxes.pop(),
            }),
            None if !mailboxes.is_empty() => ExportOf::Mailboxes(mailboxes),
            None if ticked => return None,
            None => ExportOf::Everything,
        };
        Some(Self { of, form, since, until })
    }

    /// The seconds of the days asked for, the last one included; `None` if there is no such day.
    pub(super) fn between(&self, dates: &dyn Wording) -> Option<Range<i64>> {
        let start = match &self.since {
            Some(day) => dates.span(day)?.start,
            None => i64::MIN,
        };
        let end = match &self.until {
            Some(day) => dates.span(day)?.end,
            None => i64::MAX,
        };
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Option<ExportOf> {
        Asked::read(query).map(|asked| asked.of)
    }

    #[test]
    fn what_a_form_says() {
        assert_eq!(of(""), Some(ExportOf::Everything));
        assert_eq!(of("ticked=1"), None, "no box is ticked");
        assert_eq!(
            of("ticked=1&in=a&in=b&since=&until="),
            Some(ExportOf::Mailboxes(vec!["a".into(), "b".into()]))
        );
        assert_eq!(
            of("in=a&pick=a/1&pick=b/2"),
            Some(ExportOf::Messages(vec![
                ("a".into(), "1".into()),
                ("b".into(), "2".into())
            ]))
        );
        let search = Search {
            text: "会議".into(),
            within: Some("a".into()),
        };
        assert_eq!(of("q=%E4%BC%9A%E8%AD%B0&in=a"), Some(ExportOf::Found(search)));
        assert_eq!(of("pick=nonsense"), None);
        assert_eq!(of("format=pst"), None);
        assert_eq!(Asked::read("format=zip").unwrap().form, Form::Zip);
    }
}
