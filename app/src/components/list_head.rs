use super::list_tools::ListTools;
use crate::{live, pages::Mail, prefs::use_words, words::count, written::written};
use api_types::MessageList;
use leptos::prelude::*;

/// Name and counts, and what chooses another part or order of the list.
#[component]
pub fn ListHead(list: MessageList) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let name = words.list_name(&list);
    let tools = ListTools::new(&list, words);
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
    let counts = move || match &list.found {
        Some(found) if found.more => (words.list.found_more)(&count(list.matching)),
        Some(_) => (words.list.found)(&count(list.matching)),
        None => (words.list.counts)(&count(mail.marks.unread_in(&list)), &count(list.total)),
    };
    view! {
        <div class="list-head">
            <div class="list-name">
                {heading} <span class="counts">{counts}</span>
            </div>
            {written(move |pen| tools.write(pen))}
        </div>
    }
    .into_any()
}
