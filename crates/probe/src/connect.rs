//! A name, its addresses, and a connection to one of them.

use crate::{Cause, trouble::Trouble};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::net::{TcpStream, lookup_host};

/// More addresses of one name are not tried.
const MOST_ADDRESSES: usize = 4;

/// Connects within `patience`, which is shared by the addresses: an address that swallows packets (an IPv6 route that leads
/// nowhere) leaves the next one its part.
pub async fn connect(host: &str, port: u16, patience: Duration) -> Result<TcpStream, Trouble> {
    let addresses = resolve(host, port).await?;
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
