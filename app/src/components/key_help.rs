use crate::{live::HELP_ID, prefs::use_words, words::Keys, written::Pen, written::written};
use leptos::prelude::*;

/// The table of keys. Opened by `?`; a dialog of the browser's own, so Escape and focus work by themselves.
#[component]
pub fn KeyHelp() -> impl IntoView {
    let words = &use_words().keys;
    written(move |pen| write(pen, words))
}

fn write(pen: &mut Pen, w: &Keys) {
    pen.element("dialog", |pen| {
        pen.attribute("id", &[HELP_ID]);
        pen.attribute("class", &["help"]);
        pen.attribute("aria-labelledby", &["help-title"]);
        pen.element("form", |pen| {
            pen.attribute("method", &["dialog"]);
            pen.element("h2", |pen| {
                pen.attribute("id", &["help-title"]);
                pen.text(w.title);
            });
            pen.element("dl", |pen| table(pen, w));
            pen.element("p", |pen| {
                pen.attribute("class", &["small"]);
                pen.text(w.off_hint);
            });
            pen.element("button", |pen| {
                pen.attribute("type", &["submit"]);
                pen.text(w.close);
            });
        });
    });
}

fn table(pen: &mut Pen, w: &Keys) {
    let mut line = |keys: &[&str], between: &str, does: &str| {
        pen.element("div", |pen| {
            pen.element("dt", |pen| {
                for (at, key) in keys.iter().enumerate() {
                    if at > 0 {
                        pen.text(" ");
                        pen.text(between);
                        pen.text(" ");
                    }
                    pen.element("kbd", |pen| pen.text(key));
                }
            });
            pen.element("dd", |pen| pen.text(does));
        });
    };
    line(&["j"], "", w.next);
    line(&["k"], "", w.previous);
    line(&["o", "Enter"], w.or, w.open);
    line(&["u"], "", w.back);
    line(&["Shift", "U"], "+", w.mark_unread);
    line(&["g", "i"], w.then, w.go_inbox);
    line(&["g", "s"], w.then, w.go_sent);
    line(&["g", "d"], w.then, w.go_drafts);
    line(&["g", "t"], w.then, w.go_trash);
    line(&["/"], "", w.search);
    line(&["?"], "", w.help);
}
