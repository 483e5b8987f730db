use crate::{live::HELP_ID, prefs::use_words};
use leptos::prelude::*;

/// The table of keys. Opened by `?`; a dialog of the browser's own, so Escape and focus work by themselves.
#[component]
pub fn KeyHelp() -> impl IntoView {
    let w = &use_words().keys;
    let line = |keys: AnyView, does: &'static str| {
        view! {
            <div>
                <dt>{keys}</dt>
                <dd>{does}</dd>
            </div>
        }
    };
    let one = |key: &'static str| view! { <kbd>{key}</kbd> }.into_any();
    let go = |key: &'static str| view! { <kbd>"g"</kbd> " " {w.then} " " <kbd>{key}</kbd> }.into_any();
    let open = view! { <kbd>"o"</kbd> " " {w.or} " " <kbd>"Enter"</kbd> }.into_any();
    let unread = view! { <kbd>"Shift"</kbd> " + " <kbd>"U"</kbd> }.into_any();
    view! {
        <dialog id=HELP_ID class="help" aria-labelledby="help-title">
            <form method="dialog">
                <h2 id="help-title">{w.title}</h2>
                <dl>
                    {line(one("j"), w.next)} {line(one("k"), w.previous)} {line(open, w.open)} {line(one("u"), w.back)}
                    {line(unread, w.mark_unread)} {line(go("i"), w.go_inbox)} {line(go("s"), w.go_sent)}
                    {line(go("d"), w.go_drafts)} {line(go("t"), w.go_trash)} {line(one("?"), w.help)}
                </dl>
                <p class="small">{w.off_hint}</p>
                <button type="submit">{w.close}</button>
            </form>
        </dialog>
    }
    .into_any()
}
