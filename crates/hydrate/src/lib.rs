//! The browser entry: wakes the page the server sent. Holds no logic and never will; it is a `cdylib` alone, since a mix with
//! `rlib` loses LTO. To extend: don't, everything belongs in `app`.
#![deny(missing_docs)]

/// Called by the glue once the wasm is there.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
