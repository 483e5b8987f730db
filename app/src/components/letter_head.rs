use super::account_menu::initial;
use crate::{live, prefs::use_words, words::size};
use api_types::{Message, Person};
use leptos::prelude::*;

/// Subject, sender with the real address, recipients, date; every header when asked for.
#[component]
pub fn LetterHead(message: Message) -> impl IntoView {
    let words = use_words();
    let w = &words.letter;
    let subject = if message.subject.trim().is_empty() {
        words.list.no_subject.to_owned()
    } else {
        message.subject.clone()
    };
    let first = message.from.first();
    let sign = first.map(|person| {
        initial(if person.name.is_empty() {
            &person.address
        } else {
            &person.name
        })
    });
    let from = if message.from.is_empty() {
        view! { <dd>{words.list.no_sender}</dd> }.into_any()
    } else {
        view! { <dd class="from">{people(&message.from)}</dd> }.into_any()
    };
    let field = |name: &'static str, people_in: &[Person]| {
        (!people_in.is_empty()).then(|| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{people(people_in)}</dd>
                </div>
            }
        })
    };
    let charset = message.charset.clone().map(|charset| {
        view! {
            <div>
                <dt>{w.charset}</dt>
                <dd>{charset}</dd>
            </div>
        }
    });
    let opened_here = message
        .opened_here
        .then(|| view! { <p class="small opened-here">{w.opened_here}</p> });
    let all = (!message.headers.is_empty()).then(|| {
        let fields = message
            .headers
            .iter()
            .map(|(name, value)| {
                view! {
                    <div>
                        <dt>{name.clone()}</dt>
                        <dd>{value.clone()}</dd>
                    </div>
                }
            })
            .collect_view();
        view! {
            <section class="all-headers" aria-label=w.headers>
                <dl>{fields}</dl>
            </section>
        }
    });
    let sender: Vec<Person> = message.sender.iter().cloned().collect();
    view! {
        <h1 tabindex="-1" id=live::SUBJECT>
            {subject}
        </h1>
        <div class="who">
            <span class="avatar" aria-hidden="true">
                {sign}
            </span>
            <dl class="headers">
                <div class="first">
                    <dt>{w.from}</dt>
                    {from}
                </div>
                {field(w.sender, &sender)}
                {field(w.to, &message.to)}
                {field(w.cc, &message.cc)}
                {field(w.reply_to, &message.reply_to)}
                <div>
                    <dt>{w.date}</dt>
                    <dd>
                        <time datetime=message.date.rfc3339.clone()>{message.date.full.clone()}</time>
                    </dd>
                </div>
                <div class="minor">
                    <dt>{w.size}</dt>
                    <dd>{size(message.size)}</dd>
                </div>
                {charset}
            </dl>
        </div>
        {opened_here}
        {all}
    }
    .into_any()
}

fn people(people: &[Person]) -> impl IntoView + use<> {
    people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let name = (!person.name.is_empty()).then(|| view! { <bdi class="name">{person.name.clone()}</bdi> });
            let gap = (at > 0).then_some(", ");
            view! {
                {gap}
                <span class="person">{name} " " <bdi class="address">{person.address.clone()}</bdi></span>
            }
        })
        .collect_view()
}
