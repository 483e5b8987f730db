use api_types::ApiError;
use leptos::{prelude::FromServerFnError, server_fn::error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use server_fn::codec::PostcardEncoding;
use std::fmt;

/// The error of every server function: an [`ApiError`], also when the call itself failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure(pub ApiError);

impl Failure {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        match &self.0 {
            ApiError::SignedOut => 401,
            ApiError::NotFound => 404,
            ApiError::Gone => 410,
            // Not a redirect: the browser's code would follow it and miss the new place.
            ApiError::Moved { .. } => 409,
            ApiError::BadRequest => 400,
            ApiError::Unavailable(_) | ApiError::Offline => 503,
            ApiError::Internal { .. } => 500,
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl FromServerFnError for Failure {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr::{
            Args, Deserialization, MiddlewareError, MissingArg, Registration, Request, Response, Serialization,
            ServerError, UnsupportedRequestMethod,
        };
        Self(match error {
            Request(_) => ApiError::Offline,
            Args(_) | MissingArg(_) => ApiError::BadRequest,
            // In the browser: something between us answered in our stead. On the server: arguments that are no postcard.
            Deserialization(_) => {
                if cfg!(feature = "ssr") {
                    ApiError::BadRequest
                } else {
                    ApiError::Offline
                }
            }
            Registration(_)
            | UnsupportedRequestMethod(_)
            | ServerError(_)
            | MiddlewareError(_)
            | Serialization(_)
            | Response(_) => ApiError::Internal {
                incident: String::new(),
            },
        })
    }
}
