use crate::{pages::Mail, prefs::use_words};
use leptos::prelude::*;

/// The frame of the open letter, when it is HTML, and the one of the letter that is likely to be opened next, unseen. A frame
/// fetches its document from a route of its own under a policy of its own; the message's HTML is never part of this page.
#[component]
pub fn LetterFrames() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let label = use_words().letter.body;
    let open = Memo::new(move |_| mail.frame_path());
    Suspend::new(async move {
        // The server makes a page when everything is known; the browser has the letter already, or none.
        if cfg!(feature = "ssr")
            && let Some(Ok(letter)) = mail.letter.await
        {
            mail.frames.show(&letter, mail.charset().as_deref());
        }
        // Each document gets a new element: another `src` for the same one would become a step of the browser's history.
        mail.frames.places().map(|place| {
            view! {
                <For each=move || place.get() key=String::clone let:path>
                    <iframe
                        class="frame"
                        class:ahead={
                            let path = path.clone();
                            // A letter that is on its way is not yet what is shown, and the last one is not any more.
                            move || !(mail.frames.is_open(&path) && open.with(|open| open.as_ref() == Some(&path)))
                        }
                        title=label
                        sandbox="allow-popups allow-popups-to-escape-sandbox"
                        referrerpolicy="no-referrer"
                        src=path
                    ></iframe>
                </For>
            }
        })
    })
}
