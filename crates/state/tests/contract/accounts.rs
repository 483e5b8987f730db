use crate::World;
use state::Opened;

#[tokio::test]
async fn the_key_of_the_ids_is_made_once() {
    for world in World::all() {
        let state = world.open().await;
        state.ping().await.unwrap();
        assert_eq!(state.id_key(|| [1; 32]).await.unwrap(), [1; 32], "{}", world.name);
        assert_eq!(state.id_key(|| [2; 32]).await.unwrap(), [1; 32], "{}", world.name);
        state.close().await;
        assert_eq!(
            world.open().await.id_key(|| [3; 32]).await.unwrap(),
            [1; 32],
            "{}",
            world.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_start_at_once_have_one_key() {
    for world in World::all() {
        let (one, two) = (world.open().await, world.open().await);
        let (one, two) = tokio::join!(
            tokio::spawn(async move { one.id_key(|| [1; 32]).await.unwrap() }),
            tokio::spawn(async move { two.id_key(|| [2; 32]).await.unwrap() }),
        );
        assert_eq!(one.unwrap(), two.unwrap(), "{}", world.name);
    }
}

#[tokio::test]
async fn opened_messages_are_kept_until_taken_back() {
    for world in World::all() {
        let state = world.open().await;
        let opened = |mailbox: &[u8], message: &str, at| Opened {
            mailbox: mailbox.to_vec(),
            message: message.into(),
            at,
        };
        state.mark_opened("taro", b"\xff", "late", 20).await.unwrap();
        state.mark_opened("taro", b"", "early", 10).await.unwrap();
        state.mark_opened("hanako", b"", "early", 30).await.unwrap();
        // Once more: the time of the first stays. Moved meanwhile: the place is that of the last.
        state.mark_opened("taro", b"", "early", 99).await.unwrap();
        state.mark_opened("taro", b".moved", "late", 99).await.unwrap();
        let expected = [opened(b"", "early", 10), opened(b".moved", "late", 20)];
        assert_eq!(state.opened("taro").await.unwrap(), expected, "{}", world.name);
        let some = ["early", "never", "late"].map(str::to_owned);
        let of = |account| state.opened_of(account, &some);
        assert_eq!(of("taro").await.unwrap(), ["early", "late"], "{}", world.name);
        assert_eq!(of("hanako").await.unwrap(), ["early"], "{}", world.name);

        state.unmark_opened("taro", "early").await.unwrap();
        state.unmark_opened("taro", "early").await.unwrap();
        state.close().await;
        let state = world.open().await;
        assert_eq!(state.opened("taro").await.unwrap(), expected[1..], "{}", world.name);
        assert_eq!(
            state.opened("hanako").await.unwrap(),
            [opened(b"", "early", 30)],
            "{}",
            world.name
        );
        assert_eq!(state.opened("nobody").await.unwrap(), [], "{}", world.name);
    }
}

#[tokio::test]
async fn what_the_portal_says_of_an_owner_is_kept_and_may_change() {
    for world in World::all() {
        let state = world.open().await;
        for (account, uid) in [("taro", 4001), ("hanako", 4002), ("taro", 4003), ("taro", 4003)] {
            state.set_owner(account, uid).await.unwrap();
        }
        let mut owners = state.owners().await.unwrap();
        owners.sort();
        assert_eq!(
            owners,
            [("hanako".to_owned(), 4002), ("taro".to_owned(), 4003)],
            "{}",
            world.name
        );
    }
}

#[tokio::test]
async fn a_preference_is_that_of_the_account() {
    for world in World::all() {
        let state = world.open().await;
        assert_eq!(state.preference("taro", "lang").await.unwrap(), None);
        state.set_preference("taro", "lang", "en").await.unwrap();
        state.set_preference("taro", "lang", "ja").await.unwrap();
        state.set_preference("hanako", "lang", "en").await.unwrap();
        assert_eq!(
            state.preference("taro", "lang").await.unwrap().as_deref(),
            Some("ja"),
            "{}",
            world.name
        );
        assert_eq!(state.preference("taro", "theme").await.unwrap(), None, "{}", world.name);
    }
}
