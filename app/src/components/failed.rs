use super::Go;
use crate::{
    api::Failure,
    live,
    offer::Offer,
    pages::Mail,
    paths,
    prefs::use_words,
    words::{Notice, Words},
};
use api_types::{ApiError, Cause, LetterQuery};
use leptos::prelude::*;

/// An error where the thing it hides should be: what happened, what to do, under which number to ask.
///
/// `silent` leaves the status of the page and its one `h1` to something else.
#[component]
pub fn Failed(
    failure: Failure,
    /// Where a plain link tries again.
    retry: String,
    /// What the browser does instead.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    #[prop(optional)] silent: bool,
) -> impl IntoView {
    if let ApiError::Moved { mailbox, message } = &failure.0 {
        return view! { <Go to=paths::letter(mailbox, message, &LetterQuery::default()) /> }.into_any();
    }
    if failure.0 == ApiError::SignedOut {
        leave_for_sign_in();
    } else if !silent {
        #[cfg(feature = "ssr")]
        crate::api::set_page_status(&failure);
    }
    live::failure_shown();
    let words = use_words();
    let notice = notice(words, use_context(), &failure.0);
    let incident = match &failure.0 {
        ApiError::Internal { incident } if !incident.is_empty() => Some((words.errors.incident)(incident)),
        _ => None,
    };
    let (href, label) = match &failure.0 {
        ApiError::SignedOut => (paths::sign_in().to_owned(), words.errors.to_sign_in),
        ApiError::NotFound | ApiError::Gone => (paths::home().to_owned(), words.errors.to_inbox),
        _ => (retry, words.errors.retry),
    };
    let again = on_retry.filter(|_| label == words.errors.retry);
    let click = move |event: leptos::ev::MouseEvent| {
        if let Some(again) = again {
            event.prevent_default();
            live::note_retry();
            again.run(());
        }
    };
    let earlier = (matches!(failure.0, ApiError::Unavailable(_)) && Offer::of_page().snapshots).then(|| {
        view! {
            <p>
                <a href=paths::snapshots() rel="external">
                    {words.snapshots.look_there}
                </a>
            </p>
        }
    });
    let heading = if silent {
        view! { <h2 tabindex="-1">{notice.title}</h2> }.into_any()
    } else {
        view! { <h1 tabindex="-1">{notice.title}</h1> }.into_any()
    };
    view! {
        <section class="failed" role="alert">
            {heading} <p>{notice.text}</p> {incident.map(|incident| view! { <p class="small">{incident}</p> })}
            <p>
                <a class="button" href=href rel="external" on:click=click>
                    {label}
                </a>
            </p>
            {earlier}
        </section>
    }
    .into_any()
}

/// What happened, in words; `mail` for what is on the mail page.
pub(super) fn notice(words: &Words, mail: Option<Mail>, failure: &ApiError) -> Notice {
    let in_snapshot = mail.is_some_and(|mail| mail.snapshot.with_untracked(Option::is_some));
    match failure {
        // Nobody has to be told that the spool is away: it is not this.
        ApiError::Unavailable(Cause::Missing) if in_snapshot => words.snapshots.not_there,
        failure => words.error(failure),
    }
}

#[cfg(feature = "ssr")]
fn leave_for_sign_in() {
    leptos_axum::redirect(paths::sign_in());
}

/// The way back is kept, so that the person returns to this page.
#[cfg(not(feature = "ssr"))]
fn leave_for_sign_in() {
    Effect::new(|_| live::leave_for_sign_in());
}
