//! The socket: HTTP/1.1 with bounds on headers and on slow clients (security.md 8), and a stop that lets answers finish.

use crate::lanes::Lanes;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{future::Future, io, time::Duration};
use tokio::net::{TcpListener, TcpStream};

/// A client that needs longer for its headers is not a browser.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// After an error of `accept` (no descriptors left), so that it does not spin.
const PAUSE: Duration = Duration::from_millis(200);

/// Takes connections, and hands them to the lanes, until `stop` is done; then waits for the last answers.
pub async fn serve(listener: TcpListener, mut lanes: Lanes, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted.and_then(|(stream, _)| detached(stream)) {
            Ok(stream) => lanes.take(stream),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    lanes.stop().await;
}

/// Free of the runtime that accepted it; a lane registers it with its own.
fn detached(stream: TcpStream) -> io::Result<std::net::TcpStream> {
    let _ = stream.set_nodelay(true);
    stream.into_std()
}

/// One connection, with all its requests.
pub(crate) fn connection(
    stream: TcpStream,
    router: Router,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(100)
        .max_buf_size(64 << 10);
    http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}
