//! How the person wants pages: cookies first, then what the browser says, then what the site says.

use crate::settings::Settings;
use app::prefs::{Lang, Prefs, Theme};
use axum::http::{HeaderMap, header};

/// The choices behind `headers`.
pub fn prefs(headers: &HeaderMap, settings: &Settings) -> Prefs {
    let site = Lang::from_tag(&settings.ui.default_language).unwrap_or_default();
    let zone = cookie(headers, "tz").filter(|zone| is_zone(zone));
    Prefs {
        lang: cookie(headers, "lang")
            .and_then(Lang::from_tag)
            .or_else(|| accepted(headers))
            .unwrap_or(site),
        theme: cookie(headers, "theme").map(Theme::from_word).unwrap_or_default(),
        zone: zone.unwrap_or(&settings.ui.default_timezone).to_owned(),
        keys: cookie(headers, "keys") != Some("off"),
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A time zone that can be computed with.
pub fn is_zone(name: &str) -> bool {
    name.len() <= 64 && jiff::tz::TimeZone::get(name).is_ok()
}

/// The best language of Accept-Language (RFC 9110 §12.5.4) that there is a catalogue for.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u32, Lang)> = None;
    for entry in line.split(',').take(20) {
        let (tag, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight: f32 = weight
            .trim()
            .strip_prefix("q=")
            .and_then(|q| q.parse().ok())
            .unwrap_or(1.0);
        let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u32;
        if let Some(lang) = Lang::from_tag(tag.trim())
            && weight > best.map_or(0, |(weight, _)| weight)
        {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Limits, Session, Ui};

    fn seen(pairs: &[(&'static str, &'static str)]) -> Prefs {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 4080));
        prefs(
            &headers,
            &Settings::local(address, Limits::default(), Session::default(), Ui::default()),
        )
    }

    #[test]
    fn the_cookie_then_the_browser_then_the_site() {
        assert_eq!(seen(&[]).lang, Lang::Ja);
        assert_eq!(seen(&[("accept-language", "fr, en-GB;q=0.8, ja;q=0.5")]).lang, Lang::En);
        assert_eq!(seen(&[("accept-language", "en;q=0, de")]).lang, Lang::Ja);
        assert_eq!(
            seen(&[("accept-language", "ja"), ("cookie", "a=b; lang=en")]).lang,
            Lang::En
        );
        assert_eq!(
            seen(&[("accept-language", "en"), ("cookie", "lang=tlh")]).lang,
            Lang::En
        );
    }

    #[test]
    fn a_zone_that_is_none_is_not_used() {
        assert_eq!(seen(&[("cookie", "tz=Europe/Paris")]).zone, "Europe/Paris");
        assert_eq!(seen(&[("cookie", "tz=Mars/Olympus")]).zone, "Asia/Tokyo");
        assert_eq!(
            seen(&[("cookie", "xtz=Europe/Paris; keys=off; theme=dark")]).theme,
            Theme::Dark
        );
    }
}
