//! What can be said of a directory without one.

use crate::{refused, server::Server};
use sso::{
    SsoError,
    ldap::{Ldap, LdapSettings},
};

#[tokio::test]
async fn an_empty_password_is_refused_before_anybody_is_asked() {
    let nobody = Server::start(|request| panic!("{request:?}")).await;
    let ldap = Ldap::new(LdapSettings {
        url: nobody.url.replace("http", "ldap"),
        bind_dn: String::new(),
        bind_password: String::new(),
        base: "dc=example".into(),
        filter: "(uid={account})".into(),
        login_attribute: "uid".into(),
        subject_attribute: String::new(),
        name_attribute: String::new(),
        mail_attribute: String::new(),
        owner_attribute: String::new(),
    })
    .unwrap();
    for (account, password) in [("hanako", ""), ("", "password"), ("", "")] {
        refused!(ldap.sign_in(account, password).await, SsoError::Denied(_), "{account}");
    }
    drop(nobody);
    refused!(
        ldap.sign_in("hanako", "password").await,
        SsoError::Unavailable(_),
        "nobody is there"
    );
}
