//! `/status.rss`: what was told of incidents, for feed readers (RSS 2.0), in both languages. Each update is an item of its own: a reader
//! tells nobody that an item has changed.

use crate::{
    state::AppState,
    status::{Board, IncidentView, Phase, Told},
};
use app::{prefs::Lang, words};
use axum::{extract::State, http::header::CONTENT_TYPE, response::IntoResponse};
use jiff::{Timestamp, fmt::rfc2822, tz::TimeZone};
use mailroom::Clock;

/// Items; readers keep what they have seen.
const MOST: usize = 50;

/// From memory: nothing of it waits for the database.
pub async fn get(State(app): State<AppState>) -> impl IntoResponse {
    let board = app.status().snapshot(app.clock().now());
    let ui = &app.settings().ui;
    let feed = Feed {
        origin: app.settings().origin(),
        sites: [&ui.site_name_ja, &ui.site_name_en],
        zone: TimeZone::get(&ui.default_timezone).unwrap_or(TimeZone::UTC),
    };
    (
        [(CONTENT_TYPE, "application/rss+xml; charset=utf-8")],
        feed.write(&board),
    )
}

struct Feed<'a> {
    origin: &'a str,
    /// In the order of [`Lang::ALL`], as everything here that is in both languages.
    sites: [&'a str; 2],
    zone: TimeZone,
}

impl Feed<'_> {
    fn write(&self, board: &Board) -> String {
        let mut items: Vec<(i64, String)> = Vec::new();
        for incident in &board.incidents.list {
            for (place, told) in incident.updates.iter().enumerate() {
                items.push((told.at, self.item(incident, place, told)));
            }
        }
        // The last told first; of one second, as they were told.
        items.reverse();
        items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        items.truncate(MOST);
        let items: String = items.into_iter().map(|(_, item)| item).collect();
        let title = both(" / ", |lang, place| (words::of(lang).status.feed)(self.sites[place]));
        let about = both("\n", |lang, _| {
            let words = &words::of(lang).status;
            match (board.incidents.old, board.incidents.as_of) {
                (false, _) => words.feed_about.to_owned(),
                (true, Some(at)) => (words.feed_old)(&self.clock(at)),
                (true, None) => words.feed_nothing.to_owned(),
            }
        });
        let link = escaped(&format!("{}/status", self.origin));
        let own = escaped(&format!("{}/status.rss", self.origin));
        let built = date(board.incidents.as_of.unwrap_or(board.at));
        let (title, about) = (escaped(&title), escaped(&about));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n\
             <title>{title}</title>\n<link>{link}</link>\n<description>{about}</description>\n<lastBuildDate>{built}</lastBuildDate>\n\
             <atom:link href=\"{own}\" rel=\"self\" type=\"application/rss+xml\"/>\n{items}</channel>\n</rss>\n"
        )
    }

    fn item(&self, incident: &IncidentView, place: usize, told: &Told) -> String {
        let is_last = place + 1 == incident.updates.len();
        let title = both(" / ", |lang, _| heading(incident, is_last, lang));
        let text = both("\n\n", |lang, place| {
            let text = [&told.ja, &told.en][place];
            match incident.from {
                Some(from) => {
                    let until = incident.until.map(|until| self.clock(until)).unwrap_or_default();
                    let when = (words::of(lang).status.when)(&self.clock(from), &until);
                    format!("{when}\n{text}")
                }
                None => text.clone(),
            }
        });
        let (title, text) = (escaped(&title), escaped(&html(&text)));
        let link = escaped(&format!("{}/status", self.origin));
        let id = escaped(&incident.id);
        format!(
            "<item>\n<title>{title}</title>\n<link>{link}</link>\n<guid isPermaLink=\"false\">urn:fumibako:incident:{id}:{place}</guid>\n\
             <pubDate>{}</pubDate>\n<description>{text}</description>\n</item>\n",
            date(told.at)
        )
    }

    /// As the clocks of the site show it.
    fn clock(&self, at: i64) -> String {
        let at = Timestamp::from_second(at)
            .unwrap_or_default()
            .to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%d %H:%M %Z").to_string()
    }
}

/// What is said in each language, one after the other.
fn both(between: &str, say: impl Fn(Lang, usize) -> String) -> String {
    let said: Vec<String> = [Lang::Ja, Lang::En]
        .into_iter()
        .enumerate()
        .map(|(place, lang)| say(lang, place))
        .collect();
    said.join(between)
}

fn heading(incident: &IncidentView, is_last: bool, lang: Lang) -> String {
    let words = words::of(lang);
    let kind = match (incident.phase, is_last) {
        (Phase::Closed, true) => words.status.closed,
        (Phase::Planned, _) => words.status.planned,
        _ => words.severity(incident.severity.word()),
    };
    let services: Vec<String> = incident.affects.iter().map(|name| words.service(name)).collect();
    (words.status.heading)(kind, &services.join(words.status.and))
}

/// RFC 822 with the year in four digits, as RSS wants it.
fn date(at: i64) -> String {
    rfc2822::to_string(&Timestamp::from_second(at).unwrap_or_default().to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// Text as HTML has it: that is what readers take a description for (RSS 2.0, `<description>` of an item).
fn html(text: &str) -> String {
    escaped(text).replace('\n', "<br>")
}

/// Text as XML has it (XML 1.0 §2.2 and §2.4): what it cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' | '\n' => written.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_typed_is_text() {
        assert_eq!(
            escaped("<b a='x'>\"&amp;\u{1}\u{ffff}\u{0}]]>\n文箱\u{85}"),
            "&lt;b a='x'&gt;&quot;&amp;amp;]]&gt;\n文箱"
        );
    }

    #[test]
    fn a_reader_that_shows_html_shows_what_was_typed() {
        assert_eq!(html("a < b\n<i>&"), "a &lt; b<br>&lt;i&gt;&amp;");
    }
}
