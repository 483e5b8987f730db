//! The browser's time zone. The server learns it from the cookie `tz`; the settings page changes it.

use crate::{pages::Mail, prefs::use_prefs};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Whether the server made the page for another zone than it was told just now.
#[derive(Clone, Copy)]
pub(crate) struct Zone {
    differs: RwSignal<bool>,
}

impl Zone {
    /// Tells the server once.
    pub(crate) fn tell() -> Self {
        let differs = RwSignal::new(false);
        let made_for = use_prefs().zone;
        Effect::new(move |_| {
            let told = tell_once();
            differs.set(told.is_some_and(|zone| zone != made_for));
        });
        Self { differs }
    }
}

/// What was made for another zone is asked for again, so that no page shows two.
pub(super) fn keep(mail: Mail) {
    let Some(Zone { differs }) = use_context::<Zone>() else {
        return;
    };
    Effect::new(move |_| {
        if differs.get() {
            differs.set(false);
            mail.cache.clear();
            mail.list.refetch();
            mail.letter.refetch();
        }
    });
}

/// The zone, if the server did not know it.
fn tell_once() -> Option<String> {
    let document = document().unchecked_into::<web_sys::HtmlDocument>();
    let cookies = document.cookie().unwrap_or_default();
    if cookies.split(';').any(|cookie| cookie.trim_start().starts_with("tz=")) {
        return None;
    }
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    let zone = js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()?
        .as_string()?;
    let protocol = window().location().protocol();
    let secure = if protocol.is_ok_and(|protocol| protocol == "https:") {
        "; Secure"
    } else {
        ""
    };
    document
        .set_cookie(&["tz=", &zone, "; Path=/; Max-Age=31536000; SameSite=Lax", secure].concat())
        .ok()?;
    Some(zone)
}
