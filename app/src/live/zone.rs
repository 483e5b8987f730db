/// Tells the server the browser's time zone once, in the cookie `tz`; the settings page changes it.
#[cfg(not(feature = "ssr"))]
pub(crate) fn remember_zone() {
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, JsValue};

    Effect::new(|_| {
        let document = document().unchecked_into::<web_sys::HtmlDocument>();
        let cookies = document.cookie().unwrap_or_default();
        if cookies.split(';').any(|cookie| cookie.trim_start().starts_with("tz=")) {
            return;
        }
        let options =
            js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
        let zone = js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
            .ok()
            .and_then(|zone| zone.as_string());
        let Some(zone) = zone else { return };
        let secure = if window()
            .location()
            .protocol()
            .is_ok_and(|protocol| protocol == "https:")
        {
            "; Secure"
        } else {
            ""
        };
        let _ = document.set_cookie(&["tz=", &zone, "; Path=/; Max-Age=31536000; SameSite=Lax", secure].concat());
    });
}

/// The server has no zone to tell.
#[cfg(feature = "ssr")]
pub(crate) fn remember_zone() {}
