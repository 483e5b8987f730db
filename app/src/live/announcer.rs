use leptos::prelude::*;
use std::time::Duration;

const SHOWN: Duration = Duration::from_secs(6);

/// Says a sentence for a few seconds.
#[derive(Clone, Copy, Default)]
pub(crate) struct Announcer {
    text: RwSignal<Option<String>>,
}

impl Announcer {
    /// What is being said.
    pub(crate) fn current(&self) -> Option<String> {
        self.text.get()
    }

    /// Says it.
    pub(crate) fn say(&self, text: String) {
        let signal = self.text;
        signal.set(Some(text.clone()));
        set_timeout(
            move || {
                signal.update(|now| {
                    if now.as_ref() == Some(&text) {
                        *now = None;
                    }
                });
            },
            SHOWN,
        );
    }
}
