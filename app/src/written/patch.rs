//! What stands in the page becomes what was written anew, with as little change as can be: the focus, the scroll and what the
//! pointer is on stay where they are.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// The person opens and closes these; writing anew says nothing of it.
const THEIRS: &str = "open";

/// Makes `old` like `new`, from which it takes what it lacks. Children with an id are the same wherever they stand, others by
/// their place.
pub(super) fn patch(old: &Element, new: &Element) {
    attributes(old, new);
    let coming = ids(new);
    let mut here = old.first_child();
    let mut next_new = new.first_child();
    while let Some(child) = next_new {
        next_new = child.next_sibling();
        // What is gone goes first: to move all that follows before it would take the focus from it.
        while let Some(gone) = here.take_if(|here| is_gone(here, &coming)) {
            here = gone.next_sibling();
            let _ = old.remove_child(&gone);
        }
        let Some(same) = counterpart(old, here.as_ref(), &child) else {
            let _ = old.insert_before(&child, here.as_ref());
            continue;
        };
        if here.as_ref() == Some(&same) {
            here = same.next_sibling();
        } else {
            let _ = old.insert_before(&same, here.as_ref());
        }
        match (same.dyn_ref::<Element>(), child.dyn_ref::<Element>()) {
            (Some(same), Some(child)) => patch(same, child),
            _ => {
                if same.node_value() != child.node_value() {
                    same.set_node_value(child.node_value().as_deref());
                }
            }
        }
    }
    while let Some(gone) = here {
        here = gone.next_sibling();
        let _ = old.remove_child(&gone);
    }
}

fn id(node: &Node) -> String {
    node.dyn_ref::<Element>().map(Element::id).unwrap_or_default()
}

/// The ids of the children, in order of their letters.
fn ids(parent: &Element) -> Vec<String> {
    let mut ids: Vec<String> = std::iter::successors(parent.first_child(), Node::next_sibling)
        .map(|child| id(&child))
        .filter(|id| !id.is_empty())
        .collect();
    ids.sort_unstable();
    ids
}

/// Whether an element with an id is not among those that come.
fn is_gone(here: &Node, coming: &[String]) -> bool {
    let id = id(here);
    !id.is_empty() && coming.binary_search(&id).is_err()
}

/// What stands for `child` already.
fn counterpart(old: &Element, here: Option<&Node>, child: &Node) -> Option<Node> {
    let wanted = id(child);
    let alike = |node: &Node| node.node_name() == child.node_name() && id(node) == wanted;
    if let Some(here) = here.filter(|here| alike(here)) {
        return Some(here.clone());
    }
    if wanted.is_empty() {
        return None;
    }
    let elsewhere: Node = old.owner_document()?.get_element_by_id(&wanted)?.into();
    (alike(&elsewhere) && elsewhere.parent_node().as_ref() == Some(old)).then_some(elsewhere)
}

fn attributes(old: &Element, new: &Element) {
    for name in old.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        if name != THEIRS && !new.has_attribute(&name) {
            let _ = old.remove_attribute(&name);
        }
    }
    for name in new.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        let value = new.get_attribute(&name);
        if let Some(value) = value.filter(|value| old.get_attribute(&name).as_ref() != Some(value)) {
            let _ = old.set_attribute(&name, &value);
        }
    }
}
