//! `/help/client-timeout`: whether the fault is the person's, whether mail arrives, and how to get at it meanwhile. Made here and without
//! scripting, as the status is: signed out, and when the spool, the index or the database is away, it says what it can.

mod arrives;
pub(crate) mod verdict;

use super::{
    error::escape,
    sheet::{self, Sheet},
    status::{self, Page},
};
use crate::{
    middleware::{
        account::{SignedIn, Unknown},
        viewer,
    },
    state::AppState,
    status::{Board, Phase, Service},
    words::{self, PageWords},
};
use app::wording::Dates;
use arrives::Mail;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use mailroom::Clock;

/// Sends the page.
pub async fn client_timeout(
    State(app): State<AppState>,
    person: Option<Extension<SignedIn>>,
    unknown: Option<Extension<Unknown>>,
    headers: HeaderMap,
) -> Response {
    let mail = match (&person, unknown) {
        (_, Some(_)) => Mail::WhoKnows,
        (None, None) => Mail::SignedOut,
        (Some(person), None) => arrives::ask(&app, &person.account).await,
    };
    let now = app.clock().now();
    let prefs = viewer::prefs(&headers, app.settings());
    let page = HelpPage {
        app: &app,
        services: Page {
            words: prefs.lang.words(),
            lang: prefs.lang,
            dates: Dates::new(&prefs, now),
        },
        words: &PageWords::of(prefs.lang).help,
        now,
    };
    let account = person.as_ref().map(|person| person.account.as_str());
    let mut board = app.status().snapshot(now);
    if let Some(since) = account.and_then(|account| app.status().imap_is_said_down(account, now)) {
        board = board.with_imap_down(since);
    }
    let sheet = Sheet {
        title: page.words.title,
        head: "",
        onward: (app::paths::status(), page.services.words.status.title),
        kind: "status",
        main: &page.body(&board, &mail),
        says_what_goes_on: true,
    };
    sheet::send(&app, &prefs, &sheet)
}

struct HelpPage<'a> {
    app: &'a AppState,
    services: Page,
    words: &'static words::Help,
    now: i64,
}

impl HelpPage<'_> {
    fn body(&self, board: &Board, mail: &Mail) -> String {
        let w = self.words;
        let (how, verdict) = verdict::of(board, w, &self.services, mail.waits());
        let servers: String = verdict::watched(board).map(|service| self.service(service)).collect();
        let servers = match servers.is_empty() {
            true => String::new(),
            false => format!("<h2>{}</h2><ul class=\"card plain-list\">{servers}</ul>", w.servers),
        };
        let news: String = board
            .incidents
            .list
            .iter()
            .filter(|incident| incident.phase == Phase::Open && verdict::concerns_mail(incident, board))
            .map(|incident| self.services.incident(incident))
            .collect();
        let news = match news.is_empty() {
            true => news,
            false => format!("<h2>{}</h2>{news}", self.services.words.status.news),
        };
        format!(
            "<h1>{title}</h1><p class=\"lead\">{lead}</p>\
             <section class=\"card glance\"><span class=\"dot {class}\" aria-hidden=\"true\"></span><p class=\"verdict\">{verdict}</p></section>\
             {news}{servers}<h2>{arrives}</h2><div class=\"card\">{mail}</div>\
             <h2>{to_do}</h2><div class=\"card\">{ways}</div><h2>{check}</h2><ul class=\"card plain-list\">{checks}</ul>{contact}",
            title = w.title,
            lead = w.lead,
            class = status::class(how),
            verdict = escape(&verdict),
            arrives = w.arrives,
            mail = mail.told(w, &self.services.dates, self.now),
            to_do = w.to_do,
            ways = self.ways(mail),
            check = w.check,
            checks = self.checks(),
            contact = self.contact(),
        )
    }

    /// The figures of ten minutes.
    fn service(&self, service: &Service) -> String {
        let words = self.services.words;
        let figures = service.p50.zip(service.p99).map(|(half, most)| {
            let figures = format!("{} / {}", status::short(half), status::short(most));
            (self.words.figures)(&figures)
        });
        let looks = match service.count {
            0 => self.words.no_looks.to_owned(),
            count => {
                (self.words.looks)(&count.to_string(), &service.failures.to_string()) + &figures.unwrap_or_default()
            }
        };
        let since = match service.since {
            Some(at) if service.state == probe::State::Failing => {
                format!(" {}", (words.status.since)(&status::since(&self.services.dates, at)))
            }
            _ => String::new(),
        };
        format!(
            "<li><span class=\"dot {class}\" aria-hidden=\"true\"></span> <strong>{name}</strong> {how}{since} <span class=\"small\">{looks}</span></li>",
            class = status::class(service.state),
            name = escape(&words.service(&service.name)),
            how = self.services.how(service.state),
            since = escape(&since),
            looks = escape(&looks),
        )
    }

    fn ways(&self, mail: &Mail) -> String {
        let w = self.words;
        let export = mail.inbox().map(|_| {
            format!(
                "<p><a href=\"{}\">{}</a><br><span class=\"small\">{}</span></p>",
                app::paths::export(),
                w.export,
                w.export_hint
            )
        });
        format!(
            "<p><a class=\"button\" href=\"/\">{}</a></p>{}",
            w.read_here,
            export.unwrap_or_default()
        )
    }

    fn checks(&self) -> String {
        let w = self.words;
        let servers: String = self
            .app
            .settings()
            .help
            .servers()
            .map(|(service, host, port)| {
                let service = self.services.words.service(service);
                format!("<li>{}</li>", escape(&(w.server)(&service, host, &port.to_string())))
            })
            .collect();
        let settings = match servers.is_empty() {
            true => String::new(),
            false => format!("<li>{}<ul>{servers}</ul></li>", w.check_settings),
        };
        format!(
            "{settings}<li>{}</li><li>{}</li><li>{}</li>",
            w.check_network, w.check_password, w.check_restart
        )
    }

    fn contact(&self) -> String {
        let contact = self.app.settings().ui.contact.as_deref();
        contact
            .map(|contact| format!("<p>{}</p>", escape(&(self.words.contact)(contact))))
            .unwrap_or_default()
    }
}
