//! That the person is there, and when their session ends. Looking for new mail by itself keeps no session alive; what the person does is
//! told now and then, and when nothing was done for long, they are asked in time.

use crate::{
    api::{Failure, extend_session, session_left},
    offer::Offer,
    paths,
};
use api_types::{ApiError, SessionTime};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// So often it is told that something was done, in seconds, or four times in the idle time.
const TELL: i64 = 4 * 60;
/// So long before the end the person is asked, in seconds; in a session that is short anyway, in the last quarter of its idle time.
const IN_TIME: i64 = 5 * 60;
/// When the server does not answer, it is asked again after this, in seconds.
const LATER: i64 = 60;

/// The page is on its way to the sign-in page.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// What there is to say of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It ends soon, unless the person is there.
    Soon,
    /// It ends soon, and can only be begun anew.
    AtLast,
}

/// See the module.
#[derive(Clone, Copy)]
pub(crate) struct Presence {
    ending: RwSignal<Option<Ending>>,
    /// The newest wait; older ones are not heard.
    wait: StoredValue<u32>,
    active: StoredValue<bool>,
    in_time: i64,
    tell: i64,
}

impl Presence {
    /// Once, with the page.
    pub(crate) fn watch() -> Self {
        let Offer { left, idle, .. } = Offer::of_page();
        let presence = Self {
            ending: RwSignal::new(None),
            wait: StoredValue::new(0),
            active: StoredValue::new(false),
            in_time: idle.div_euclid(4).min(IN_TIME),
            tell: idle.div_euclid(4).clamp(1, TELL),
        };
        Effect::new(move |_| {
            if let Some(left) = left {
                presence.ask_after(left - presence.in_time);
                presence.listen();
            }
        });
        presence
    }

    /// What there is to say.
    pub(crate) fn ending(self) -> Option<Ending> {
        self.ending.get()
    }

    /// The person is there.
    pub(crate) fn stay(self) {
        spawn_local(async move { self.heard(extend_session().await) });
    }

    /// Not now; when it is over, that is said.
    pub(crate) fn dismiss(self) {
        self.ending.set(None);
    }

    fn listen(self) {
        let active = self.active;
        let heard = move || active.set_value(true);
        let pointer = window_event_listener(ev::pointerdown, move |_| heard());
        let key = window_event_listener(ev::keydown, move |_| heard());
        let wheel = window_event_listener(ev::wheel, move |_| heard());
        let tell = set_interval_with_handle(
            move || {
                if active.get_value() {
                    active.set_value(false);
                    self.stay();
                }
            },
            Duration::from_secs(self.tell.unsigned_abs()),
        );
        // Clocks stand still while a computer sleeps.
        let awake = window_event_listener_untyped("visibilitychange", move |_| self.ask());
        on_cleanup(move || {
            for listener in [pointer, key, wheel, awake] {
                listener.remove();
            }
            if let Ok(tell) = tell {
                tell.clear();
            }
        });
    }

    fn ask_after(self, seconds: i64) {
        self.wait.update_value(|wait| *wait += 1);
        let wait = self.wait.get_value();
        let ask = move || {
            if self.wait.get_value() == wait {
                self.ask();
            }
        };
        set_timeout(ask, Duration::from_secs(seconds.max(1).unsigned_abs()));
    }

    fn ask(self) {
        spawn_local(async move { self.heard(session_left().await) });
    }

    fn heard(self, answer: Result<SessionTime, Failure>) {
        match answer {
            // Somebody signed in anew in another tab. What stands here may be another person's.
            Ok(SessionTime { session, .. }) if session != Offer::of_page().session => begin_anew(),
            Ok(SessionTime { seconds, .. }) if seconds > self.in_time => {
                self.ending.set(None);
                self.ask_after(seconds - self.in_time);
            }
            Ok(SessionTime { seconds, at_last, .. }) => {
                let ending = if at_last <= seconds {
                    Ending::AtLast
                } else {
                    Ending::Soon
                };
                self.ending.set(Some(ending));
                self.ask_after(seconds);
            }
            // Mail does not stay on a screen that nobody is signed in at.
            Err(Failure(ApiError::SignedOut)) => leave_for_sign_in(),
            Err(_) => self.ask_after(LATER),
        }
    }
}

/// The same address, for whoever is signed in now.
fn begin_anew() {
    if !LEAVING.swap(true, Ordering::Relaxed) {
        let _ = window().location().reload();
    }
}

/// A whole load, so that nothing of the person's mail stays in the memory of the page; the sign-in page leads back to where it was.
pub(crate) fn leave_for_sign_in() {
    // Several find out at once, and a second leaving would break off the first.
    if LEAVING.swap(true, Ordering::Relaxed) {
        return;
    }
    let here = window().location();
    let back = [here.pathname(), here.search()].map(Result::unwrap_or_default).concat();
    let _ = here.set_href(&paths::sign_in_for(&back));
}
