//! `/export`: which mailboxes, or which messages of one list, and in which form. A plain form, so it works without scripting and while
//! much else does not.

use super::{
    Words,
    asked::{FORMAT, SEARCH, SINCE, TICKED, UNTIL, WITHIN},
    rows::rows,
};
use crate::{
    middleware::{account::SignedIn, viewer},
    routes::{
        auth::transaction::parameter,
        error::{self, escape},
        sheet::{self, Sheet},
    },
    state::AppState,
};
use api_types::{Freshness, ListQuery, MailboxId, MessageList, PIECE, Rail, Search};
use app::{paths, wording::Dates, words::count};
use axum::{
    Extension,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use mailroom::{Clock, MailroomError, Reader};
use std::fmt::Write;

/// Messages of a list whose end is in sight.
const SHORT: usize = 10;

/// Sends the page.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let prefs = viewer::prefs(&headers, app.settings());
    let words = &Words::of(prefs.lang);
    let dates = Dates::new(&prefs, app.clock().now());
    let body = match app.mailroom().reader(&person.account) {
        Ok(reader) => body(&reader, query.as_deref().unwrap_or_default(), words, &dates).await,
        Err(error) => Err(error),
    };
    match body {
        Ok(main) => {
            let sheet = Sheet {
                title: words.own.heading,
                head: "",
                onward: (paths::home(), words.all.status.open_mail),
                kind: "take",
                main: &main,
                says_what_goes_on: false,
            };
            sheet::send(&app, &prefs, &sheet)
        }
        Err(error) => error::mailroom(&app, &headers, &error),
    }
}

async fn body(reader: &Reader, query: &str, words: &Words, dates: &Dates) -> Result<String, MailroomError> {
    let within = parameter(query, WITHIN).map(MailboxId);
    let from = parameter(query, "from").and_then(|from| from.parse().ok());
    let search = parameter(query, SEARCH);
    // A dated copy as a whole has no mailbox to name.
    if search.is_none() && within.as_ref().is_none_or(|within| within.in_snapshot().is_empty()) {
        let copy = within.as_ref().and_then(MailboxId::snapshot);
        return Ok(mailboxes(&reader.fresh_rail_of(copy, dates).await?, words));
    }
    let query = ListQuery {
        from: Some(from.unwrap_or(0)),
        search: search.map(|text| Search {
            text,
            within: within.clone(),
        }),
        ..ListQuery::default()
    };
    let list = match &within {
        Some(mailbox) if query.search.is_none() => reader.list(mailbox, &query, dates).await?,
        _ => reader.search(&query, dates).await?,
    };
    Ok(messages(&list, words))
}

/// Which mailboxes.
fn mailboxes(rail: &Rail, words: &Words) -> String {
    let w = words.own;
    let mut boxes = String::new();
    for line in &rail.mailboxes {
        // Below another it is found by all of its name.
        let name = match line.depth {
            0 => words.all.mailbox(&line.mailbox),
            _ => line.path.clone(),
        };
        let of = escape(&(w.choose_of)(&name));
        let name = escape(&name);
        let id = escape(line.mailbox.id.as_str());
        let unreadable = line
            .trouble
            .map(|cause| words.all.cause(cause).title)
            .unwrap_or_default();
        let _ = write!(
            boxes,
            "<li><label title=\"{path}\"><input type=\"checkbox\" name=\"{WITHIN}\" value=\"{id}\" checked> <span>{name}</span></label> \
             <small>{unreadable}</small><a href=\"{choose}\" aria-label=\"{of}\">{choose_word}</a></li>",
            path = escape(&line.path),
            choose = escape(&paths::export_of(&line.mailbox.id, &ListQuery::default())),
            choose_word = w.choose,
        );
    }
    let day = |name: &str, label: &str| {
        format!("<label>{label} <input type=\"date\" name=\"{name}\" min=\"1970-01-01\" max=\"9999-12-30\"></label>")
    };
    format!(
        "<h1>{title}</h1><p>{intro}</p>{age}<form class=\"card\" action=\"{action}\"><input type=\"hidden\" name=\"{TICKED}\" value=\"1\">\
         <fieldset><legend>{mailboxes}</legend><ul class=\"picks\">{boxes}</ul></fieldset>\
         <fieldset class=\"days\"><legend>{period}</legend>{since} {until}</fieldset>{end}</form>",
        title = w.heading,
        intro = w.intro,
        age = age(&rail.freshness, words),
        action = paths::export_file(),
        mailboxes = w.mailboxes,
        period = w.period,
        since = day(SINCE, w.since),
        until = day(UNTIL, w.until),
        end = end(words),
    )
}

/// Which messages.
fn messages(list: &MessageList, words: &Words) -> String {
    let w = words.own;
    let name = words.all.list_name(list);
    let mut hidden = String::new();
    let mut hide = |name: &str, value: &str| {
        let _ = write!(
            hidden,
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escape(value)
        );
    };
    match &list.query.search {
        Some(search) => {
            hide(SEARCH, &search.text);
            if let Some(within) = &search.within {
                hide(WITHIN, within.as_str());
            }
        }
        None => hide(WITHIN, list.mailbox.id.as_str()),
    }
    let total = u32::try_from(list.matching).unwrap_or(u32::MAX);
    let other = |from: u32, word: &str| {
        let base = paths::export_of(&list.mailbox.id, &list.query);
        format!("<a href=\"{}\">{word}</a>", escape(&format!("{base}&from={from}")))
    };
    let newer = (list.first > 0).then(|| other(list.first.saturating_sub(PIECE), w.newer));
    let next = list.first.saturating_add(PIECE);
    let older = (next < total).then(|| other(next, w.older));
    let pages = match (newer, older) {
        (None, None) => String::new(),
        (newer, older) => format!(
            "<p class=\"pages\">{} {} <small>{}</small></p>",
            newer.unwrap_or_default(),
            older.unwrap_or_default(),
            w.each_page
        ),
    };
    let trouble = list.trouble.map(|cause| words.all.cause(cause).title.to_owned());
    let behind = list.found.as_ref().and_then(|found| words.all.behind(found));
    let trouble = trouble
        .or(behind)
        .map(|told| format!("<p class=\"note\" role=\"status\">{}</p>", escape(&told)))
        .unwrap_or_default();
    format!(
        "<h1>{title}</h1><p>{hint}</p>{age}{trouble}<form class=\"card\" action=\"{action}\">{hidden}\
         {early}<fieldset><legend>{legend}</legend><ol class=\"picks\">{rows}</ol>{pages}</fieldset>{end}</form>\
         <p><a href=\"{all}\">{all_word}</a></p>",
        title = escape(&(w.heading_of)(&name)),
        hint = escape(&(w.hint)(&count(list.matching))),
        age = age(&list.freshness, words),
        action = paths::export_file(),
        // Below a long list nobody would find the other one.
        early = if list.rows.len() > SHORT {
            submit(words)
        } else {
            String::new()
        },
        legend = w.messages,
        rows = rows(list, words),
        end = end(words),
        all = escape(&all_of(list)),
        all_word = w.other_mailboxes,
    )
}

/// The mailboxes beside it: of the live mail, or of the same copy.
fn all_of(list: &MessageList) -> String {
    match list.mailbox.id.snapshot() {
        None => paths::export().to_owned(),
        Some(copy) => paths::export_of(&MailboxId::default().of_snapshot(copy), &ListQuery::default()),
    }
}

/// Where what is shown comes from, and as of when.
fn age(freshness: &Freshness, words: &Words) -> String {
    let when = freshness.as_of.as_ref().map(|moment| moment.full.as_str());
    let told = words.all.source(freshness.source, when);
    format!(
        "<p class=\"pill\" data-source=\"{}\"><span class=\"dot\" aria-hidden=\"true\"></span><span class=\"text\">{}</span></p>",
        freshness.source.as_str(),
        escape(&told)
    )
}

/// In which form, and the button.
fn end(words: &Words) -> String {
    let w = words.own;
    format!(
        "<fieldset class=\"forms\"><legend>{form}</legend>\
         <label><input type=\"radio\" name=\"{FORMAT}\" value=\"zip\" checked> <span>{zip}</span></label>\
         <label><input type=\"radio\" name=\"{FORMAT}\" value=\"mbox\"> <span>{mbox}</span></label></fieldset>\
         {submit}",
        form = w.form,
        zip = w.zip,
        mbox = w.mbox,
        submit = submit(words),
    )
}

fn submit(words: &Words) -> String {
    format!(
        "<button type=\"submit\" class=\"button primary\">{}</button>",
        words.own.submit
    )
}
