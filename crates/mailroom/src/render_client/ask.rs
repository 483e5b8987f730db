//! What is asked of whoever renders, and what comes back: plain data, so that a thread here or a helper process may do the work. A
//! message is taken along with each question: who renders it can fetch nothing.

use render::{BodyDocument, BodyOptions, Options, Skeleton, Structure, TextWanted, View};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

/// What is to be made of a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    /// The view; and the document of its frame, which a page with HTML asks for next.
    Letter(Options, Option<BodyOptions>),
    /// The document, with the URLs of images, by part, once it is known of which.
    Document(BodyOptions, Option<Vec<(u32, String)>>),
    /// The document, without looking at its HTML.
    DocumentAlone(BodyOptions),
    Structure,
}

/// What was made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    View(Box<View>),
    Document(BodyDocument),
    /// There is a document that needs the URLs of these images.
    Unlinked(Vec<u32>),
    Structure(Structure),
}

impl What {
    /// Does it. What can be used before the rest is made is given `ahead`.
    pub(super) fn of(&self, skeleton: &Skeleton, ahead: impl FnOnce(Answer)) -> Answer {
        match self {
            Self::Letter(options, frame) => {
                let view = Box::new(render::message(skeleton, options));
                let is_framed = view.html.is_some() && (options.text == TextWanted::WithoutHtml || !view.has_text);
                match frame.as_ref().filter(|_| is_framed) {
                    Some(frame) => {
                        ahead(Answer::View(view));
                        document(skeleton, frame, None)
                    }
                    None => Answer::View(view),
                }
            }
            Self::Document(options, urls) => document(skeleton, options, urls.as_deref()),
            Self::DocumentAlone(options) => Answer::Document(render::text_document_alone(skeleton, options)),
            Self::Structure => Answer::Structure(render::structure(skeleton)),
        }
    }
}

fn document(skeleton: &Skeleton, options: &BodyOptions, urls: Option<&[(u32, String)]>) -> Answer {
    let lacking = RefCell::new(Vec::new());
    let link = |part| match urls {
        Some(urls) => urls
            .iter()
            .find(|(number, _)| *number == part)
            .map(|(_, url)| url.clone()),
        None => {
            lacking.borrow_mut().push(part);
            Some(String::new())
        }
    };
    let document = render::body_document_linking(skeleton, options, &link);
    match document.links_images && urls.is_none() {
        true => Answer::Unlinked(lacking.into_inner()),
        false => Answer::Document(document),
    }
}
