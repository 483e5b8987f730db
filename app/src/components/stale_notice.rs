use crate::{offer::Offer, pages::Mail, paths, prefs::use_words};
use api_types::{Cause, Source};
use leptos::prelude::*;

/// The amber notices: that nothing can be changed, and why the list is not live and what still works.
#[component]
pub fn StaleNotice() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let notice = move || {
        Suspend::new(async move {
            let list = mail.list.await.ok()?;
            let cause = list.trouble.map(|cause| words.cause(cause));
            if cause.is_none() && list.freshness.source == Source::Live {
                return None;
            }
            // Without anything remembered there is no copy to speak of: the list says what is wrong.
            if list.freshness.as_of.is_none() && list.rows.is_empty() {
                return None;
            }
            let works = match (&list.freshness.as_of, cause) {
                (_, Some(cause)) if list.trouble == Some(Cause::Portal) => cause.text.to_owned(),
                (Some(when), _) => (words.fresh.still_works)(&when.short),
                (None, _) => words.fresh.still_works_undated.to_owned(),
            };
            Some(view! {
                <div class="notice">
                    <strong>{cause.map_or(words.fresh.stale, |cause| cause.title)}</strong>
                    <span>{works}</span>
                    <a href=paths::status() rel="external">{words.status.title}</a>
                    <a href=paths::export_of(&list.mailbox.id, &list.query) rel="external">{words.export.link}</a>
                </div>
            })
        })
    };
    let news = super::news();
    let read_only = Offer::of_page().read_only.then(|| {
        let notice = words.session.read_only;
        view! {
            <div class="notice">
                <strong>{notice.title}</strong>
                <span>{notice.text}</span>
            </div>
        }
    });
    view! {
        <div class="notices" role="status">
            {news} {read_only} <Transition>{notice}</Transition>
        </div>
    }
    .into_any()
}
