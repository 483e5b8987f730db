use leptos::prelude::*;
use leptos_meta::Title;

/// The title of the document. leptos_meta prints it into the document as it stands, and a subject may hold anything: on the
/// server it is escaped here; in the browser it is set as text.
#[component]
pub fn PageTitle(text: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    let text = served(text);
    view! { <Title text=text /> }
}

/// On the server leptos_meta asks for the title after it has waited: another page may have been in hand on the thread meanwhile,
/// or the thread may be another. Without its page around it, `text` would read another person's context, and stop with a panic at
/// the first signal if that page is gone. The page is remembered weakly, since it holds the title.
fn served(text: impl Fn() -> String + Send + Sync + 'static) -> impl Fn() -> String + Send + Sync + 'static {
    let page = cfg!(feature = "ssr").then(root).flatten().map(|page| page.downgrade());
    move || {
        if !cfg!(feature = "ssr") {
            return text();
        }
        match page.as_ref().and_then(WeakOwner::upgrade) {
            Some(page) => escape(&page.with(&text)),
            None => escape(&text()),
        }
    }
}

/// What holds the whole page. The part that sets the title ends with the view it came from; this stays until all is sent.
fn root() -> Option<Owner> {
    let mut owner = Owner::current()?;
    while let Some(parent) = owner.parent() {
        owner = parent;
    }
    Some(owner)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_end_the_title() {
        assert_eq!(escape("a & </title><b>"), "a &amp; &lt;/title&gt;&lt;b&gt;");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn another_page_on_the_thread_changes_no_title() {
        // As a route does it: the part that sets the title is below the page, and ends before the title is asked for.
        let page = Owner::new_root(None);
        let title = page.with(|| {
            provide_context("ours");
            let signal = RwSignal::new(1);
            let part = Owner::new();
            part.with(|| served(move || format!("{} {}", use_context::<&str>().unwrap_or("none"), signal.get())))
        });
        let other = Owner::new_root(None);
        other.with(|| provide_context("theirs"));
        assert_eq!(title(), "ours 1", "while another page is in hand");
        drop(Owner::new_root(None));
        assert_eq!(title(), "ours 1", "after another page has ended");
    }
}
