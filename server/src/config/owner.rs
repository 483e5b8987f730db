//! `[spool] owner`: whose every file must be.

use serde::Deserialize;
use std::fmt;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OwnerRule {
    /// Not checked.
    #[default]
    Any,
    /// `passwd`: of the user that the system knows by the account's name.
    Passwd,
    /// `claim:NAME`: of the uid that the portal says in that claim, attribute or header.
    Claim(String),
    /// `fixed:NAME`, or a number: of this one user.
    Fixed(u32),
}

impl<'de> Deserialize<'de> for OwnerRule {
    fn deserialize<D: serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = OwnerRule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`passwd`, `claim:NAME`, `fixed:USER` or a uid")
            }

            fn visit_i64<E: serde::de::Error>(self, uid: i64) -> Result<OwnerRule, E> {
                u32::try_from(uid).map(OwnerRule::Fixed).map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OwnerRule, E> {
                match text.split_once(':') {
                    None if text == "passwd" => Ok(OwnerRule::Passwd),
                    Some(("claim", name)) if !name.is_empty() => Ok(OwnerRule::Claim(name.to_owned())),
                    Some(("fixed", user)) => match user.parse() {
                        Ok(uid) => Ok(OwnerRule::Fixed(uid)),
                        Err(_) => uzers::get_user_by_name(user)
                            .map(|user| OwnerRule::Fixed(user.uid()))
                            .ok_or_else(|| E::custom(format!("the system knows no user {user:?}"))),
                    },
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }
        }
        value.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<OwnerRule, toml::de::Error> {
        #[derive(Deserialize)]
        struct Spool {
            owner: OwnerRule,
        }
        toml::from_str(&format!("owner = {text}")).map(|spool: Spool| spool.owner)
    }

    #[test]
    fn a_file_is_somebodys() {
        assert_eq!(read("'passwd'").unwrap(), OwnerRule::Passwd);
        assert_eq!(
            read("'claim:uidNumber'").unwrap(),
            OwnerRule::Claim("uidNumber".to_owned())
        );
        assert_eq!(read("'fixed:root'").unwrap(), OwnerRule::Fixed(0));
        assert_eq!(read("'fixed:5000'").unwrap(), OwnerRule::Fixed(5000));
        assert_eq!(read("5000").unwrap(), OwnerRule::Fixed(5000));
        for bad in ["'claim:'", "'anybody'", "'fixed:no-such-user-here'", "-1", "true"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
