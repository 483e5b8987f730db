//! A name, its addresses, and a connection to one of them.

use crate::{Cause, trouble::Trouble};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::net::{TcpStream, lookup_host};

/// More addresses of one name are not tried.
const MOST_ADDRESSES: usize = 4;

/// Connects within `patience`.
pub async fn connect(host: &str, port: u16, patience: Duration) -> Result<TcpStream, Trouble> {
    first_of(&resolve(host, port).await?, patience).await
}

/// The patience is shared by the addresses: one that swallows packets (an IPv6 route that leads nowhere) leaves the next its part.
async fn first_of(addresses: &[SocketAddr], patience: Duration) -> Result<TcpStream, Trouble> {
    let share = patience / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut trouble = Trouble::new(Cause::NotFound, "the name has no address");
    for address in addresses {
        trouble = match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(without_delay(stream)),
            Ok(Err(error)) => Trouble::connecting(&error),
            Err(_) => Trouble::new(Cause::Timeout, "an address does not answer"),
        };
    }
    Err(trouble)
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Trouble> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = lookup_host((host, port)).await;
    let found = found.map_err(|error| Trouble::new(Cause::NotFound, &error.to_string()))?;
    Ok(found.take(MOST_ADDRESSES).collect())
}

/// Commands are short and each waits for its answer; without this some would wait for Nagle as well.
fn without_delay(stream: TcpStream) -> TcpStream {
    // Slower, not wrong.
    let _ = stream.set_nodelay(true);
    stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, TcpSocket};

    #[tokio::test]
    async fn the_next_address_is_tried() {
        // Ours, but nobody listens there.
        let silent = TcpSocket::new_v4().unwrap();
        silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (dead, alive) = (silent.local_addr().unwrap(), listener.local_addr().unwrap());
        let patience = Duration::from_secs(60);
        let stream = first_of(&[dead, alive], patience).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), alive);
        assert_eq!(first_of(&[dead], patience).await.unwrap_err().cause, Cause::Unreachable);
        assert_eq!(first_of(&[], patience).await.unwrap_err().cause, Cause::NotFound);
    }
}
