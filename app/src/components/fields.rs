use crate::written::Pen;
use api_types::{ListQuery, Sort};

/// What a form says of the list besides its own field, so that the same list answers it.
pub(super) fn fields(pen: &mut Pen, query: &ListQuery) {
    let search = query.search.as_ref();
    let fields = [
        ("q", search.map(|search| search.text.as_str())),
        (
            "in",
            search.and_then(|search| search.within.as_ref()).map(|id| id.as_str()),
        ),
        ("sort", (query.sort != Sort::default()).then_some(query.sort.as_str())),
        ("unread", query.unread.then_some("1")),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            pen.element("input", |pen| {
                pen.attribute("type", &["hidden"]);
                pen.attribute("name", &[name]);
                pen.attribute("value", &[value]);
            });
        }
    }
}
