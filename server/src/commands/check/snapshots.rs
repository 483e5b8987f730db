//! What is said of dated copies.

use super::{Finding, finding};
use mailroom::{Account, SurveyedSnapshots, survey_snapshots};
use std::collections::HashSet;

/// Names told of many.
const NAMED: usize = 3;

/// Each place of copies once, however many people have their mail in it.
pub(super) fn of_all(accounts: &[Account]) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut findings = Vec::new();
    for account in accounts {
        let mut first = account.clone();
        first.snapshots.retain(|root| seen.insert(root.dir.clone()));
        for found in survey_snapshots(&first) {
            let (level, text) = sentence(&found, false);
            findings.push(finding(level, "spool.snapshots".to_owned(), text));
        }
    }
    findings
}

/// Those of one account, with whether its mail is in them.
pub(super) fn of_one(account: &Account) -> Vec<Finding> {
    let found = survey_snapshots(account);
    let told = found.iter().map(|found| {
        let (level, text) = sentence(found, true);
        finding(level, format!("{} snapshots", account.name), text)
    });
    told.collect()
}

fn sentence(found: &SurveyedSnapshots, own: bool) -> (&'static str, String) {
    if let Some(trouble) = &found.trouble {
        return ("error", format!("{}: {trouble}", found.place));
    }
    let mut parts = vec![format!("{} found at {}", found.found, found.place)];
    let mut some = |names: &[String], what: &str| {
        if !names.is_empty() {
            let first: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
            let more = if names.len() > NAMED { ", …" } else { "" };
            parts.push(format!("{} {what} ({}{more})", names.len(), first.join(", ")));
        }
    };
    some(
        &found.unmarked,
        "without a marker that says when it was complete, offered as incomplete",
    );
    some(
        &found.miscounted,
        "whose marker does not have the number of messages that are there, offered as incomplete",
    );
    some(&found.undated, "with a name that tells no time");
    let lacks = own && found.has_mail == Some(false);
    if lacks {
        parts.push("nothing of this account can be read in the newest".to_owned());
    }
    let named = [&found.unmarked, &found.miscounted, &found.undated];
    let level = match found.found == 0 || lacks || named.iter().any(|names| !names.is_empty()) {
        true => "warning",
        false => "ok",
    };
    (level, parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> SurveyedSnapshots {
        SurveyedSnapshots {
            place: "/b/*/tanaka".to_owned(),
            found: 5,
            unmarked: Vec::new(),
            miscounted: Vec::new(),
            undated: Vec::new(),
            trouble: None,
            has_mail: Some(true),
        }
    }

    #[test]
    fn what_people_cannot_rely_on_is_a_warning() {
        assert_eq!(sentence(&found(), true), ("ok", "5 found at /b/*/tanaka".to_owned()));
        let names = |count: usize| (0..count).map(|number| format!("n{number}")).collect();
        for (found, says) in [
            (SurveyedSnapshots { found: 0, ..found() }, "0 found"),
            (
                SurveyedSnapshots {
                    unmarked: names(5),
                    ..found()
                },
                "5 without a marker that says when it was complete, offered as incomplete (n0, n1, n2, …)",
            ),
            (
                SurveyedSnapshots {
                    miscounted: names(1),
                    ..found()
                },
                "1 whose marker does not have the number of messages that are there, offered as incomplete (n0)",
            ),
            (
                SurveyedSnapshots {
                    undated: names(1),
                    ..found()
                },
                "1 with a name that tells no time (n0)",
            ),
            (
                SurveyedSnapshots {
                    has_mail: Some(false),
                    ..found()
                },
                "nothing of this account",
            ),
        ] {
            let (level, text) = sentence(&found, true);
            assert!(level == "warning" && text.contains(says), "{text}");
        }
        let gone = SurveyedSnapshots {
            trouble: Some("not there".to_owned()),
            ..found()
        };
        assert_eq!(sentence(&gone, false), ("error", "/b/*/tanaka: not there".to_owned()));
        let lacks = SurveyedSnapshots {
            has_mail: Some(false),
            ..found()
        };
        assert_eq!(
            sentence(&lacks, false).0,
            "ok",
            "of all accounts only the place is told"
        );
    }
}
