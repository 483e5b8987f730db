//! Parts of a page that are written in one go: text in elements, and nothing in them that listens or changes by itself. The
//! server writes them as one string; the browser takes them as they stand, and makes them node by node only when they are new.
//! A list of fifty rows costs a third of what it costs as components.
//!
//! Markup is only ever made through the [`Pen`]: it escapes what it is given, and no string of HTML is taken from anywhere.

#[cfg(feature = "ssr")]
mod html_pen;
#[cfg(not(feature = "ssr"))]
mod node_pen;
#[cfg(not(feature = "ssr"))]
mod patch;
#[cfg(not(feature = "ssr"))]
mod view;

#[cfg(feature = "ssr")]
pub(crate) use html_pen::Pen;
#[cfg(not(feature = "ssr"))]
pub(crate) use node_pen::Pen;

use leptos::prelude::*;

/// The element that `write` writes: one, with what is in it. In the browser `write` may never run.
pub(crate) fn written(write: impl FnOnce(&mut Pen) + Send + 'static) -> AnyView {
    written_then(false, write, || ())
}

/// The same; where it stands in the page already and is `kept`, it is not looked at. `then` is called as soon as one that stands
/// there has become what was written, before anything else can happen.
pub(crate) fn written_then(
    kept: bool,
    write: impl FnOnce(&mut Pen) + Send + 'static,
    then: impl FnOnce() + Send + 'static,
) -> AnyView {
    #[cfg(feature = "ssr")]
    {
        let _ = (kept, then);
        leptos::tachys::html::InertElement::new(html_pen::html(write)).into_any()
    }
    #[cfg(not(feature = "ssr"))]
    {
        view::Written::new(kept, write, then).into_any()
    }
}
