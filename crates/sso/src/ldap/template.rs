//! Puts the account into a filter and into a name, so that it stays a value there.

/// What stands for the account.
pub(super) const ACCOUNT: &str = "{account}";

/// RFC 4515 §3.
pub(super) fn filter(template: &str, account: &str) -> String {
    template.replace(ACCOUNT, &ldap3::ldap_escape(account))
}

/// RFC 4514 §2.4.
pub(super) fn dn(template: &str, account: &str) -> String {
    template.replace(ACCOUNT, &ldap3::dn_escape(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_cannot_widen_the_filter() {
        for (account, escaped) in [
            ("hanako", "(uid=hanako)"),
            ("*", r"(uid=\2a)"),
            ("a)(uid=*", r"(uid=a\29\28uid=\2a)"),
            (r"a\2a", r"(uid=a\5c2a)"),
            ("a\0", r"(uid=a\00)"),
            ("山田", "(uid=山田)"),
            ("{account}", "(uid={account})"),
        ] {
            assert_eq!(filter("(uid={account})", account), escaped, "{account}");
        }
    }

    #[test]
    fn an_account_cannot_leave_its_place_in_a_name() {
        for (account, escaped) in [
            ("hanako", "uid=hanako,ou=people"),
            ("a,ou=staff", r"uid=a\2cou\3dstaff,ou=people"),
            ("a+b", r"uid=a\2bb,ou=people"),
            (" a ", r"uid=\20a\20,ou=people"),
            ("#a", r"uid=\23a,ou=people"),
            (r#"a"<>;\"#, r"uid=a\22\3c\3e\3b\5c,ou=people"),
            ("a\0", r"uid=a\00,ou=people"),
        ] {
            assert_eq!(dn("uid={account},ou=people", account), escaped, "{account}");
        }
    }
}
