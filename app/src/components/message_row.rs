use super::{Glyph, Icon};
use crate::{pages::Mail, paths, prefs::use_words};
use api_types::{LetterQuery, ListQuery, MailboxId, MessageRow};
use leptos::prelude::*;

/// One message in the list: one link.
#[component]
pub fn MessageRowView(
    row: MessageRow,
    mailbox: MailboxId,
    query: ListQuery,
    /// Heading of the day, at its first row.
    heading: Option<&'static str>,
) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let w = &words.list;
    let href = paths::letter(
        &mailbox,
        &row.id,
        &LetterQuery {
            list: query,
            ..LetterQuery::default()
        },
    );
    let current = {
        let id = row.id.clone();
        move || {
            mail.place
                .with(|place| (place.message() == Some(&id)).then_some("true"))
        }
    };
    let unread = {
        let id = row.id.clone();
        move || mail.marks.unread(&id, row.unread)
    };
    let unread_class = unread.clone();
    let from = if row.loading {
        w.loading.to_owned()
    } else if row.from.is_empty() {
        w.no_sender.to_owned()
    } else {
        row.from
    };
    let subject = if row.subject.is_empty() && !row.loading {
        w.no_subject.to_owned()
    } else {
        row.subject
    };
    let preview =
        (!row.preview.is_empty()).then(|| view! { <span class="preview">{[" — ", &row.preview].concat()}</span> });
    let star = row
        .flagged
        .then(|| view! { <span class="star" title=w.flagged>"★"<span class="vh">{w.flagged}</span></span> });
    let reply = row
        .answered
        .then(|| view! { <span class="reply" title=w.answered>"↩"<span class="vh">{w.answered}</span></span> });
    let clip = row.attachments.then(|| {
        view! {
            <span class="clip" title=w.attachments>
                <Icon glyph=Glyph::Clip />
                <span class="vh">{w.attachments}</span>
            </span>
        }
    });
    let anchor = paths::row_anchor(&row.id);
    view! {
        <li id=anchor data-day=heading class:unread=unread_class class:loading=row.loading>
            <a href=href data-id=row.id.0 aria-current=current>
                <span class="vh">{move || if unread() { w.unread } else { "" }}</span>
                <span class="from">{from}</span>
                <span class="marks">{star} {reply} {clip}</span>
                <time datetime=row.date.rfc3339 title=row.date.full>{row.date.short}</time>
                <span class="line">
                    <span class="subject">{subject}</span>
                    {preview}
                </span>
            </a>
        </li>
    }
}
