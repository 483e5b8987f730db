use super::{Glyph, Icon};
use crate::{pages::Mail, paths, prefs::use_words, words::count};
use api_types::{ListQuery, MailboxLine, Role};
use leptos::prelude::*;

/// The mailboxes. A popover, so that it is a drawer on narrow screens without scripting; wide screens show it always.
#[component]
pub fn RailDrawer() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let lines = move || {
        Suspend::new(async move {
            let rail = mail.rail.await.ok()?;
            let (plain, special): (Vec<_>, Vec<_>) = rail
                .mailboxes
                .into_iter()
                .partition(|line| line.mailbox.role == Role::Plain);
            let more = (!plain.is_empty()).then(|| {
                view! {
                    <p class="rail-head" id="more-mailboxes">{words.frame.more_mailboxes}</p>
                    <ul aria-labelledby="more-mailboxes">{plain.into_iter().map(Line).collect_view()}</ul>
                }
            });
            Some(view! {
                <ul>{special.into_iter().map(Line).collect_view()}</ul>
                {more}
            })
        })
    };
    view! {
        <nav id="rail" class="rail" popover="auto" aria-label=words.frame.rail>
            <Transition>{lines}</Transition>
        </nav>
    }
    .into_any()
}

#[expect(non_snake_case, reason = "one line of the rail, used as a function over the list")]
fn Line(line: MailboxLine) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let MailboxLine {
        mailbox,
        depth,
        path,
        unread,
        trouble,
        ..
    } = line;
    let name = words.mailbox(&mailbox);
    let href = paths::mailbox(&mailbox.id, &ListQuery::default());
    let id = mailbox.id.clone();
    let current = move || {
        mail.place
            .with(|place| (place.mailbox() == Some(&id)).then_some("page"))
    };
    let shown_unread = move || {
        let unread = mail.marks.unread_left(&mailbox.id, unread);
        (unread > 0).then(|| {
            view! {
                <b aria-hidden="true">{count(unread)}</b>
                <span class="vh">{(words.frame.unread_in_rail)(&count(unread))}</span>
            }
        })
    };
    let trouble = trouble.map(|cause| {
        view! { <span class="warn" title=words.cause(cause).title>"!"<span class="vh">{words.frame.unreadable}</span></span> }
    });
    view! {
        <li class="mailbox" data-depth=depth.min(6).to_string()>
            <a href=href aria-current=current title=path>
                <Icon glyph=Glyph::of(mailbox.role) />
                <span class="name">{name}</span>
                {trouble}
                {shown_unread}
            </a>
        </li>
    }
}
