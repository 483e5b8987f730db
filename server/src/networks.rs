//! Addresses, and the networks they are in.

use crate::setup::SetupError;
use ipnet::IpNet;
use std::net::IpAddr;

/// Networks named in the configuration: `10.0.0.0/8`, or single addresses.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads them.
    pub fn new(names: &[String]) -> Result<Self, SetupError> {
        let read = |name: &String| {
            let address = || name.parse::<IpAddr>().map(IpNet::from);
            let network = name.parse::<IpNet>().or_else(|_| address());
            network
                .map_err(|_| SetupError::Text(format!("{name:?} is no network: write 192.0.2.0/24 or 2001:db8::/32")))
        };
        Ok(Self(names.iter().map(read).collect::<Result<_, _>>()?))
    }

    /// None is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_addresses() {
        let networks = Networks::new(&["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"].map(str::to_owned)).unwrap();
        for (address, inside) in [
            ("10.2.3.4", true),
            ("::ffff:10.2.3.4", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8::1", true),
            ("::1", false),
        ] {
            assert_eq!(networks.contain(address.parse().unwrap()), inside, "{address}");
        }
        assert!(Networks::new(&["campus".to_owned()]).is_err());
    }
}
