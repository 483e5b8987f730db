//! Incidents, as programs and feed readers get them.

use crate::app::{ORIGIN, TestApp};
use ::state::{Incident, IncidentUpdate, Severity};
use axum::http::StatusCode;
use mailroom::Clock;
use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};
use serde_json::Value;
use std::collections::BTreeMap;

fn told(at: i64, ja: &str, en: &str) -> IncidentUpdate {
    IncidentUpdate {
        at,
        text_ja: ja.to_owned(),
        text_en: en.to_owned(),
        by: "the-operator".to_owned(),
    }
}

fn incident(id: &str, opened: i64, updates: Vec<IncidentUpdate>) -> Incident {
    Incident {
        id: id.to_owned(),
        opened,
        closed: None,
        severity: Severity::Outage,
        affects: ["imap", "lab"].map(str::to_owned).into(),
        scheduled_from: None,
        scheduled_until: None,
        updates,
    }
}

async fn json(app: &TestApp) -> Value {
    let answer = app.stranger().get("/status.json").await;
    serde_json::from_str(&answer.text()).unwrap()
}

/// Texts of the elements of each item, read as a feed reader does; of the channel itself as the first.
fn items(xml: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut items, mut open) = (vec![BTreeMap::<String, String>::new()], Vec::<String>::new());
    loop {
        let text = match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                if name == "item" {
                    items.push(BTreeMap::new());
                }
                open.push(name);
                continue;
            }
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Text(text) => text.decode().unwrap().into_owned(),
            Event::GeneralRef(name) => resolve_predefined_entity(&name.decode().unwrap()).unwrap().to_owned(),
            Event::Eof => break,
            _ => continue,
        };
        if let (Some(name), Some(item)) = (open.last(), items.last_mut()) {
            item.entry(name.clone()).or_default().push_str(&text);
        }
    }
    assert_eq!(open, Vec::<String>::new());
    items
}

#[tokio::test]
async fn incidents_are_read_by_whoever_comes_without_the_names_of_the_staff() {
    let app = TestApp::new().await;
    let (state, status) = (app.state.state(), app.state.status());
    let now = app.state.clock().now();
    let updates = vec![told(now - 60, "調査中", "Looking"), told(now - 30, "原因", "Found")];
    state.open_incident(&incident("a", now - 60, updates)).await.unwrap();
    let mut planned = incident("b", now - 50, vec![told(now - 50, "移行", "Moving")]);
    (planned.severity, planned.scheduled_from) = (Severity::Notice, Some(now + 100_000));
    state.open_incident(&planned).await.unwrap();
    status.read_incidents(state, now).await.unwrap();
    let incidents = json(&app).await["incidents"].clone();
    assert_eq!(incidents["old"], false);
    let list = incidents["list"].as_array().unwrap();
    let short = |at: usize| {
        let of = |field: &str| list[at][field].as_str().unwrap().to_owned();
        [of("id"), of("severity"), of("phase")]
    };
    assert_eq!(short(0), ["b", "notice", "planned"]);
    assert_eq!(short(1), ["a", "outage", "open"]);
    assert_eq!(list[1]["affects"], serde_json::json!(["imap", "lab"]));
    assert_eq!(
        (&list[1]["updates"][1]["ja"], &list[1]["updates"][1]["en"]),
        (&"原因".into(), &"Found".into())
    );
    for path in ["/status.json", "/status.rss"] {
        let said = app.stranger().get(path).await.text();
        assert!(said.contains("調査中") && !said.contains("the-operator"), "{said}");
    }
}

#[tokio::test]
async fn what_was_known_is_shown_with_its_age_while_the_database_is_away() {
    let app = TestApp::new().await;
    let (state, status) = (app.state.state(), app.state.status());
    let before = app.state.clock().now() - 3600;
    let update = vec![told(before, "停止中", "It is down.")];
    state.open_incident(&incident("a", before, update)).await.unwrap();
    status.read_incidents(state, before).await.unwrap();
    state.close().await;
    assert!(status.read_incidents(state, app.state.clock().now()).await.is_err());
    let incidents = json(&app).await["incidents"].clone();
    assert_eq!(
        (&incidents["old"], &incidents["list"][0]["id"]),
        (&true.into(), &"a".into())
    );
    let as_of: jiff::Timestamp = incidents["as_of"].as_str().unwrap().parse().unwrap();
    assert_eq!(as_of.as_second(), before);
    let feed = app.stranger().get("/status.rss").await;
    assert_eq!(feed.status, StatusCode::OK);
    let items = items(&feed.text());
    assert!(items[0]["description"].contains("cannot be read at the moment; this is what was known at"));
    assert!(items[1]["description"].contains("停止中<br><br>It is down."));
}

#[tokio::test]
async fn a_feed_has_an_item_for_each_update_in_both_languages() {
    let app = TestApp::new().await;
    let (state, status) = (app.state.state(), app.state.status());
    let now = app.state.clock().now();
    let hostile = "<script>&amp;\"]]></description>\u{1}\u{ffff}";
    let updates = vec![
        told(now - 9, "一", hostile),
        told(now - 3, "二", "Two"),
        told(now - 3, "三", "Three"),
    ];
    state.open_incident(&incident("a", now - 9, updates)).await.unwrap();
    state
        .close_incident("a", now - 1, Some(&told(now - 1, "復旧", "Back")))
        .await
        .unwrap();
    let mut planned = incident("b", now - 5, vec![told(now - 5, "移行", "Moving")]);
    (planned.scheduled_from, planned.scheduled_until) = (Some(now + 100), None);
    planned.affects.clear();
    state.open_incident(&planned).await.unwrap();
    status.read_incidents(state, now).await.unwrap();
    let items = items(&app.stranger().get("/status.rss").await.text());
    let of = |field: &str| items[1..].iter().map(|item| item[field].clone()).collect::<Vec<_>>();
    let texts = ["復旧<br><br>Back", "三<br><br>Three", "二<br><br>Two"];
    assert_eq!(of("description")[..3], texts);
    assert_eq!(
        of("description")[4],
        "一<br><br>&lt;script&gt;&amp;amp;&quot;]]&gt;&lt;/description&gt;"
    );
    assert!(of("description")[3].starts_with("日時: "), "{items:?}");
    assert_eq!(
        of("title")[..2],
        [
            "終了: IMAP、lab / Over: IMAP, lab",
            "障害: IMAP、lab / Outage: IMAP, lab"
        ]
    );
    assert_eq!(of("title")[3], "予定 / Planned");
    let guids = of("guid");
    assert_eq!(
        (guids[0].as_str(), guids[3].as_str()),
        ("urn:fumibako:incident:a:3", "urn:fumibako:incident:b:0")
    );
    assert_eq!(items[0]["title"], "文箱 Fumibako 稼働状況 / Fumibako service status");
    assert_eq!(items[1]["link"], format!("{ORIGIN}/status"));
    let date = &of("pubDate")[0];
    let parsed = jiff::fmt::rfc2822::parse(date).unwrap();
    assert_eq!(parsed.timestamp().as_second(), now - 1);
}
