//! The one list of routes.

use crate::{
    assets,
    middleware::{
        account, compress, csrf, limits, notices, panics, security_headers, security_headers::Class, timing, trace,
    },
    routes, sessions,
    state::AppState,
};
use axum::{
    Router,
    http::HeaderMap,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, any, get, post},
};
use std::{collections::HashSet, sync::LazyLock};

/// Where CAS sends people back to, and where it says that one has signed out.
const CAS_CALLBACK: &str = "/auth/cas/callback";

/// The whole portal as one service.
pub fn build_router(app: AppState) -> Router {
    let class = |class| from_fn_with_state((app.clone(), class), security_headers::set);

    // For people who are signed in; others are sent to the sign-in page.
    let files = Router::new()
        .route("/m/{mailbox}/{message}/part/{part}", get(routes::part::get))
        .route("/m/{mailbox}/{message}/parts.zip", get(routes::zip::get))
        .route("/m/{mailbox}/{message}/source", get(routes::source::get))
        .route("/m/{mailbox}/export", get(routes::export::mailbox))
        .route(app::paths::export_file(), get(routes::export::file))
        .layer(class(Class::Attachment))
        .route_layer(from_fn_with_state(app.clone(), account::require));
    let frame = Router::new()
        .route("/m/{mailbox}/{message}/body", get(routes::body::get))
        .layer(class(Class::Frame))
        .route_layer(from_fn_with_state(app.clone(), account::require))
        .layer(from_fn(compress::whole));

    let forms = Router::new()
        .route(app::paths::export(), get(routes::export::page))
        .layer(class(Class::Document))
        .route_layer(from_fn_with_state(app.clone(), account::require))
        .layer(from_fn(compress::whole));

    let own: HashSet<&str> = ["/", "/sign-in/once/{token}", "/sign-out", "/settings"].into();
    let for_people =
        |path: &str| path.starts_with("/m/") || [app::paths::search(), app::paths::sessions()].contains(&path);
    let mut pages = Router::new();
    for path in page_paths() {
        let page: MethodRouter<AppState> = get(routes::pages::render);
        let page = if for_people(path) {
            page.route_layer(from_fn_with_state(app.clone(), account::require))
        } else {
            page
        };
        if path == "/settings" {
            pages = pages.route(path, page.post(routes::settings::post));
        } else if !own.contains(path.as_str()) {
            pages = pages.route(path, page);
        }
    }
    if !page_paths().iter().any(|path| path == "/settings") {
        pages = pages.route("/settings", post(routes::settings::post));
    }
    let for_staff = Router::new()
        .route(
            app::paths::incidents(),
            get(routes::incidents::list).post(routes::incidents::open),
        )
        .route(
            &format!("{}/{{id}}", app::paths::incidents()),
            get(routes::incidents::one).post(routes::incidents::change),
        )
        .route_layer(from_fn_with_state(app.clone(), routes::incidents::guard));
    let snapshots = get(routes::snapshots::get).route_layer(from_fn_with_state(app.clone(), account::require));
    let pages = pages
        .merge(for_staff)
        .route("/", get(routes::home::get))
        .route(app::paths::snapshots(), snapshots)
        .route("/sign-in/once/{token}", get(routes::sign_in::once))
        .route("/sign-in/start", get(routes::auth::start::get))
        .route("/sign-in/code", post(routes::auth::code::post))
        .route("/sign-in/password", post(routes::auth::password::post))
        .route("/auth/oidc/callback", get(routes::auth::oidc::callback))
        .route(CAS_CALLBACK, get(routes::auth::cas::callback))
        .route("/sign-out", post(routes::sign_out::post))
        .route("/signed-out", get(routes::signed_out::get))
        .route("/sessions/end", post(routes::sessions::end))
        .route(app::paths::client_timeout(), get(routes::help::client_timeout))
        .fallback(routes::pages::render)
        .layer(class(Class::Document))
        .layer(from_fn(compress::whole));

    let mut functions = Router::new();
    let paths: HashSet<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    for path in paths {
        functions = functions.route(path, any(routes::api::call));
    }
    let functions = functions.layer(class(Class::Data)).layer(from_fn(compress::whole));

    let with_session = Router::new()
        .merge(files)
        .merge(frame)
        .merge(forms)
        .merge(pages)
        .merge(functions)
        .layer(axum::middleware::from_fn(notices::remember))
        .layer(from_fn_with_state(app.clone(), account::identify))
        .layer(sessions::layer(&app))
        .layer(from_fn_with_state(app.clone(), timing::measure));

    // Read when nothing else works: nothing of it waits for the database, so no session is looked up either.
    let status_page = Router::new()
        .route("/status", get(routes::status::get))
        .layer(class(Class::Document))
        .layer(from_fn(compress::whole));
    let status = Router::new()
        .route("/status.json", get(routes::status_json::get))
        .route("/status.rss", get(routes::status_rss::get))
        .layer(from_fn(compress::whole));
    let mut without_session = Router::new()
        .route("/healthz", get(routes::health::healthz))
        .route("/readyz", get(routes::health::readyz))
        .route("/csp-report", post(routes::csp_report::accept))
        .merge(status)
        .merge(status_page)
        .layer(class(Class::Data));
    // The frame that asks for these sends no cookie, so there is no session to look for.
    let images = Router::new()
        .route("/image/{mailbox}/{message}/{part}", get(routes::image::get))
        .layer(class(Class::Capability));
    without_session = without_session.merge(images);
    for file in assets::all() {
        let send = move |headers: HeaderMap| async move { routes::assets::send(file, &headers) };
        without_session = without_session.route(file.path, get(send).layer(class(Class::Asset)));
    }

    // The campus portal itself speaks, not a browser: no cookies, and nothing to check but what is said.
    let from_portal = Router::new()
        .route("/auth/oidc/backchannel-logout", post(routes::auth::oidc::backchannel))
        .route(CAS_CALLBACK, post(routes::auth::cas::logout))
        .layer(class(Class::Data));

    Router::new()
        .merge(with_session)
        .merge(without_session)
        .layer(from_fn_with_state(app.clone(), csrf::check))
        .merge(from_portal)
        .layer(from_fn_with_state(app.clone(), limits::check))
        .layer(from_fn_with_state(app.clone(), panics::catch))
        .layer(class(Class::Document))
        .layer(from_fn_with_state(app.clone(), trace::log))
        .with_state(app)
}

/// Paths of the pages, in axum's words. Server functions are not among them: leptos adds those only in `leptos_routes`, which
/// is not used here, and the list of exclusions would come back as part of this one.
///
/// Asked once, before the first page can be rendered: while leptos lists them it keeps every resource of the process from
/// loading, and a page rendered in that moment would never end.
fn page_paths() -> &'static [String] {
    static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let listings = leptos_axum::generate_route_list(app::App);
        listings.into_iter().map(|listing| listing.path().to_owned()).collect()
    });
    &PATHS
}
