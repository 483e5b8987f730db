//! Every page, component, URL and server function; compiled for the server (`ssr`) and for the browser (`hydrate`).
//!
//! - [`App`] is the table of pages, [`shell`] the document around it; [`context`] says what the process must hand in.
//! - [`paths`] has one function for each URL, [`api`] one file for each server function, `pages` one for each page,
//!   `components` one for each component, `live` what only happens in the browser.
//! - [`words`] holds every word a person reads, in every language.
//!
//! Must never hold mail logic, print raw HTML, format a date in the browser, or read the clock or the environment.
//!
//! To extend: a page is a file in `pages`, a line in [`App`], a function in [`paths`]; a server function is a file in `api`
//! whose body delegates to the mailroom in a few lines. A change needs the `Writer`, which only a POST can have.

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` exclude each other: build `hydrate` for wasm alone");

pub mod api;
#[cfg(feature = "ssr")]
pub mod context;
pub mod offer;
pub mod paths;
pub mod prefs;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod wording;
pub mod words;

mod app;
mod components;
mod live;
mod pages;
mod written;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
