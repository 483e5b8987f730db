//! `GET /signed-out`: back from the portal, which has ended its session too.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// The sign-in page says so.
pub async fn get() -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/sign-in?state=out")]).into_response()
}
