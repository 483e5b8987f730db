use crate::World;
use state::{
    AUDIT_DAYS, AuditLine, BreakGlass, Origin, Pinned, SESSION_ACCOUNT, SESSION_ISSUER, SESSION_SID, SESSION_SUBJECT,
    SESSION_TICKET, State, ticket_entry,
};
use time::OffsetDateTime;
use tower_sessions_core::{
    session::{Id, Record},
    session_store::SessionStore,
};

const NOON: i64 = 1_700_000_000;
const PORTAL: &str = "https://sso.example.ac.jp";

#[tokio::test]
async fn a_sign_in_comes_back_once_and_to_the_browser_that_began_it() {
    for world in World::all() {
        let state = world.open().await;
        state.begin_sign_in("s1", "b1", b"wanted", NOON + 600).await.unwrap();
        for (given, browser) in [("s2", "b1"), ("s1", "b2"), ("s1b1", ""), ("", "s1b1")] {
            assert_eq!(
                state.take_sign_in(given, browser, NOON).await.unwrap(),
                None,
                "{}",
                world.name
            );
        }
        let wanted = state.take_sign_in("s1", "b1", NOON + 599).await.unwrap();
        assert_eq!(wanted.as_deref(), Some(&b"wanted"[..]), "{}", world.name);
        assert_eq!(
            state.take_sign_in("s1", "b1", NOON).await.unwrap(),
            None,
            "{}",
            world.name
        );
        state.begin_sign_in("s1", "b1", b"late", NOON + 600).await.unwrap();
        assert_eq!(
            state.take_sign_in("s1", "b1", NOON + 600).await.unwrap(),
            None,
            "{}",
            world.name
        );
        // Two tabs of one browser.
        for tab in ["t1", "t2"] {
            state
                .begin_sign_in(tab, "b1", tab.as_bytes(), NOON + 600)
                .await
                .unwrap();
        }
        for tab in ["t1", "t2"] {
            let found = state.take_sign_in(tab, "b1", NOON).await.unwrap();
            assert_eq!(found.as_deref(), Some(tab.as_bytes()), "{}", world.name);
        }
    }
}

#[tokio::test]
async fn an_account_is_one_persons_at_an_issuer() {
    for world in World::all() {
        let state = world.open().await;
        let pin = |issuer, subject, account| state.pin(issuer, subject, account, NOON);
        assert_eq!(
            pin(PORTAL, "u1", "tanaka").await.unwrap(),
            Pinned::New,
            "{}",
            world.name
        );
        assert_eq!(pin(PORTAL, "u1", "tanaka").await.unwrap(), Pinned::Known);
        assert_eq!(pin(PORTAL, "u2", "tanaka").await.unwrap(), Pinned::ToAnother);
        assert_eq!(pin(PORTAL, "u1", "suzuki").await.unwrap(), Pinned::Elsewhere);
        assert_eq!(
            pin("https://new.example.ac.jp", "x9", "tanaka").await.unwrap(),
            Pinned::New
        );
        assert_eq!(pin(PORTAL, "u2", "suzuki").await.unwrap(), Pinned::New);
        // Each of the two is somebody's: whoever asks, neither is given away.
        assert_eq!(pin(PORTAL, "u2", "tanaka").await.unwrap(), Pinned::ToAnother);
        assert_eq!(state.unpin("tanaka").await.unwrap(), 2);
        assert_eq!(pin(PORTAL, "u3", "tanaka").await.unwrap(), Pinned::New);
    }
}

#[tokio::test]
async fn of_two_people_who_come_first_one_has_the_account() {
    for world in World::all() {
        let state = world.open().await;
        let asked: Vec<_> = (0..8)
            .map(|number| {
                let state = state.clone();
                tokio::spawn(async move { state.pin(PORTAL, &format!("u{number}"), "tanaka", NOON).await.unwrap() })
            })
            .collect();
        let mut new = 0;
        for one in asked {
            new += usize::from(one.await.unwrap() == Pinned::New);
        }
        assert_eq!(new, 1, "{}", world.name);
    }
}

async fn begin(state: &State, id: i128, entries: &[(&str, &str)]) {
    let issuer = entries.iter().find(|(key, _)| *key == SESSION_ISSUER);
    let kept = |(key, value): &(&str, &str)| match (*key, issuer) {
        (SESSION_TICKET, Some((_, issuer))) => (SESSION_TICKET.to_owned(), ticket_entry(issuer, value).into()),
        _ => ((*key).to_owned(), (*value).into()),
    };
    let mut record = Record {
        id: Id(id),
        data: entries.iter().map(kept).collect(),
        expiry_date: OffsetDateTime::from_unix_timestamp(NOON + 1000).unwrap(),
    };
    state.sessions(|| NOON).create(&mut record).await.unwrap();
}

async fn lasts(state: &State, id: i128) -> bool {
    state.sessions(|| NOON).load(&Id(id)).await.unwrap().is_some()
}

#[tokio::test]
async fn the_portal_ends_what_it_began_and_nothing_else() {
    for world in World::all() {
        let state = world.open().await;
        let of = |issuer, subject, sid, ticket| {
            [
                (SESSION_ACCOUNT, "tanaka"),
                (SESSION_ISSUER, issuer),
                (SESSION_SUBJECT, subject),
                (SESSION_SID, sid),
                (SESSION_TICKET, ticket),
            ]
        };
        begin(&state, 1, &of(PORTAL, "u1", "a", "ST-1")).await;
        begin(&state, 2, &of(PORTAL, "u1", "b", "ST-2")).await;
        begin(&state, 3, &of(PORTAL, "u2", "c", "ST-3")).await;
        begin(&state, 4, &of("https://other.example", "u1", "a", "ST-1")).await;
        begin(&state, 5, &[(SESSION_ACCOUNT, "tanaka")]).await;
        let end = |origin| state.end_sessions_from(PORTAL, origin);
        // Known a moment ago: that counts no more.
        assert!(lasts(&state, 1).await);
        assert_eq!(end(Origin::Sid("a")).await.unwrap(), 1, "{}", world.name);
        assert_eq!(
            (lasts(&state, 1).await, lasts(&state, 4).await),
            (false, true),
            "{}",
            world.name
        );
        assert_eq!(end(Origin::Ticket("ST-3")).await.unwrap(), 1);
        assert_eq!(end(Origin::Ticket("ST-1")).await.unwrap(), 0, "{}", world.name);
        let unnamed = [
            (SESSION_ACCOUNT, "tanaka"),
            (SESSION_ISSUER, PORTAL),
            (SESSION_SUBJECT, "u1"),
        ];
        begin(&state, 6, &unnamed).await;
        assert_eq!(end(Origin::Unnamed("u1")).await.unwrap(), 1, "{}", world.name);
        assert_eq!((lasts(&state, 6).await, lasts(&state, 2).await), (false, true));
        assert_eq!(end(Origin::Subject("u1")).await.unwrap(), 1);
        assert_eq!(end(Origin::Sid("")).await.unwrap(), 0);
        for (id, there) in [(2, false), (3, false), (4, true), (5, true)] {
            assert_eq!(lasts(&state, id).await, there, "{} {id}", world.name);
        }
    }
}

#[tokio::test]
async fn a_person_ends_one_of_their_own_sessions() {
    for world in World::all() {
        let state = world.open().await;
        begin(&state, 1, &[(SESSION_ACCOUNT, "tanaka")]).await;
        begin(&state, 2, &[(SESSION_ACCOUNT, "sato")]).await;
        let handle = state.list_sessions("tanaka", NOON).await.unwrap().remove(0).handle;
        for (account, handle) in [("sato", handle.as_str()), ("tanaka", "zz"), ("tanaka", &"0".repeat(64))] {
            assert!(!state.end_session(account, handle).await.unwrap(), "{}", world.name);
        }
        assert!(lasts(&state, 1).await);
        assert!(state.end_session("tanaka", &handle).await.unwrap(), "{}", world.name);
        assert_eq!((lasts(&state, 1).await, lasts(&state, 2).await), (false, true));
    }
}

#[tokio::test]
async fn a_logout_token_is_heard_once() {
    for world in World::all() {
        let state = world.open().await;
        assert!(!state.has_heard_logout(PORTAL, "j1").await.unwrap(), "{}", world.name);
        assert!(
            state.hear_logout(PORTAL, "j1", NOON + 120).await.unwrap(),
            "{}",
            world.name
        );
        assert!(
            !state.hear_logout(PORTAL, "j1", NOON + 120).await.unwrap(),
            "{}",
            world.name
        );
        assert!(state.hear_logout(PORTAL, "j2", NOON + 120).await.unwrap());
        assert!(state.has_heard_logout(PORTAL, "j1").await.unwrap(), "{}", world.name);
        state.forget_old(NOON + 119).await.unwrap();
        assert!(
            !state.hear_logout(PORTAL, "j1", NOON + 120).await.unwrap(),
            "{}",
            world.name
        );
        state.forget_old(NOON + 120).await.unwrap();
        assert!(
            state.hear_logout(PORTAL, "j1", NOON + 240).await.unwrap(),
            "{}",
            world.name
        );
    }
}

fn code(id: &str, account: &str) -> BreakGlass {
    BreakGlass {
        id: id.to_owned(),
        account: account.to_owned(),
        hash: "$argon2id$".to_owned(),
        made: NOON,
        expires: NOON + 100,
        used: None,
    }
}

#[tokio::test]
async fn an_emergency_code_opens_once() {
    for world in World::all() {
        let state = world.open().await;
        for (id, account) in [("a", "tanaka"), ("b", "tanaka"), ("c", "sato")] {
            state.add_break_glass(&code(id, account)).await.unwrap();
        }
        assert_eq!(state.break_glass(None).await.unwrap().len(), 3, "{}", world.name);
        assert_eq!(
            state.break_glass(Some("sato")).await.unwrap(),
            [code("c", "sato")],
            "{}",
            world.name
        );
        assert!(state.use_break_glass("a", NOON + 99).await.unwrap());
        assert!(!state.use_break_glass("a", NOON + 99).await.unwrap(), "{}", world.name);
        assert!(!state.use_break_glass("b", NOON + 100).await.unwrap(), "it is over");
        assert_eq!(
            state.break_glass(Some("tanaka")).await.unwrap()[0].used,
            Some(NOON + 99)
        );
        assert!(state.revoke_break_glass("c").await.unwrap());
        assert!(!state.revoke_break_glass("c").await.unwrap());
        assert!(!state.use_break_glass("c", NOON).await.unwrap(), "{}", world.name);
    }
}

#[tokio::test]
async fn the_audit_log_is_kept_for_half_a_year() {
    for world in World::all() {
        let state = world.open().await;
        let line = |at, account: Option<&str>| AuditLine {
            at,
            event: "sign-in".to_owned(),
            account: account.map(str::to_owned),
            detail: "oidc".to_owned(),
        };
        for (at, account) in [(NOON, Some("tanaka")), (NOON + 1, None)] {
            state.note(&line(at, account)).await.unwrap();
        }
        let newest = [line(NOON + 1, None), line(NOON, Some("tanaka"))];
        assert_eq!(state.audit(10).await.unwrap(), newest, "{}", world.name);
        assert_eq!(state.audit(1).await.unwrap(), newest[..1], "{}", world.name);
        state.forget_old(NOON + 1 + AUDIT_DAYS * 24 * 3600).await.unwrap();
        assert_eq!(state.audit(10).await.unwrap(), newest[..1], "{}", world.name);
    }
}
