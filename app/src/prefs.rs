//! What the person chose, known on both sides: the server prints it on `<html>`, the browser reads it there, so that both
//! make the same page.

use crate::words::{self, Words};
use leptos::prelude::*;

/// Language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

impl Lang {
    /// Every language, as offered.
    pub const ALL: [Lang; 2] = [Lang::Ja, Lang::En];

    /// BCP 47 tag: `<html lang>` and the cookie `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// Reads a tag with or without region (`en-GB`); `None` for a language without catalogue.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }

    /// The catalogue.
    pub fn words(self) -> &'static Words {
        words::of(self)
    }
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, as offered.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// `<html data-theme>` and the cookie `theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the cookie; an unknown word is `Auto`.
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .unwrap_or_default()
    }
}

/// The choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefs {
    /// Language.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// IANA name of the time zone.
    pub zone: String,
    /// Single keys act.
    pub keys: bool,
}

impl Prefs {
    /// The choices behind the page being made.
    #[cfg(feature = "ssr")]
    pub fn of_page() -> Self {
        use_context::<crate::context::Viewer>()
            .map(|viewer| viewer.prefs)
            .unwrap_or_default()
    }

    /// The choices printed on the page.
    #[cfg(not(feature = "ssr"))]
    pub fn of_page() -> Self {
        let Some(root) = document().document_element() else {
            return Self::default();
        };
        let read = |name: &str| root.get_attribute(name).unwrap_or_default();
        Self {
            lang: Lang::from_tag(&read("lang")).unwrap_or_default(),
            theme: Theme::from_word(&read("data-theme")),
            zone: read("data-zone"),
            keys: read("data-keys") != "off",
        }
    }
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            lang: Lang::default(),
            theme: Theme::default(),
            zone: "Asia/Tokyo".to_owned(),
            keys: true,
        }
    }
}

/// The choices, in any component.
pub fn use_prefs() -> Prefs {
    use_context::<Prefs>().unwrap_or_else(Prefs::of_page)
}

/// The catalogue, in any component.
pub fn use_words() -> &'static Words {
    use_context::<&'static Words>().unwrap_or_else(|| use_prefs().lang.words())
}
