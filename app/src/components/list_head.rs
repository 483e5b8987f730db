use crate::{live, pages::Mail, paths, prefs::use_words, words::count};
use api_types::{ListQuery, MessageList, Sort};
use leptos::prelude::*;

/// Name, counts, order and filter.
#[component]
pub fn ListHead(list: MessageList) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let name = words.mailbox(&list.mailbox);
    let id = list.mailbox.id.clone();
    let ListQuery { sort, unread, .. } = list.query;
    let orders = Sort::ALL
        .map(|order| {
            let href = paths::mailbox(
                &id,
                &ListQuery {
                    page: 1,
                    sort: order,
                    unread,
                },
            );
            view! {
                <li>
                    <a href=href aria-current=(order == sort).then_some("true")>
                        {words.sort(order)}
                    </a>
                </li>
            }
        })
        .into_iter()
        .collect_view();
    let filter = paths::mailbox(
        &id,
        &ListQuery {
            page: 1,
            sort,
            unread: !unread,
        },
    );
    // One h1 for each page: the subject's while a letter is open.
    let heading = move || {
        if mail.reading() {
            view! { <h2>{name.clone()}</h2> }.into_any()
        } else {
            view! {
                <h1 tabindex="-1" id=live::MAILBOX>
                    {name.clone()}
                </h1>
            }
            .into_any()
        }
    };
    let total = count(list.total);
    let counts = move || (words.list.counts)(&count(mail.marks.unread_in(&list)), &total);
    view! {
        <div class="list-head">
            <div class="list-name">
                {heading} <span class="counts">{counts}</span>
            </div>
            <a class="filter" href=filter aria-current=unread.then_some("true")>
                {if unread { words.list.all } else { words.list.only_unread }}
            </a>
            <details class="menu sort">
                <summary aria-label=(words.list.sort_menu)(words.sort(sort))>{words.sort(sort)}</summary>
                <ul class="menu-body">{orders}</ul>
            </details>
        </div>
    }
    .into_any()
}
