//! Asking a provider: few bytes, soon, and from nowhere else than asked.

use crate::{SettingsError, SsoError};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::{error::Error, future::Future, pin::Pin, time::Duration};

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// Speaks to one provider.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    client: reqwest::Client,
    most: usize,
}

/// Why there is no answer. Says nothing of what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct WebError(String);

impl Web {
    /// `most` bytes are taken of an answer. Certificates are checked against `ca_pem` alone if there is one, else against those
    /// of the system.
    pub(crate) fn new(most: usize, https_only: bool, ca_pem: Option<&[u8]>) -> Result<Self, SettingsError> {
        let refused = |error: reqwest::Error| SettingsError::new("ca_file", chain(&error));
        let mut builder = reqwest::Client::builder()
            .use_rustls_tls()
            .https_only(https_only)
            // A redirect could lead into the network behind us, with the client's secret.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            // The environment is not ours to read.
            .no_proxy()
            .referer(false)
            .user_agent("fumibako");
        if let Some(pem) = ca_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(refused)?;
            if certificates.is_empty() {
                return Err(SettingsError::new("ca_file", "no certificate in it"));
            }
            builder = builder.tls_built_in_root_certs(false);
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        Ok(Self {
            client: builder.build().map_err(refused)?,
            most,
        })
    }

    /// The answer, unless it sends us elsewhere, confesses a failure of the server, or is too long.
    pub(crate) async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let request = reqwest::Request::try_from(request).map_err(WebError::from)?;
        let mut response = self.client.execute(request).await?;
        let status = response.status();
        if status.is_redirection() || status.is_server_error() {
            return Err(WebError(format!("it says {status}")));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > self.most {
                return Err(WebError(format!("the answer is longer than {} bytes", self.most)));
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = response.headers().clone();
        Ok(answer)
    }

    /// As [`Self::answer`], for a plain GET.
    pub(crate) async fn get(&self, url: &str) -> Result<HttpResponse, SsoError> {
        let request = http::Request::get(url).body(Vec::new());
        let request = request.map_err(|_| SsoError::Unavailable("its address is none".to_owned()))?;
        Ok(self.answer(request).await?)
    }
}

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.answer(request))
    }
}

impl From<reqwest::Error> for WebError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a ticket.
        Self(chain(&error.without_url()))
    }
}

impl From<WebError> for SsoError {
    fn from(error: WebError) -> Self {
        Self::Unavailable(error.0)
    }
}

/// The error and its causes: "error sending request" alone does not say that a certificate is unknown.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        for pem in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let error = Web::new(1, true, Some(pem.as_bytes())).unwrap_err();
            assert_eq!(error.setting, "ca_file", "{pem}");
        }
    }
}
