use leptos::prelude::*;
use leptos_meta::Title;

/// The title of the document. leptos_meta prints it into the document as it stands, and a subject may hold anything: on the
/// server it is escaped here; in the browser it is set as text.
#[component]
pub fn PageTitle(text: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    let text = move || if cfg!(feature = "ssr") { escape(&text()) } else { text() };
    view! { <Title text=text /> }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_subject_cannot_end_the_title() {
        assert_eq!(super::escape("a & </title><b>"), "a &amp; &lt;/title&gt;&lt;b&gt;");
    }
}
