//! In the browser: nodes.

use leptos::prelude::document;
use web_sys::Element;

/// Makes elements and texts; nothing is parsed.
pub(crate) struct Pen {
    /// The element begun last, still open.
    here: Option<Element>,
    /// The first element that was made.
    made: Option<Element>,
}

impl Pen {
    /// An element of HTML with what `inside` writes: attributes first.
    pub(crate) fn element(&mut self, tag: &'static str, inside: impl FnOnce(&mut Self)) {
        let element = document().create_element(tag);
        self.put(element.ok(), inside);
    }

    /// An element of SVG.
    pub(crate) fn drawing(&mut self, tag: &'static str, inside: impl FnOnce(&mut Self)) {
        let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
        self.put(element.ok(), inside);
    }

    /// An attribute of the element that was just begun; its value in pieces.
    pub(crate) fn attribute(&mut self, name: &'static str, value: &[&str]) {
        if let Some(here) = &self.here {
            // The name is one of ours, so no error can come.
            let _ = here.set_attribute(name, &value.concat());
        }
    }

    /// Text inside the element.
    pub(crate) fn text(&mut self, text: &str) {
        if let Some(here) = &self.here {
            let _ = here.append_child(&document().create_text_node(text));
        }
    }

    fn put(&mut self, element: Option<Element>, inside: impl FnOnce(&mut Self)) {
        let Some(element) = element else { return };
        let around = self.here.replace(element.clone());
        inside(self);
        match &around {
            Some(around) => {
                let _ = around.append_child(&element);
            }
            None => self.made = Some(element),
        }
        self.here = around;
    }
}

/// The element that `write` makes.
pub(super) fn element(write: impl FnOnce(&mut Pen)) -> Option<Element> {
    let mut pen = Pen { here: None, made: None };
    write(&mut pen);
    pen.made
}
