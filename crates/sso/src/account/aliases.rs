use crate::SettingsError;

/// Reads a file of aliases: a login, one tab, the account it has, line by line; `#` begins a line that is not read.
///
/// # Errors
/// A line is neither, and which.
pub fn parse_aliases(text: &str) -> Result<Vec<(String, String)>, SettingsError> {
    let mut aliases = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once('\t') {
            Some((login, account)) if !login.is_empty() && !account.is_empty() && !account.contains('\t') => {
                aliases.push((login.to_owned(), account.to_owned()));
            }
            _ => {
                let reason = format!("line {number} is not a login, a tab and an account");
                return Err(SettingsError::new("aliases_file", reason));
            }
        }
    }
    Ok(aliases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_are_passed_over() {
        let read = parse_aliases("# renamed 2026\n\nyamada@example.ac.jp\tsato\r\n  \nold\tnew  \n").unwrap();
        let expected = [("yamada@example.ac.jp", "sato"), ("old", "new")];
        assert_eq!(
            read,
            expected.map(|(login, account)| (login.to_owned(), account.to_owned()))
        );
        assert_eq!(parse_aliases("").unwrap(), []);
    }

    #[test]
    fn a_line_that_is_no_alias_is_named() {
        for line in ["old new", "\tnew", "old\t", "a\tb\tc", "a\t\tb"] {
            let error = parse_aliases(&format!("# first\n{line}\n")).unwrap_err();
            assert!(error.reason.contains("line 2"), "{line}: {error}");
        }
    }
}
