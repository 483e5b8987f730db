//! The socket: HTTP/1.1 with bounds on headers and on slow clients (security.md 8), and a stop that lets answers finish.

use crate::{config::Listen, lanes::Lanes, middleware::client::Peer};
use axum::{Router, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    fs::{self, Permissions},
    future::Future,
    io,
    net::SocketAddr,
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener, UnixStream},
};

/// A client that needs longer for its headers is not a browser.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// After an error of `accept` (no descriptors left), so that it does not spin.
const PAUSE: Duration = Duration::from_millis(200);
/// Of a socket in the file system: its group, the proxy's, may connect.
const SOCKET_MODE: u32 = 0o660;

/// Where connections come in.
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A socket in the file system, removed at the end.
    Unix(UnixListener, PathBuf),
}

/// A connection that no runtime has yet.
pub(crate) enum Stream {
    Tcp(std::net::TcpStream),
    Unix(std::os::unix::net::UnixStream),
}

impl Listener {
    /// Begins to listen. A socket that a process left behind when it was killed makes way; one that answers does not.
    pub async fn bind(at: &Listen) -> io::Result<Self> {
        match at {
            Listen::Address(address) => TcpListener::bind(address).await.map(Self::Tcp),
            Listen::Unix(path) => {
                remove_left_behind(path).await?;
                let listener = UnixListener::bind(path)?;
                fs::set_permissions(path, Permissions::from_mode(SOCKET_MODE))?;
                Ok(Self::Unix(listener, path.clone()))
            }
        }
    }

    /// The address, if there is one.
    pub fn address(&self) -> io::Result<Option<SocketAddr>> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Some),
            Self::Unix(..) => Ok(None),
        }
    }

    /// Free of the runtime that accepted it; a lane registers it with its own.
    async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                let _ = stream.set_nodelay(true);
                stream.into_std().map(Stream::Tcp)
            }
            Self::Unix(listener, _) => listener.accept().await?.0.into_std().map(Stream::Unix),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            let _ = fs::remove_file(path);
        }
    }
}

async fn remove_left_behind(path: &Path) -> io::Result<()> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
    if !is_socket {
        return Ok(());
    }
    match UnixStream::connect(path).await {
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "another process answers there",
        )),
        Err(_) => fs::remove_file(path),
    }
}

/// Takes connections, and hands them to the lanes, until `stop` is done; then waits for the last answers.
pub async fn serve(listener: Listener, mut lanes: Lanes, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
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

/// A router that tells its requests who holds the other end.
#[derive(Clone)]
pub(crate) struct WithPeer {
    service: TowerToHyperService<Router>,
    peer: Peer,
}

impl Service<Request<Incoming>> for WithPeer {
    type Response = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.service.call(request)
    }
}

/// One connection, with all its requests.
pub(crate) fn connection<I>(stream: I, peer: Peer, router: Router) -> http1::Connection<TokioIo<I>, WithPeer>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(100)
        .max_buf_size(64 << 10);
    let service = TowerToHyperService::new(router);
    http.serve_connection(TokioIo::new(stream), WithPeer { service, peer })
}
