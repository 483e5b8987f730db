use crate::World;
use state::{
    INCIDENT_DAYS, Incident, IncidentChange, IncidentUpdate, Revised, Revision, STATUS_DAYS, ServiceDay, Severity,
    State,
};

const NOON: i64 = 1_700_000_000;
const TODAY: i64 = NOON / (24 * 3600);

fn day(target: &str, day: i64, seconds: [u32; 4]) -> ServiceDay {
    let [good, slow, failed, unknown] = seconds;
    ServiceDay {
        target: target.to_owned(),
        day,
        good,
        slow,
        failed,
        unknown,
    }
}

#[tokio::test]
async fn days_add_up_over_restarts() {
    for world in World::all() {
        let state = world.open().await;
        let first = [day("smtp", TODAY, [1, 2, 3, 4]), day("imap", TODAY, [60, 0, 0, 0])];
        state.add_days(&first).await.unwrap();
        state.close().await;
        let state = world.open().await;
        let second = [day("imap", TODAY + 1, [0, 0, 9, 0]), day("imap", TODAY, [30, 5, 6, 7])];
        state.add_days(&second).await.unwrap();
        let all = [
            day("imap", TODAY, [90, 5, 6, 7]),
            day("imap", TODAY + 1, [0, 0, 9, 0]),
            day("smtp", TODAY, [1, 2, 3, 4]),
        ];
        assert_eq!(state.days(TODAY).await.unwrap(), all, "{}", world.name);
        assert_eq!(state.days(TODAY + 1).await.unwrap(), all[1..2], "{}", world.name);
        state
            .add_days(&[day("imap", TODAY, [u32::MAX, 0, 0, 0])])
            .await
            .unwrap();
        let found = state.days(TODAY).await.unwrap();
        assert_eq!(found[0].good, u32::MAX, "{}", world.name);
    }
}

#[tokio::test]
async fn days_are_kept_for_a_year_and_more() {
    for world in World::all() {
        let state = world.open().await;
        let days = [
            day("imap", TODAY - STATUS_DAYS, [1, 0, 0, 0]),
            day("imap", TODAY, [2, 0, 0, 0]),
        ];
        state.add_days(&days).await.unwrap();
        state.forget_old(NOON).await.unwrap();
        assert_eq!(state.days(0).await.unwrap(), days, "{}", world.name);
        state.forget_old(NOON + 24 * 3600).await.unwrap();
        assert_eq!(state.days(0).await.unwrap(), days[1..], "{}", world.name);
    }
}

fn told(at: i64, text: &str) -> IncidentUpdate {
    IncidentUpdate {
        at,
        text_ja: format!("{text}。'\"<&"),
        text_en: text.to_owned(),
        by: "aoki".to_owned(),
    }
}

fn incident(id: &str, opened: i64) -> Incident {
    Incident {
        id: id.to_owned(),
        opened,
        closed: None,
        severity: Severity::Degraded,
        affects: ["imap", "pop3"].map(str::to_owned).into(),
        scheduled_from: None,
        scheduled_until: None,
        updates: vec![told(opened, "Slow.")],
    }
}

async fn ids(state: &State, now: i64) -> Vec<String> {
    let incidents = state.incidents(now).await.unwrap();
    incidents.into_iter().map(|incident| incident.id).collect()
}

#[tokio::test]
async fn an_incident_is_told_step_by_step() {
    for world in World::all() {
        let state = world.open().await;
        let mut wanted = incident("a", NOON);
        assert!(state.open_incident(&wanted).await.unwrap(), "{}", world.name);
        assert!(
            !state.open_incident(&incident("a", NOON + 1)).await.unwrap(),
            "{}",
            world.name
        );
        assert_eq!(state.incidents(NOON).await.unwrap(), [wanted.clone()], "{}", world.name);

        let change = IncidentChange {
            severity: Some(Severity::Outage),
            affects: Some(["spool".to_owned()].into()),
            ..IncidentChange::default()
        };
        // Within the same second, the order is that of telling.
        for text in ["Second.", "Another."] {
            assert!(
                state
                    .update_incident("a", &change, &told(NOON + 1, text))
                    .await
                    .unwrap()
            );
            wanted.updates.push(told(NOON + 1, text));
        }
        wanted.severity = Severity::Outage;
        wanted.affects = ["spool".to_owned()].into();
        assert_eq!(state.incidents(NOON).await.unwrap(), [wanted.clone()], "{}", world.name);

        assert!(
            state
                .close_incident("a", NOON + 2, Some(&told(NOON + 2, "Over.")))
                .await
                .unwrap()
        );
        assert!(
            !state
                .close_incident("a", NOON + 9, Some(&told(NOON + 9, "Again.")))
                .await
                .unwrap()
        );
        // What it was is said afterwards.
        let after = IncidentChange::default();
        assert!(
            state
                .update_incident("a", &after, &told(NOON + 3, "Why."))
                .await
                .unwrap()
        );
        wanted.closed = Some(NOON + 2);
        wanted.updates.extend([told(NOON + 2, "Over."), told(NOON + 3, "Why.")]);
        state.close().await;
        let state = world.open().await;
        assert_eq!(state.incidents(NOON).await.unwrap(), [wanted], "{}", world.name);
    }
}

#[tokio::test]
async fn what_is_open_or_planned_is_shown_and_what_is_over_for_some_days() {
    for world in World::all() {
        let state = world.open().await;
        let mut planned = incident("planned", NOON + 2);
        planned.severity = Severity::Notice;
        (planned.scheduled_from, planned.scheduled_until) = (Some(NOON + 1_000_000), Some(NOON + 1_003_600));
        for incident in [&incident("old", NOON), &incident("open", NOON + 1), &planned] {
            assert!(state.open_incident(incident).await.unwrap());
        }
        assert_eq!(state.incidents(NOON).await.unwrap()[0], planned, "{}", world.name);
        let later = IncidentChange {
            scheduled_until: Some(NOON + 1_010_000),
            ..IncidentChange::default()
        };
        assert!(
            state
                .update_incident("planned", &later, &told(NOON + 3, "Longer."))
                .await
                .unwrap()
        );
        let found = state.incidents(NOON).await.unwrap().remove(0);
        assert_eq!(found.scheduled_from, planned.scheduled_from, "{}", world.name);
        assert_eq!(found.scheduled_until, Some(NOON + 1_010_000), "{}", world.name);

        assert!(state.close_incident("old", NOON + 5, None).await.unwrap());
        let last = NOON + 4 + INCIDENT_DAYS * 24 * 3600;
        assert_eq!(ids(&state, last).await, ["planned", "open", "old"], "{}", world.name);
        assert_eq!(ids(&state, last + 1).await, ["planned", "open"], "{}", world.name);
    }
}

#[tokio::test]
async fn who_did_not_see_what_others_told_changes_nothing() {
    for world in World::all() {
        let state = world.open().await;
        let mut planned = incident("a", NOON);
        (planned.scheduled_from, planned.scheduled_until) = (Some(NOON + 100), Some(NOON + 200));
        assert!(state.open_incident(&planned).await.unwrap());
        let seen = state.incidents(NOON).await.unwrap()[0].seen();
        let mut revision = Revision {
            severity: Severity::Outage,
            affects: ["web".to_owned()].into(),
            scheduled_from: None,
            scheduled_until: Some(NOON + 300),
            closed: None,
            told: Some(told(NOON + 1, "Worse.")),
        };
        let revise =
            async |id: &str, seen, revision: &Revision| state.revise_incident(id, seen, revision).await.unwrap();
        assert_eq!(revise("a", seen, &revision).await, Revised::Done, "{}", world.name);
        let now = state.incidents(NOON).await.unwrap().remove(0);
        assert_eq!(
            (now.severity, now.updates.len()),
            (Severity::Outage, 2),
            "{}",
            world.name
        );
        assert_eq!(
            (now.scheduled_from, now.scheduled_until),
            (None, Some(NOON + 300)),
            "{}",
            world.name
        );

        assert_eq!(revise("a", seen, &revision).await, Revised::Meanwhile, "{}", world.name);
        assert_eq!(state.incidents(NOON).await.unwrap()[0], now, "{}", world.name);
        // Over without a word: that is news, too.
        let (before, at) = (now.seen(), NOON + 5);
        assert!(state.close_incident("a", at, None).await.unwrap());
        (revision.closed, revision.told) = (Some(NOON + 6), None);
        assert_eq!(
            revise("a", before, &revision).await,
            Revised::Meanwhile,
            "{}",
            world.name
        );
        let closed = state.incidents(NOON).await.unwrap().remove(0);
        assert_eq!(
            revise("a", closed.seen(), &revision).await,
            Revised::Done,
            "{}",
            world.name
        );
        assert_eq!(
            state.incidents(NOON).await.unwrap()[0].closed,
            Some(at),
            "{}",
            world.name
        );
        assert_eq!(revise("none", seen, &revision).await, Revised::Absent, "{}", world.name);
    }
}

#[tokio::test]
async fn an_incident_that_is_not_there_is_not_told_of() {
    for world in World::all() {
        let state = world.open().await;
        let change = IncidentChange::default();
        assert!(
            !state
                .update_incident("none", &change, &told(NOON, "More."))
                .await
                .unwrap()
        );
        assert!(
            !state
                .close_incident("none", NOON, Some(&told(NOON, "Over.")))
                .await
                .unwrap()
        );
        assert!(state.incidents(NOON).await.unwrap().is_empty(), "{}", world.name);
    }
}

#[test]
fn a_severity_has_one_word() {
    for severity in Severity::ALL {
        assert_eq!(Severity::of_word(severity.word()), Some(severity));
    }
    assert_eq!(Severity::of_word("bad"), None);
    assert!(Severity::Notice < Severity::Outage);
}
