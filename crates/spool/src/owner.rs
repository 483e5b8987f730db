//! The uid that the files of a store must have.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Owner, SpoolError};

/// A name is looked up again after this.
const KEPT: Duration = Duration::from_secs(600);
/// And one that was not found after this: a directory service that is down is not asked for every file.
const NOT_FOUND: Duration = Duration::from_secs(10);

#[derive(Clone, Copy)]
struct Known {
    uid: Option<u32>,
    asked: Instant,
}

static KNOWN: LazyLock<Mutex<HashMap<String, Known>>> = LazyLock::new(Mutex::default);

/// `None`: any will do.
pub(crate) fn uid(owner: &Owner) -> Result<Option<u32>, SpoolError> {
    match owner {
        Owner::Any => Ok(None),
        Owner::Uid(uid) => Ok(Some(*uid)),
        Owner::Named(name) => named(name).map(Some),
        Owner::Unknown => Err(SpoolError::Denied("what nobody has said the owner of")),
    }
}

fn named(name: &str) -> Result<u32, SpoolError> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let now = now();
    let before = known().get(name).copied();
    let lasts = |uid: Option<u32>| if uid.is_some() { KEPT } else { NOT_FOUND };
    let uid = match before {
        Some(Known { uid, asked }) if now.duration_since(asked) < lasts(uid) => uid,
        _ => {
            let found = uzers::get_user_by_name(name).map(|user| user.uid());
            // The name service does not tell "no such user" from "not now": what it said before holds.
            let uid = found.or(before.and_then(|before| before.uid));
            known().insert(name.to_owned(), Known { uid, asked: now });
            uid
        }
    };
    uid.ok_or(SpoolError::Denied(
        "what belongs to a user that the system does not know",
    ))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how old an answer is has nothing to do with the time of day"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_uid_that_the_system_gives_it() {
        assert_eq!(uid(&Owner::Any).unwrap(), None);
        assert_eq!(uid(&Owner::Uid(7)).unwrap(), Some(7));
        for _ in 0..2 {
            assert_eq!(uid(&Owner::Named("root".to_owned())).unwrap(), Some(0));
        }
    }

    #[test]
    fn nobody_is_not_anybody() {
        for owner in [Owner::Named("no-such-user-here".to_owned()), Owner::Unknown] {
            assert!(matches!(uid(&owner), Err(SpoolError::Denied(_))), "{owner:?}");
        }
    }
}
