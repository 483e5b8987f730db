//! The form, with what was typed and what is wrong with it.

use super::{
    typed::{Typed, Wrong},
    view::StaffPage,
};
use crate::{routes::error::escape, status::typed::LONGEST_TEXT};
use ::state::Severity;

impl StaffPage<'_> {
    /// Where it goes, what it holds, and its buttons (HTML).
    pub(super) fn form(&self, place: &str, typed: &Typed, wrong: &[Wrong], buttons: &str) -> String {
        if self.person.read_only {
            return format!("<p class=\"note\">{}</p>", self.words.read_only);
        }
        let w = self.words;
        format!(
            "<form method=\"post\" action=\"{place}\" class=\"card fields\"><input type=\"hidden\" name=\"id\" value=\"{id}\">\
             <input type=\"hidden\" name=\"seen\" value=\"{seen}\">{severity}{affects}{ja}{en}{from}{until}\
             <p class=\"small\" id=\"times\">{times}</p>{buttons}</form>",
            place = escape(place),
            id = escape(&typed.id),
            seen = escape(&typed.seen),
            severity = self.severities(typed, wrong),
            affects = self.services(typed, wrong),
            ja = text("ja", w.ja, &typed.ja, wrong),
            en = text("en", w.en, &typed.en, wrong),
            from = time("from", w.from, &typed.from, wrong),
            until = time("until", w.until, &typed.until, wrong),
            times = escape(&(w.times)(&self.zone_name)),
        )
    }

    fn severities(&self, typed: &Typed, wrong: &[Wrong]) -> String {
        let options = Severity::ALL.map(|severity| {
            let word = severity.word();
            let selected = if typed.severity == word { " selected" } else { "" };
            let name = self.services.words.severity(word);
            format!("<option value=\"{word}\"{selected}>{name}</option>")
        });
        let (marks, said) = marked("severity", wrong, "");
        format!(
            "<label for=\"severity\">{}</label><select id=\"severity\" name=\"severity\"{marks}>{}</select>{said}",
            self.words.severity,
            options.concat()
        )
    }

    /// Those that there are, and those that it was about before.
    fn services(&self, typed: &Typed, wrong: &[Wrong]) -> String {
        let known = self.app.status().known_services();
        let more = typed
            .affects
            .iter()
            .map(String::as_str)
            .filter(|name| !known.contains(name));
        let boxes: String = known
            .iter()
            .copied()
            .chain(more)
            .enumerate()
            .map(|(at, name)| {
                let checked = if typed.affects.contains(name) { " checked" } else { "" };
                format!(
                    "<div class=\"check\"><input type=\"checkbox\" id=\"service-{at}\" name=\"affects\" value=\"{}\"{checked}>\
                     <label for=\"service-{at}\">{}</label></div>",
                    escape(name),
                    escape(&self.services.words.service(name))
                )
            })
            .collect();
        // A group of boxes cannot be said to be invalid itself.
        let (_, said) = marked("affects", wrong, "");
        format!(
            "<fieldset id=\"affects\"><legend>{}</legend>{boxes}{said}</fieldset>",
            self.words.affects
        )
    }
}

fn text(name: &'static str, label: &str, typed: &str, wrong: &[Wrong]) -> String {
    let (marks, said) = marked(name, wrong, "");
    // The first line break after the tag is not part of the text (HTML §13.1.2.5).
    format!(
        "<label for=\"{name}\">{label}</label><textarea id=\"{name}\" name=\"{name}\" lang=\"{name}\" rows=\"4\" \
         maxlength=\"{LONGEST_TEXT}\"{marks}>\n{}</textarea>{said}",
        escape(typed)
    )
}

fn time(name: &'static str, label: &str, typed: &str, wrong: &[Wrong]) -> String {
    let (marks, said) = marked(name, wrong, "times");
    format!(
        "<label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\" type=\"datetime-local\" value=\"{}\"{marks}>{said}",
        escape(typed)
    )
}

/// Attributes of a field, and what is said below it.
fn marked(name: &'static str, wrong: &[Wrong], hint: &str) -> (String, String) {
    let said = wrong.iter().find(|wrong| wrong.field == Some(name));
    match said {
        Some(wrong) => (
            format!(" aria-invalid=\"true\" aria-describedby=\"{name}-wrong {hint}\""),
            format!("<p class=\"warn-text\" id=\"{name}-wrong\">{}</p>", escape(&wrong.said)),
        ),
        None if hint.is_empty() => Default::default(),
        None => (format!(" aria-describedby=\"{hint}\""), String::new()),
    }
}
