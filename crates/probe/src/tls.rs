//! TLS by rustls on ring: the system's certificates, and those of the target.

use crate::trouble::Trouble;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        client::Resumption,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// What a handshake needs.
#[derive(Clone)]
pub struct Secured {
    name: ServerName<'static>,
    connector: TlsConnector,
}

impl Secured {
    /// `None` if one of the certificates cannot be trusted as an authority.
    pub fn new(name: ServerName<'static>, own: Vec<CertificateDer<'static>>) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(of_the_system().iter().cloned());
        for certificate in own {
            roots.add(certificate).ok()?;
        }
        // Named, not left to the process: which provider is the default there depends on what else is linked.
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let mut config = builder
            .with_safe_default_protocol_versions()
            .ok()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // A resumed session shows no certificate: that it has expired meanwhile would go unseen.
        config.resumption = Resumption::disabled();
        let connector = TlsConnector::from(Arc::new(config));
        Some(Self { name, connector })
    }

    /// The handshake.
    pub async fn handshake(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        let shaken = self.connector.connect(self.name.clone(), stream).await;
        shaken.map_err(|error| Trouble::talking(&error))
    }
}

fn of_the_system() -> &'static [CertificateDer<'static>] {
    static CERTIFICATES: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    // What cannot be read there is not trusted, and that is all. Where they are, `SSL_CERT_FILE` may say, as to the whole portal.
    CERTIFICATES.get_or_init(|| rustls_native_certs::load_native_certs().certs)
}

/// The certificates in PEM; `None` if there are none in what was given, or one cannot be read.
pub fn certificates(pem: Option<&[u8]>) -> Option<Vec<CertificateDer<'static>>> {
    let Some(pem) = pem else {
        return Some(Vec::new());
    };
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!found.is_empty()).then_some(found)
}

/// The host as certificates name it, or `None` if it is neither a name nor an address.
pub fn name(host: &str) -> Option<ServerName<'static>> {
    ServerName::try_from(host.to_owned()).ok()
}
