use crate::{prefs::use_words, words::count};
use api_types::{Inline, TextBlock};
use leptos::prelude::*;

/// Quotes of more lines than this are folded.
const FOLD: u32 = 8;
/// Quotes inside quotes, as nodes of the page; what is deeper is flattened, whoever made it.
const DEPTH: usize = 12;

/// A plain-text letter.
#[component]
pub fn TextBlocks(blocks: Vec<TextBlock>) -> impl IntoView {
    render(blocks, 0)
}

fn render(blocks: Vec<TextBlock>, depth: usize) -> AnyView {
    blocks
        .into_iter()
        .map(|block| one(block, depth))
        .collect_view()
        .into_any()
}

fn one(block: TextBlock, depth: usize) -> AnyView {
    match block {
        TextBlock::Paragraph(runs) => view! { <p>{runs.into_iter().map(inline).collect_view()}</p> }.into_any(),
        TextBlock::Signature(blocks) => view! { <div class="signature">{render(blocks, depth)}</div> }.into_any(),
        TextBlock::Quote { blocks, .. } if depth >= DEPTH => render(blocks, depth),
        // A quote inside a folded one is not folded again.
        TextBlock::Quote { lines, blocks } if lines > FOLD && depth == 0 => {
            let label = (use_words().letter.show_quote)(&count(u64::from(lines)));
            view! {
                <details class="quote">
                    <summary>{label}</summary>
                    <blockquote>{render(blocks, depth + 1)}</blockquote>
                </details>
            }
            .into_any()
        }
        TextBlock::Quote { blocks, .. } => view! { <blockquote>{render(blocks, depth + 1)}</blockquote> }.into_any(),
    }
}

fn inline(run: Inline) -> AnyView {
    match run {
        Inline::Text(text) => text.into_any(),
        Inline::Link { text, href } if is_safe(&href) => view! {
            <a href=href target="_blank" rel="noopener noreferrer">
                {text}
            </a>
        }
        .into_any(),
        Inline::Link { text, .. } => text.into_any(),
        Inline::Break => view! { <br /> }.into_any(),
    }
}

/// The renderer gives only these; a second look costs nothing.
fn is_safe(href: &str) -> bool {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| href.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_web_and_mail_links_are_links() {
        assert!(super::is_safe("https://a.example/"));
        assert!(super::is_safe("mailto:a@b.example"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "//a.example", " https://a"] {
            assert!(!super::is_safe(bad), "{bad}");
        }
    }
}
