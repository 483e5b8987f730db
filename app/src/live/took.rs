//! What the last answer took, as the browser knows it (Server Timing), for the panel behind the pill.

use crate::pages::Mail;
use leptos::{ev::Event, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

/// Each time the panel is opened or closed. After a page load the figures stand there already.
pub(crate) fn tell_took(mail: Mail, event: &Event) {
    let Some(panel) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return;
    };
    let Some(entry) = last_answer(mail) else { return };
    let steps = js_sys::Array::from(&get(&entry, "serverTiming"));
    let mut total = 0.0;
    for step in steps.iter() {
        let (name, ms) = (
            get(&step, "name").as_string().unwrap_or_default(),
            number(&step, "duration"),
        );
        if name == "total" {
            total = ms;
        }
        write(&panel, &name, ms);
    }
    write(&panel, "net", (number(&entry, "duration") - total).max(0.0));
}

/// Of the letter or the list that is shown: the call that brought it, or the page itself.
fn last_answer(mail: Mail) -> Option<JsValue> {
    let performance: JsValue = window().performance()?.into();
    let entries = |kind: &str| {
        let ask = get(&performance, "getEntriesByType")
            .dyn_into::<js_sys::Function>()
            .ok()?;
        let found = ask.call1(&performance, &kind.into()).ok()?;
        Some(js_sys::Array::from(&found))
    };
    let letter = mail.opened().map(|letter| letter.message);
    let wanted = match &letter {
        // Others may have been fetched since, ahead.
        Some(letter) => letter.as_str(),
        None => "s_messages",
    };
    let brought = entries("resource")?.iter().rev().find(|entry| {
        let name = get(entry, "name").as_string().unwrap_or_default();
        name.contains("/api/") && name.contains(wanted)
    });
    brought.or_else(|| entries("navigation")?.iter().next())
}

fn write(panel: &web_sys::Element, step: &str, ms: f64) {
    if let Ok(Some(place)) = panel.query_selector(&["[data-took=\"", step, "\"]"].concat()) {
        // One decimal, without the formatter of floating numbers.
        let tenths = (ms * 10.0) as u64;
        place.set_text_content(Some(
            &[
                &crate::words::count(tenths / 10),
                ".",
                &crate::words::count(tenths % 10),
                " ms",
            ]
            .concat(),
        ));
    }
}

fn get(of: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(of, &name.into()).unwrap_or_default()
}

fn number(of: &JsValue, name: &str) -> f64 {
    get(of, name).as_f64().unwrap_or_default()
}
