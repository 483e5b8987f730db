//! What was written, as a part of the page in the browser.

use super::{
    node_pen::{self, Pen},
    patch::patch,
};
use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::{CastFrom, Rndr},
        view::{Position, PositionState},
    },
};
use web_sys::{Element, Node};

type Write = Box<dyn FnOnce(&mut Pen) + Send>;

/// Standing in the page already, it is left as it is; else it is made.
pub(super) struct Written {
    kept: bool,
    write: Write,
    then: Box<dyn FnOnce() + Send>,
}

impl Written {
    pub(super) fn new(
        kept: bool,
        write: impl FnOnce(&mut Pen) + Send + 'static,
        then: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (write, then) = (Box::new(write), Box::new(then));
        Self { kept, write, then }
    }

    fn make(self) -> Element {
        make(self.write)
    }
}

fn make(write: Write) -> Element {
    node_pen::element(write).unwrap_or_else(|| Rndr::create_element("span", None))
}

/// The element in the page.
pub(super) struct Standing(Element);

impl Mountable for Standing {
    fn unmount(&mut self) {
        self.0.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.0.clone()]
    }
}

impl Render for Written {
    type State = Standing;

    fn build(self) -> Standing {
        Standing(self.make())
    }

    fn rebuild(self, state: &mut Standing) {
        if self.kept {
            return;
        }
        let new = make(self.write);
        // Another id says that it is another thing: what the person opened in the last one is not open in this.
        if new.tag_name() == state.0.tag_name() && new.id() == state.0.id() {
            patch(&state.0, &new);
        } else {
            // An element without a parent has no place to give: nothing of it is on the screen.
            let _ = state.0.replace_with_with_node_1(&new);
            state.0 = new;
        }
        (self.then)();
    }
}

impl AddAnyAttr for Written {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self
    }
}

impl RenderHtml for Written {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    /// The server writes strings: `super::html_pen`.
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Standing {
        match position.get() {
            Position::FirstChild => {
                cursor.child();
            }
            Position::Current => {}
            _ => {
                cursor.sibling();
            }
        }
        position.set(Position::NextChild);
        let here = Element::cast_from(cursor.current());
        Standing(here.unwrap_or_else(|| self.make()))
    }

    fn into_owned(self) -> Self {
        self
    }
}
