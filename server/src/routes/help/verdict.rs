//! Whose fault it is, as far as looking at the servers tells.

use crate::{
    routes::status::{Page, short, since},
    status::{Board, IncidentView, Phase, Service, ServiceKind},
    words::Help,
};
use ::state::Severity;
use app::{wording::Dates, words::Words};
use probe::State as How;
use std::collections::BTreeSet;

/// The mail servers that are looked at.
pub fn watched(board: &Board) -> impl Iterator<Item = &Service> {
    board.services.iter().filter(|service| service.kind.is_mail())
}

/// Whether it is about what a mail program needs.
pub fn concerns_mail(incident: &IncidentView, board: &Board) -> bool {
    let names = watched(board).map(|service| service.name.as_str());
    names
        .chain(["imap", "pop3", "smtp", "spool"])
        .any(|name| incident.affects.contains(name))
}

/// That these do not answer, if there are any: names, each with since when.
pub fn not_answering<'a>(
    failing: impl Iterator<Item = (&'a str, Option<i64>)>,
    help: &Help,
    words: &Words,
    dates: &Dates,
) -> Option<String> {
    let each = failing.map(|(name, at)| match at {
        Some(at) => (help.failing_since)(&words.service(name), &since(dates, at)),
        None => words.service(name),
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| (help.failing)(&each.join(words.status.and)))
}

/// In one sentence. What fails now says more than what staff told, and that more than servers that answer. `waits` says that the person's
/// own mail cannot be read just now, however all others fare.
pub(in crate::routes) fn of(board: &Board, words: &Help, page: &Page, waits: bool) -> (How, String) {
    let and = page.words.status.and;
    let name = |service: &Service| page.words.service(&service.name);
    let all = |how: How| watched(board).filter(move |service| service.state == how);
    let joined = |names: Vec<String>| (!names.is_empty()).then(|| names.join(and));

    let failing = all(How::Failing).map(|service| (service.name.as_str(), service.since));
    if let Some(failing) = not_answering(failing, words, page.words, &page.dates) {
        return (How::Failing, failing);
    }
    if board
        .services
        .iter()
        .any(|service| service.kind == ServiceKind::Spool && service.state == How::Failing)
    {
        return (How::Failing, words.spool.to_owned());
    }
    if waits {
        return (How::Failing, words.spool.to_owned());
    }
    let goes_on = |incident: &&IncidentView| {
        incident.phase == Phase::Open && incident.severity > Severity::Notice && concerns_mail(incident, board)
    };
    let known = board
        .incidents
        .list
        .iter()
        .filter(goes_on)
        .flat_map(|incident| &incident.affects);
    let known: BTreeSet<String> = known.map(|name| page.words.service(name)).collect();
    if let Some(known) = joined(known.into_iter().collect()) {
        return (How::Slow, (words.known)(&known));
    }
    if let Some(slow) = joined(all(How::Slow).map(name).collect()) {
        return (How::Slow, (words.slow)(&slow));
    }
    let answering = all(How::Answering).map(|service| match service.p50 {
        Some(half) => (words.answering_in)(&name(service), &short(half)),
        None => name(service),
    });
    // Of mail programs nothing is said by a server that only takes mail, nor while one of those that people set is not known yet.
    let reads = |service: &Service| matches!(service.kind, ServiceKind::Imap | ServiceKind::Pop3);
    let is_set = |service: &Service| matches!(service.name.as_str(), "imap" | "pop3");
    let is_open = watched(board).any(|service| is_set(service) && service.state == How::Unknown);
    let is_known = all(How::Answering).any(reads) && !is_open;
    match joined(answering.collect()).filter(|_| is_known) {
        Some(answering) => (How::Answering, (words.answering)(&answering)),
        None if watched(board).next().is_some() => (How::Unknown, words.not_yet.to_owned()),
        None => (How::Unknown, words.unwatched.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        status::{Incidents, Told},
        words::PageWords,
    };
    use app::prefs::{Lang, Prefs};
    use std::time::Duration;

    /// Ten o'clock in Tokyo.
    const NOW: i64 = 1_795_791_600 + 10 * 3_600;

    fn service(name: &str, kind: ServiceKind, state: How, half: Option<u64>) -> Service {
        Service {
            name: name.to_owned(),
            kind,
            state,
            since: Some(NOW - 20 * 60),
            p50: half.map(Duration::from_millis),
            p99: half.map(Duration::from_millis),
            count: 20,
            failures: 0,
            last_failure_cause: None,
            strip: Vec::new(),
        }
    }

    fn board(services: Vec<Service>) -> Board {
        Board {
            at: NOW,
            services,
            incidents: Incidents::default(),
        }
    }

    fn incident(affects: &[&str], severity: Severity) -> IncidentView {
        IncidentView {
            id: "a".to_owned(),
            severity,
            phase: Phase::Open,
            opened: NOW,
            closed: None,
            from: None,
            until: None,
            affects: affects.iter().map(|&name| name.to_owned()).collect(),
            updates: vec![Told {
                at: NOW,
                ja: String::new(),
                en: String::new(),
            }],
        }
    }

    fn said(board: &Board, lang: Lang) -> (How, String) {
        said_to(board, lang, false)
    }

    /// To somebody whose own mail cannot be read, or can.
    fn said_to(board: &Board, lang: Lang, waits: bool) -> (How, String) {
        let prefs = Prefs {
            lang,
            ..Prefs::default()
        };
        let page = Page {
            words: lang.words(),
            lang,
            dates: Dates::new(&prefs, NOW),
        };
        of(board, &PageWords::of(lang).help, &page, waits)
    }

    #[test]
    fn what_fails_is_our_fault_and_since_when_is_said() {
        let imap = service("imap", ServiceKind::Imap, How::Failing, None);
        let pop = service("pop3", ServiceKind::Pop3, How::Answering, Some(12));
        let board = board(vec![imap, pop]);
        let (how, text) = said(&board, Lang::En);
        assert_eq!(how, How::Failing);
        assert!(
            text.starts_with("Not answering: IMAP since 9:40. That is our fault"),
            "{text}"
        );
        let (_, text) = said(&board, Lang::Ja);
        assert!(text.starts_with("IMAP (9:40 から) が応答していません。"), "{text}");
    }

    #[test]
    fn servers_that_answer_leave_the_way_there_and_the_program() {
        let imap = service("imap", ServiceKind::Imap, How::Answering, Some(30));
        let lab = service("lab", ServiceKind::Imap, How::Unknown, None);
        let mut board = board(vec![imap, lab]);
        let (how, text) = said(&board, Lang::En);
        assert_eq!(how, How::Answering);
        assert!(
            text.starts_with("Answering: IMAP in 30 ms. The fault is likely between"),
            "{text}"
        );
        // A notice is to be known, and no fault.
        board.incidents.list = vec![
            incident(&["imap"], Severity::Notice),
            incident(&["web"], Severity::Outage),
        ];
        assert_eq!(said(&board, Lang::En).0, How::Answering);
        board.incidents.list.push(incident(&["imap"], Severity::Degraded));
        assert!(
            said(&board, Lang::En)
                .1
                .starts_with("There is a known problem with IMAP")
        );
    }

    #[test]
    fn nobody_is_told_that_the_fault_is_theirs_without_knowing() {
        let imap = |how| service("imap", ServiceKind::Imap, how, Some(30));
        let smtp = service("smtp", ServiceKind::Smtp, How::Answering, Some(5));
        // Their own mail hangs, whatever the servers say.
        let (how, text) = said_to(&board(vec![imap(How::Answering)]), Lang::En, true);
        assert_eq!((how, text.as_str()), (How::Failing, PageWords::of(Lang::En).help.spool));
        // One that only takes mail says nothing of one that gives it.
        for services in [vec![smtp.clone()], vec![imap(How::Unknown), smtp]] {
            assert_eq!(said(&board(services), Lang::En).0, How::Unknown);
        }
    }

    #[test]
    fn a_store_that_does_not_answer_makes_programs_wait() {
        let imap = service("imap", ServiceKind::Imap, How::Answering, Some(30));
        let spool = service("spool", ServiceKind::Spool, How::Failing, None);
        let (how, text) = said(&board(vec![spool, imap]), Lang::En);
        assert!(
            how == How::Failing && text.starts_with("The mail store cannot be reached"),
            "{text}"
        );
    }

    #[test]
    fn what_nobody_looks_at_is_not_judged() {
        let spool = service("spool", ServiceKind::Spool, How::Answering, Some(3));
        let (how, text) = said(&board(vec![spool]), Lang::En);
        assert!(how == How::Unknown && text.contains("not watched here"), "{text}");
        let imap = service("imap", ServiceKind::Imap, How::Unknown, None);
        assert!(said(&board(vec![imap]), Lang::En).1.contains("not been looked at yet"));
    }
}
