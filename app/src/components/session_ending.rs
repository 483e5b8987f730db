use crate::{
    live::{self, Ending, Presence},
    paths,
    prefs::use_words,
};
use leptos::prelude::*;

/// Says in time that the session ends, and what can be done.
#[component]
pub fn SessionEnding() -> impl IntoView {
    let presence = expect_context::<Presence>();
    let words = &use_words().session;
    let said = move || {
        presence.ending().map(|ending| {
            let notice = match ending {
                Ending::Soon => words.soon,
                Ending::AtLast => words.at_last,
            };
            let stay = (ending == Ending::Soon).then(|| {
                view! {
                    <button type="button" class="primary" on:click=move |_| presence.stay()>
                        {words.stay}
                    </button>
                }
            });
            let anew = (ending != Ending::Soon).then(|| {
                view! {
                    <a class="button" href=paths::sign_in() rel="external" on:click=sign_in_and_come_back>
                        {words.anew}
                    </a>
                }
            });
            let later = view! {
                <button type="button" on:click=move |_| presence.dismiss()>
                    {words.later}
                </button>
            };
            view! {
                <section class="ending card" aria-labelledby="ending">
                    <h2 id="ending">{notice.title}</h2>
                    <p>{notice.text}</p>
                    <div class="buttons">{stay} {anew} {later}</div>
                </section>
            }
        })
    };
    view! { <div role="alert">{said}</div> }
}

/// To the sign-in page, which leads back to where the person is now.
fn sign_in_and_come_back(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    live::leave_for_sign_in();
}
