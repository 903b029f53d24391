//! `edgesoak report verify`: is this the page that was signed, and who says so? No network, no database.

use std::fmt::Write as _;

use edgesoak_record::Verdict;
use edgesoak_signing::{Entry, Examined, Sign, Standing, Trust, examine};
use serde_json::{Value, json};

use super::subject::{self, Page};
use crate::args::{Format, Verify};
use crate::command::print_json;
use crate::failure::Failure;
use crate::keys;
use crate::terminal::{one_line, printable, say};

/// Verifies the signatures on a page.
pub fn verify(asked: &Verify) -> Result<u8, Failure> {
    let trust = keys::trust(&asked.trust)?;
    let page = subject::read(&asked.report)?;
    let place = subject::sheet_place(&asked.report, asked.sig.as_deref());
    let sheet = subject::sheet(&place)?;
    let examined = examine(&sheet, &page.subject, &trust, &asked.require_roles);
    match asked.format() {
        Format::Json => print_json(&document(&page, &examined))?,
        Format::Human => say(&printable(&told(&page, &examined, &trust)))?,
    }
    // The same codes as those of verdicts: what is not proven is never green.
    let verdict = match examined.standing {
        Standing::Signed => Verdict::Pass,
        Standing::Broken | Standing::Rejected => Verdict::Fail,
        Standing::NotProven => Verdict::NotProven,
    };
    Ok(verdict.exit_code())
}

fn told(page: &Page, examined: &Examined<'_>, trust: &Trust) -> String {
    let mut text = subject::outline(page);
    for (Entry { statement, signature }, sign) in &examined.signs {
        let mark = match sign {
            Sign::Good => "✔",
            Sign::UnknownKey => "?",
            _ => "✘",
        };
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "{mark} {} by {}, {}, at {} (key {})\n    {}\n",
            statement.meaning.word(),
            one_line(&statement.name),
            statement.role,
            statement.at,
            signature.key_id,
            sign.sentence()
        );
        if let Some(reason) = &statement.despite_fail {
            let _ = writeln!(text, "    approved despite the verdict: {}", one_line(reason));
        }
    }
    let _ = writeln!(text, "{}", conclusion(examined, trust));
    text
}

fn conclusion(examined: &Examined<'_>, trust: &Trust) -> String {
    match examined.standing {
        Standing::Signed => "Signed, and nothing is wrong.".to_owned(),
        Standing::Broken => "Something is wrong with a signature: do not rely on this report.".to_owned(),
        Standing::Rejected => "A signer rejects this report.".to_owned(),
        Standing::NotProven if !examined.missing_roles.is_empty() => {
            format!("Not proven: nobody has signed as {}.", examined.missing_roles.join(", "))
        }
        Standing::NotProven if examined.signs.is_empty() => "Not proven: nobody has signed it.".to_owned(),
        Standing::NotProven if trust.is_empty() => {
            "Not proven: no key counts. Name those that do with --trust KEYS.".to_owned()
        }
        Standing::NotProven => "Not proven: no key that counts has signed it.".to_owned(),
    }
}

fn document(page: &Page, examined: &Examined<'_>) -> Value {
    let sign = |(entry, sign): &(&Entry, Sign)| {
        json!({
            "state": sign.word(),
            "key_id": entry.signature.key_id,
            "statement": entry.statement,
        })
    };
    json!({
        "standing": examined.standing.word(),
        "report": page.subject,
        "signatures": examined.signs.iter().map(sign).collect::<Vec<_>>(),
        "missing_roles": examined.missing_roles,
    })
}
