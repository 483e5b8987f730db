//! `/status`: how the services are, for people, whoever they are and whatever is down. Made here from memory and without scripting: it
//! needs no session, no database, no spool, and no more of the browser than a style sheet.

use super::{
    error::escape,
    sheet::{self, Sheet},
};
use crate::{
    middleware::viewer,
    state::AppState,
    status::{Board, Day, IncidentView, Phase, Service},
    words::PageWords,
};
use app::{prefs::Lang, wording::Dates, words::Words};
use axum::{extract::State, http::HeaderMap, response::Response};
use mailroom::{Clock, Wording};
use probe::State as How;
use std::{fmt::Write, time::Duration};

/// Sends the page.
pub async fn get(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let now = app.clock().now();
    let prefs = viewer::prefs(&headers, app.settings());
    let words = prefs.lang.words();
    let dates = Dates::new(&prefs, now);
    let board = app.status().snapshot(now);
    let page = Page {
        words,
        lang: prefs.lang,
        dates,
    };
    let sheet = Sheet {
        title: words.status.title,
        head: "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/status.rss\">",
        onward: ("/", words.status.open_mail),
        kind: "status",
        main: &page.body(&board),
        says_what_goes_on: true,
    };
    sheet::send(&app, &prefs, &sheet)
}

/// The words of a page about services, for one person.
pub(super) struct Page {
    pub(super) words: &'static Words,
    pub(super) lang: Lang,
    pub(super) dates: Dates,
}

impl Page {
    fn body(&self, board: &Board) -> String {
        let w = &self.words.status;
        let (worst, title, text) = self.headline(board);
        let services: String = board.services.iter().map(|service| self.service(service)).collect();
        let open = board
            .incidents
            .list
            .iter()
            .filter(|incident| incident.phase != Phase::Closed);
        let closed = board
            .incidents
            .list
            .iter()
            .filter(|incident| incident.phase == Phase::Closed);
        let mut news: String = open.chain(closed).map(|incident| self.incident(incident)).collect();
        if news.is_empty() {
            let _ = write!(news, "<p class=\"small\">{}</p>", w.no_news);
        }
        if board.incidents.old {
            let told = match board.incidents.as_of {
                Some(at) => (w.feed_old)(&self.dates.moment(at).full),
                None => w.feed_nothing.to_owned(),
            };
            let _ = write!(news, "<p class=\"note\" role=\"status\">{}</p>", escape(&told));
        }
        format!(
            "<h1 class=\"at-a-glance\">{title_of_page}</h1>\
             <section class=\"card glance\"><span class=\"dot {worst}\" aria-hidden=\"true\"></span><div><h2>{title}</h2><p>{text}</p></div></section>\
             <p class=\"aside\"><a href=\"{help}\">{timeout}</a></p>\
             <section class=\"card services\"><div class=\"legend\"><span>{days}</span><span>{figures}</span></div><ul>{services}</ul></section>\
             <h2>{news_title}</h2>{news}",
            help = app::paths::client_timeout(),
            timeout = w.client_timeout,
            title_of_page = w.title,
            worst = class(worst),
            title = escape(&title),
            days = w.days,
            figures = w.figures,
            news_title = w.news,
        )
    }

    /// The worst of what is wrong, in one sentence, and what it means for people here.
    fn headline(&self, board: &Board) -> (How, String, &'static str) {
        let w = &self.words.status;
        let of = |how: How| {
            let names: Vec<String> = board
                .services
                .iter()
                .filter(|service| service.state == how)
                .map(|service| self.words.service(&service.name))
                .collect();
            names.join(w.and)
        };
        let fails = |name: &str| {
            board
                .services
                .iter()
                .any(|service| service.name == name && service.state == How::Failing)
        };
        let (failing, slow) = (of(How::Failing), of(How::Slow));
        let text = if fails("spool") {
            w.reads_copies
        } else if fails("state") || fails("portal") {
            w.no_sign_in
        } else if failing.is_empty() && slow.is_empty() {
            ""
        } else {
            w.reads_on
        };
        if !failing.is_empty() {
            (How::Failing, (w.is_failing)(&failing), text)
        } else if !slow.is_empty() {
            (How::Slow, (w.is_slow)(&slow), text)
        } else if board.services.iter().all(|service| service.state == How::Unknown) {
            (How::Unknown, w.not_known.to_owned(), text)
        } else {
            (How::Answering, w.all_well.to_owned(), text)
        }
    }

    fn service(&self, service: &Service) -> String {
        let w = &self.words.status;
        let figures = match (service.p50, service.p99) {
            (Some(half), Some(most)) => format!("{} / {}", short(half), short(most)),
            _ => String::new(),
        };
        let since = match (service.state, service.since) {
            (How::Failing, Some(at)) => format!(
                " <span class=\"small\">{}</span>",
                escape(&(w.since)(&since(&self.dates, at)))
            ),
            _ => String::new(),
        };
        let strip: String = service.strip.iter().map(|day| self.day(day)).collect();
        format!(
            "<li><div class=\"service\"><span class=\"dot {class}\" aria-hidden=\"true\"></span><strong>{name}</strong> <span class=\"how\">{how}</span>{since}\
             <span class=\"grow\"></span><span class=\"figures\">{figures}</span></div><div class=\"strip\" role=\"img\" aria-label=\"{about}\">{strip}</div></li>",
            class = class(service.state),
            name = escape(&self.words.service(&service.name)),
            how = self.how(service.state),
            about = escape(&self.about(service)),
        )
    }

    /// What the strip shows, for who does not see it.
    fn about(&self, service: &Service) -> String {
        let bad = |how: How| service.strip.iter().filter(|day| day.worst() == how).count();
        (self.words.status.strip)(&bad(How::Failing).to_string(), &bad(How::Slow).to_string())
    }

    fn day(&self, day: &Day) -> String {
        let worst = day.worst();
        format!(
            "<i class=\"{}\" title=\"{} {}\"></i>",
            class(worst),
            day.date,
            self.how(worst)
        )
    }

    pub(super) fn how(&self, state: How) -> &'static str {
        let w = &self.words.status;
        match state {
            How::Unknown => w.unknown,
            How::Answering => w.answering,
            How::Slow => w.slow,
            How::Failing => w.failing,
        }
    }

    pub(super) fn incident(&self, incident: &IncidentView) -> String {
        let w = &self.words.status;
        let services: Vec<String> = incident.affects.iter().map(|name| self.words.service(name)).collect();
        let phase = match incident.phase {
            Phase::Planned => w.planned,
            Phase::Open => w.open,
            Phase::Closed => w.closed,
        };
        let heading = (w.heading)(self.words.severity(incident.severity.word()), &services.join(w.and));
        let full = |at: i64| self.dates.moment(at).full;
        let when = match (incident.from, incident.until) {
            (Some(from), until) => (w.when)(&full(from), &until.map(full).unwrap_or_default()),
            // Of what is over, it has come true or it has not.
            (None, Some(until)) if incident.phase != Phase::Closed => (PageWords::of(self.lang).expected)(&full(until)),
            (None, _) => String::new(),
        };
        let when = match when.is_empty() {
            true => when,
            false => format!("<p>{}</p>", escape(&when)),
        };
        let told = incident.updates.iter().rev().map(|told| {
            let text = if self.lang == Lang::Ja { &told.ja } else { &told.en };
            let at = self.dates.moment(told.at);
            format!(
                "<p class=\"told\"><time datetime=\"{}\" title=\"{}\">{}</time> {}</p>",
                at.rfc3339,
                escape(&at.full),
                escape(&at.short),
                escape(text)
            )
        });
        format!(
            "<article class=\"card incident\"><p class=\"small\">{phase}</p><h3>{}</h3>{}{}</article>",
            escape(&heading),
            when,
            told.collect::<String>(),
        )
    }
}

/// The time of a moment of today, else the whole.
pub(crate) fn since(dates: &Dates, at: i64) -> String {
    match dates.day(at) {
        api_types::Day::Today => dates.moment(at).short,
        _ => dates.moment(at).full,
    }
}

pub(super) fn class(state: How) -> &'static str {
    match state {
        How::Unknown => "unknown",
        How::Answering => "good",
        How::Slow => "slow",
        How::Failing => "failing",
    }
}

/// `4 ms`, `3.8 s`, `27 s`.
pub(super) fn short(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1_000 => format!("{ms} ms"),
        ms @ 1_000..10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms => format!("{} s", ms / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let of = |ms| short(Duration::from_millis(ms));
        assert_eq!(
            [of(4), of(999), of(3_800), of(27_400)],
            ["4 ms", "999 ms", "3.8 s", "27 s"]
        );
    }
}
