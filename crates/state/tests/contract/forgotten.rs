use crate::World;
use state::{BreakGlass, Forgotten, Pinned, State};

async fn fill(state: &State, account: &str) {
    state.mark_opened(account, b"", "message", 1).await.unwrap();
    state.set_preference(account, "lang", "en").await.unwrap();
    state.set_owner(account, 1000).await.unwrap();
    state.pin("issuer", account, account, 1).await.unwrap();
    let code = BreakGlass {
        id: format!("code of {account}"),
        account: account.to_owned(),
        hash: String::new(),
        made: 1,
        expires: 2,
        used: None,
    };
    state.add_break_glass(&code).await.unwrap();
}

#[tokio::test]
async fn nothing_of_an_account_stays_but_for_a_while_that_it_was_forgotten() {
    for world in World::all() {
        let state = world.open().await;
        for account in ["tanaka", "sato"] {
            fill(&state, account).await;
        }
        assert_eq!(state.accounts().await.unwrap(), ["sato", "tanaka"], "{}", world.name);
        let forgotten = state.forget_account("tanaka", true, 1_000).await.unwrap();
        assert_eq!(forgotten, Forgotten { sessions: 0, others: 5 });
        assert_eq!(state.accounts().await.unwrap(), ["sato"]);
        assert_eq!(state.preference("tanaka", "lang").await.unwrap(), None);
        assert_eq!(state.owners().await.unwrap(), [("sato".to_owned(), 1000)]);
        assert_eq!(state.opened("tanaka").await.unwrap().len(), 0);
        assert_eq!(state.opened("sato").await.unwrap().len(), 1);
        assert_eq!(state.break_glass(None).await.unwrap().len(), 1);
        assert_eq!(state.pin("issuer", "next", "tanaka", 2).await.unwrap(), Pinned::New);
        assert_eq!(state.forgotten().await.unwrap(), [("tanaka".to_owned(), 1_000)]);
        let again = state.forget_account("tanaka", true, 2_000).await.unwrap();
        assert_eq!(again.others, 1, "of the next who had it");
        state.forget_old(2_000 + 3_600).await.unwrap();
        assert_eq!(state.forgotten().await.unwrap(), [("tanaka".to_owned(), 2_000)]);
        state.forget_old(2_001 + 3_600).await.unwrap();
        assert_eq!(state.forgotten().await.unwrap(), []);
    }
}

#[tokio::test]
async fn whose_an_account_is_stays_where_its_mail_does() {
    for world in World::all() {
        let state = world.open().await;
        fill(&state, "tanaka").await;
        assert_eq!(state.forget_account("tanaka", false, 1_000).await.unwrap().others, 3);
        let next = state.pin("issuer", "next", "tanaka", 2).await.unwrap();
        assert_eq!(next, Pinned::ToAnother, "{}", world.name);
        assert_eq!(state.owners().await.unwrap().len(), 1);
    }
}
