//! One class of headers for each kind of answer (security.md 3). A route states its class once, in `router.rs`; an answer
//! that turned out to be of another kind (an error page where a file was asked for) carries its own.

use crate::{random, routes::image, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// The kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A page of the portal (3.1).
    Document,
    /// The document in a letter's frame (3.2).
    Frame,
    /// The same, of a letter that loads images of its own by themselves.
    FrameWithImages,
    /// Such an image: to be had by its URL alone (3.3).
    Capability,
    /// A file to be saved, or shown by itself: nothing in it may act (3.4).
    Attachment,
    /// Server functions (3.5).
    Data,
    /// Embedded files under hashed names (3.6).
    Asset,
    /// Files under a fixed name, as the icon.
    Fixed,
}

/// The nonce of this request's policy, in the request's extensions.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), \
     payment=(), usb=(), serial=(), hid=()";
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'; report-uri /csp-report";

/// Sets the headers of `class`.
pub async fn set(State((app, class)): State<(AppState, Class)>, mut request: Request, next: Next) -> Response {
    let nonce = random::token();
    if class == Class::Document {
        request.extensions_mut().insert(Nonce(nonce.clone()));
    }
    let mut response = next.run(request).await;
    if response.extensions().get::<Done>().is_some() {
        return response;
    }
    let class = response.extensions().get::<Class>().copied().unwrap_or(class);
    let headers = response.headers_mut();
    let form_origins = app.auth().form_origins();
    let site = Site {
        portal: &form_origins,
        origin: app.settings().origin(),
        https: app.settings().is_https(),
    };
    apply(headers, class, &nonce, &site);
    response.extensions_mut().insert(Done);
    response
}

/// Marks an answer whose headers are set, so that an outer class leaves it alone.
#[derive(Clone, Copy)]
struct Done;

/// `images`: where images may come from besides the document itself, after a blank.
fn frame_policy(images: &str) -> String {
    format!(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:{images}; style-src \
         'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// What headers say of this portal.
struct Site<'a> {
    /// Origins that a form may lead to besides here, by redirects; empty or with blanks between.
    portal: &'a str,
    origin: &'a str,
    https: bool,
}

fn apply(headers: &mut HeaderMap, class: Class, nonce: &str, site: &Site<'_>) {
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let permissions = HeaderName::from_static("permissions-policy");
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    let resource = HeaderName::from_static("cross-origin-resource-policy");
    let dns = HeaderName::from_static("x-dns-prefetch-control");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(resource.clone(), "same-origin");
    match class {
        Class::Document => {
            let portal = if site.portal.is_empty() {
                String::new()
            } else {
                format!(" {}", site.portal)
            };
            let policy = format!(
                "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' \
                 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action \
                 'self'{portal}; manifest-src 'self'; worker-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors \
                 'none'; report-uri /csp-report"
            );
            put(header::CONTENT_SECURITY_POLICY, &policy);
            put(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, TRUSTED_TYPES);
            put(header::X_FRAME_OPTIONS, "DENY");
            put(header::REFERRER_POLICY, "same-origin");
            put(opener, "same-origin");
            put(permissions, PERMISSIONS);
            put(dns, "off");
            put(header::CACHE_CONTROL, "no-store");
        }
        Class::Frame | Class::FrameWithImages => {
            let images = match class {
                // Named, not 'self': the document is sandboxed and so of no origin.
                Class::FrameWithImages => format!(" {}{}/", site.origin, image::PREFIX),
                _ => String::new(),
            };
            put(header::CONTENT_SECURITY_POLICY, &frame_policy(&images));
            put(header::X_FRAME_OPTIONS, "SAMEORIGIN");
            put(header::REFERRER_POLICY, "no-referrer");
            put(opener, "same-origin");
            put(permissions, PERMISSIONS);
            put(dns, "off");
            put(header::CACHE_CONTROL, "no-store");
        }
        Class::Capability => {
            put(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
            // For the frame everything is another site's.
            put(resource, "cross-origin");
            put(header::REFERRER_POLICY, "no-referrer");
            put(header::CACHE_CONTROL, "private, max-age=600");
        }
        Class::Attachment => {
            put(
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'; frame-ancestors 'none'",
            );
            put(header::REFERRER_POLICY, "no-referrer");
            put(header::CACHE_CONTROL, "no-store");
        }
        Class::Data => {
            put(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; frame-ancestors 'none'",
            );
            put(header::CACHE_CONTROL, "no-store");
        }
        Class::Asset => put(header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        Class::Fixed => {
            put(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            );
            put(header::CACHE_CONTROL, "public, max-age=3600");
        }
    }
    if site.https {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
}
