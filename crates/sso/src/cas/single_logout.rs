use super::is_ticket;
use crate::xml;

/// Bytes of a request.
const MOST: usize = 16 << 10;
/// SAML 2.0 core §3.7.1, of which CAS uses this one element.
const NAMESPACE: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// The ticket whose session has ended at the server, from the field `logoutRequest` of its post.
///
/// Nothing signs the request: it may end the session that was opened with this very ticket, and nothing else. It comes for tickets
/// that were never used too, so a ticket that nobody knows is no fault.
pub fn logged_out_ticket(logout_request: &str) -> Option<String> {
    if logout_request.len() > MOST {
        return None;
    }
    let request = xml::parse(logout_request).ok()?;
    if !request.is(NAMESPACE, "LogoutRequest") {
        return None;
    }
    let index = request.only(NAMESPACE, "SessionIndex")?;
    let ticket = index.text.trim();
    (index.children.is_empty() && is_ticket(ticket)).then(|| ticket.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(inner: &str) -> String {
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"LR-1\" Version=\"2.0\">\
             <saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:NameID>{inner}</samlp:LogoutRequest>"
        )
    }

    #[test]
    fn the_one_session_index_is_the_ticket() {
        let read = |inner: &str| logged_out_ticket(&request(inner));
        let index = "<samlp:SessionIndex>ST-1-abc</samlp:SessionIndex>";
        assert_eq!(read(index).as_deref(), Some("ST-1-abc"));
        assert_eq!(
            read("<samlp:SessionIndex>\n ST-1-abc\n</samlp:SessionIndex>").as_deref(),
            Some("ST-1-abc")
        );
        for other in [
            "",
            "<samlp:SessionIndex/>",
            "<SessionIndex>ST-1-abc</SessionIndex>",
            "<samlp:SessionIndex>hanako</samlp:SessionIndex>",
            "<samlp:SessionIndex>ST-1-abc<a/></samlp:SessionIndex>",
            &index.repeat(2),
            &format!("<a>{index}</a>"),
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_not_a_logout_request_ends_nothing() {
        let good = request("<samlp:SessionIndex>ST-1-abc</samlp:SessionIndex>");
        assert!(logged_out_ticket(&good).is_some());
        for other in [
            String::new(),
            good.replace("LogoutRequest", "AuthnRequest"),
            good.replace("SAML:2.0:protocol", "SAML:1.0:protocol"),
            format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{good}"),
            format!("{good}{}", " ".repeat(MOST)),
            good.replace("</samlp:LogoutRequest>", ""),
        ] {
            assert_eq!(logged_out_ticket(&other), None, "{other}");
        }
    }
}
