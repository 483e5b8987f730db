//! The output again as a browser's tokenizer sees it.

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};
use std::cell::RefCell;

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Start {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    pub starts: Vec<Start>,
    pub text: String,
    pub comments: usize,
    pub deepest: usize,
}

#[derive(Default)]
struct Sink {
    read: RefCell<Read>,
    open: RefCell<Vec<String>>,
}

const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut read = self.read.borrow_mut();
        let mut open = self.open.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let name = tag.name.to_string();
                if !VOID.contains(&name.as_str()) {
                    open.push(name.clone());
                    read.deepest = read.deepest.max(open.len());
                }
                let attributes = tag
                    .attrs
                    .iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()))
                    .collect();
                read.starts.push(Start { name, attributes });
            }
            Token::TagToken(tag) => {
                if let Some(at) = open.iter().rposition(|name| **name == *tag.name) {
                    open.truncate(at);
                }
            }
            Token::CharacterTokens(text) => read.text.push_str(&text),
            Token::CommentToken(_) => read.comments += 1,
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

pub fn read(html: &str) -> Read {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.read.into_inner()
}
