//! Which account a login is. Deny by default: what no rule lets through has no account.

mod aliases;

pub use aliases::parse_aliases;

use crate::SettingsError;
use regex_lite::Regex;
use std::collections::BTreeMap;

/// What [`AccountRule`] is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    /// Scopes (what follows the last `@`) that are taken away; a login with another scope is refused. Compared without case.
    pub strip_scope: Vec<String>,
    /// Whether letters are made small.
    pub lowercase: bool,
    /// The regular expression that the whole account must match.
    pub pattern: String,
    /// Logins that have another account than their own, and which: see [`parse_aliases`].
    pub aliases: Vec<(String, String)>,
}

/// Makes accounts of logins.
#[derive(Clone, Debug)]
pub struct AccountRule {
    strip_scope: Vec<String>,
    lowercase: bool,
    pattern: Regex,
    aliases: BTreeMap<String, String>,
}

/// Why a login has no account. The login itself is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing, or nothing before the `@`.
    #[error("the login is empty")]
    Empty,
    /// It has a character that is not visible ASCII. Nothing is folded: full-width letters and the dotless i would become
    /// somebody else's name.
    #[error("the login has a character that is not visible ASCII")]
    NotAscii,
    /// Its scope is not listed, or it has two.
    #[error("the scope of the login is not a listed one")]
    Scope,
    /// It does not match the pattern.
    #[error("the account does not match the pattern")]
    Pattern,
    /// It would be dangerous as a name of a directory or in a command, whatever the pattern says.
    #[error("the account is `.` or `..`, begins with a hyphen, or has a slash")]
    Name,
}

impl AccountRule {
    /// # Errors
    /// The pattern is none, a scope is empty or has an `@`, or an alias is not visible ASCII, doubled, or leads to what could
    /// not be an account.
    pub fn new(settings: RuleSettings) -> Result<Self, SettingsError> {
        let refused = |error: regex_lite::Error| SettingsError::new("pattern", error.to_string());
        // By itself first: `a)|(b` would get round the anchors.
        Regex::new(&settings.pattern).map_err(refused)?;
        let pattern = Regex::new(&format!(r"\A(?:{})\z", settings.pattern)).map_err(refused)?;
        let is_scope = |scope: &String| !scope.is_empty() && !scope.contains('@') && is_visible(scope);
        if !settings.strip_scope.iter().all(is_scope) {
            return Err(SettingsError::new(
                "strip_scope",
                "a scope is what follows the @, in ASCII",
            ));
        }
        let mut rule = Self {
            strip_scope: settings.strip_scope,
            lowercase: settings.lowercase,
            pattern,
            aliases: BTreeMap::new(),
        };
        for (login, account) in settings.aliases {
            let refused = |reason: &str| SettingsError::new("aliases_file", format!("`{login}`: {reason}"));
            if login.is_empty() || !is_visible(&login) {
                return Err(refused("not visible ASCII"));
            }
            rule.permitted(&account)
                .map_err(|refusal| refused(&refusal.to_string()))?;
            if rule.aliases.insert(rule.cased(&login), account).is_some() {
                return Err(refused("twice"));
            }
        }
        Ok(rule)
    }

    /// The account of a login.
    ///
    /// The scope is judged first, so no alias lets an unlisted one in. Then the whole login is looked up among the aliases, then
    /// what is left of it without its scope; both after making letters small, if they are.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn account(&self, login: &str) -> Result<String, Refusal> {
        if login.is_empty() {
            return Err(Refusal::Empty);
        }
        if !is_visible(login) {
            return Err(Refusal::NotAscii);
        }
        let local = self.without_scope(login)?;
        if local.is_empty() {
            return Err(Refusal::Empty);
        }
        let own = self.cased(local);
        let alias = self.aliases.get(&self.cased(login)).or_else(|| self.aliases.get(&own));
        let account = alias.cloned().unwrap_or(own);
        self.permitted(&account)?;
        Ok(account)
    }

    fn without_scope<'a>(&self, login: &'a str) -> Result<&'a str, Refusal> {
        let Some((local, scope)) = login.rsplit_once('@') else {
            return Ok(login);
        };
        let is_listed = self.strip_scope.iter().any(|listed| listed.eq_ignore_ascii_case(scope));
        // eduPersonPrincipalName has one `@`; a second one is an attempt.
        if is_listed && !local.contains('@') {
            Ok(local)
        } else {
            Err(Refusal::Scope)
        }
    }

    fn cased(&self, text: &str) -> String {
        if self.lowercase {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    }

    fn permitted(&self, account: &str) -> Result<(), Refusal> {
        if account.is_empty() {
            return Err(Refusal::Empty);
        }
        if !is_visible(account) {
            return Err(Refusal::NotAscii);
        }
        if matches!(account, "." | "..") || account.starts_with('-') || account.contains('/') {
            return Err(Refusal::Name);
        }
        if !self.pattern.is_match(account) {
            return Err(Refusal::Pattern);
        }
        Ok(())
    }
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> RuleSettings {
        RuleSettings {
            strip_scope: vec!["example.ac.jp".into(), "stu.example.ac.jp".into()],
            lowercase: true,
            pattern: "^[a-z][a-z0-9._-]{0,31}$".into(),
            aliases: vec![
                ("tanaka@example.ac.jp".into(), "suzuki".into()),
                ("Old-Name".into(), "new.name".into()),
            ],
        }
    }

    #[test]
    fn a_login_becomes_an_account_step_by_step() {
        let rule = AccountRule::new(settings()).unwrap();
        for (login, account) in [
            ("hanako", Ok("hanako")),
            ("Hanako@Example.AC.jp", Ok("hanako")),
            ("s2512345@stu.example.ac.jp", Ok("s2512345")),
            ("tanaka@example.ac.jp", Ok("suzuki")),
            ("TANAKA@EXAMPLE.ac.jp", Ok("suzuki")),
            ("tanaka@stu.example.ac.jp", Ok("tanaka")),
            ("tanaka", Ok("tanaka")),
            ("old-name@stu.example.ac.jp", Ok("new.name")),
            ("OLD-NAME", Ok("new.name")),
            ("root@evil.example", Err(Refusal::Scope)),
            ("old-name@evil.example", Err(Refusal::Scope)),
            ("root@evil@example.ac.jp", Err(Refusal::Scope)),
            ("root@", Err(Refusal::Scope)),
            ("root@sub.example.ac.jp", Err(Refusal::Scope)),
            ("root@example.ac.jp.", Err(Refusal::Scope)),
            ("@example.ac.jp", Err(Refusal::Empty)),
            ("", Err(Refusal::Empty)),
            ("ｒoot", Err(Refusal::NotAscii)),
            ("d\u{131}", Err(Refusal::NotAscii)),
            ("\u{212a}", Err(Refusal::NotAscii)),
            ("a b", Err(Refusal::NotAscii)),
            ("a\n", Err(Refusal::NotAscii)),
            ("a\0", Err(Refusal::NotAscii)),
            ("1a", Err(Refusal::Pattern)),
            ("a+b", Err(Refusal::Pattern)),
            (&"a".repeat(33), Err(Refusal::Pattern)),
            ("..", Err(Refusal::Name)),
            ("-rf", Err(Refusal::Name)),
            ("a/../b", Err(Refusal::Name)),
        ] {
            assert_eq!(rule.account(login), account.map(str::to_owned), "{login}");
        }
    }

    #[test]
    fn some_names_are_refused_whatever_the_pattern_says() {
        let rule = AccountRule::new(RuleSettings {
            pattern: ".*".into(),
            ..RuleSettings::default()
        })
        .unwrap();
        for name in [".", "..", "-a", "a/b", "/"] {
            assert_eq!(rule.account(name), Err(Refusal::Name), "{name}");
        }
        assert_eq!(
            rule.account("Hanako"),
            Ok("Hanako".into()),
            "case is kept unless asked otherwise"
        );
    }

    #[test]
    fn the_pattern_is_for_the_whole_account_even_if_it_is_not_anchored() {
        let rule = |pattern: &str| {
            AccountRule::new(RuleSettings {
                pattern: pattern.into(),
                ..RuleSettings::default()
            })
        };
        assert_eq!(rule("[a-z]").unwrap().account("ab"), Err(Refusal::Pattern));
        assert_eq!(rule("a|b").unwrap().account("ab"), Err(Refusal::Pattern));
        assert_eq!(rule("").unwrap().account("a"), Err(Refusal::Pattern));
        for broken in ["a)|(b", "[", "(?x)a #"] {
            assert_eq!(rule(broken).unwrap_err().setting, "pattern", "{broken}");
        }
    }

    #[test]
    fn aliases_that_could_let_a_stranger_in_are_refused() {
        let with = |login: &str, account: &str| {
            let mut settings = settings();
            settings.aliases.push((login.into(), account.into()));
            AccountRule::new(settings).map(drop).map_err(|error| error.setting)
        };
        assert_eq!(with("a", "b"), Ok(()));
        for (login, account) in [
            ("", "b"),
            ("ａ", "b"),
            ("a", ""),
            ("a", "B"),
            ("a", "b@example.ac.jp"),
            ("a", "../b"),
            ("OLD-name", "b"),
        ] {
            assert_eq!(with(login, account), Err("aliases_file"), "{login} {account}");
        }
    }

    #[test]
    fn a_scope_is_a_plain_one() {
        for scope in ["", "@example.ac.jp", "例え.jp", "a b"] {
            let settings = RuleSettings {
                strip_scope: vec![scope.into()],
                ..settings()
            };
            assert_eq!(
                AccountRule::new(settings).unwrap_err().setting,
                "strip_scope",
                "{scope}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_an_account_matches_the_pattern_and_comes_from_its_login(
            login in proptest::prop_oneof![
                "\\PC*",
                "[a-zA-Z0-9@.ｒİıK_-]{0,40}",
                "[a-zA-Z.-]{0,8}@(example\\.ac\\.jp|evil\\.example|EXAMPLE\\.AC\\.JP)",
                proptest::string::string_regex("(?s).{0,12}").unwrap(),
            ]
        ) {
            let settings = RuleSettings { aliases: Vec::new(), ..settings() };
            let scopes = settings.strip_scope.clone();
            let whole = Regex::new(&settings.pattern).unwrap();
            if let Ok(account) = AccountRule::new(settings).unwrap().account(&login) {
                proptest::prop_assert!(whole.is_match(&account));
                proptest::prop_assert!(login.is_ascii(), "nothing is folded");
                let local = match login.rsplit_once('@') {
                    Some((local, scope)) => {
                        proptest::prop_assert!(scopes.contains(&scope.to_ascii_lowercase()), "no other scope is taken away");
                        local
                    }
                    None => login.as_str(),
                };
                proptest::prop_assert_eq!(account, local.to_ascii_lowercase());
            }
            // With aliases, no login more gets in, and none gets another kind of account.
            let aliased = AccountRule::new(self::settings()).unwrap().account(&login);
            proptest::prop_assert!(aliased.is_err() || whole.is_match(&aliased.unwrap()) && login.is_ascii());
        }
    }
}
