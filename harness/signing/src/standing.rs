//! How the signatures on a report stand: each by itself, and all of them together.

use crate::moment::Day;
use crate::sheet::{Entry, Sheet};
use crate::statement::{Meaning, Subject};
use crate::trust::Trust;

/// How one signature stands. Only [`Sign::Good`] vouches for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A key that counts signed this report, and everything in the statement fits it.
    Good,
    /// Nobody said that its key counts.
    UnknownKey,
    /// It was not made by the key that it names, or its statement was altered.
    WrongKey,
    /// Its key counted until this day, and it says that it was made later.
    ExpiredKey(Day),
    /// Its key does not count in the role that it states.
    WrongRole,
    /// The report has other bytes than the one that was signed, with the same data.
    AlteredReport,
    /// The data in the report are not those that were signed.
    AlteredData,
    /// The report was judged by another policy than the one that was signed.
    OtherPolicy,
    /// The statement tells the run, the verdict or a redaction otherwise than the report does.
    OtherWords,
}

impl Sign {
    /// A stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Sign::Good => "good",
            Sign::UnknownKey => "unknown_key",
            Sign::WrongKey => "wrong_key",
            Sign::ExpiredKey(_) => "expired_key",
            Sign::WrongRole => "wrong_role",
            Sign::AlteredReport => "altered_report",
            Sign::AlteredData => "altered_data",
            Sign::OtherPolicy => "other_policy",
            Sign::OtherWords => "other_words",
        }
    }

    /// For people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Sign::Good => "good: exactly this report was signed".to_owned(),
            Sign::UnknownKey => "unknown key: nobody said that it counts".to_owned(),
            Sign::WrongKey => {
                "wrong key: the signature was not made by the key that it names, or its statement was altered"
                    .to_owned()
            }
            Sign::ExpiredKey(day) => format!("expired key: it counted until {day}"),
            Sign::WrongRole => "wrong role: the key does not count in it".to_owned(),
            Sign::AlteredReport => {
                "altered report: its data are those that were signed, the page around them is not".to_owned()
            }
            Sign::AlteredData => "altered data: what the report tells is not what was signed".to_owned(),
            Sign::OtherPolicy => {
                "other policy: the report was judged by another one than was signed".to_owned()
            }
            Sign::OtherWords => "other words: the statement tells the report otherwise than it is".to_owned(),
        }
    }

    /// Neither good nor of a key that nobody knows: something is wrong.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        !matches!(self, Sign::Good | Sign::UnknownKey)
    }
}

/// How the signatures on a report stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// At least one is good, none is bad, none rejects it, and every role that was asked for has signed.
    Signed,
    /// One is bad.
    Broken,
    /// All that count are good, and one of them rejects the report.
    Rejected,
    /// None that counts, or a role that was asked for is missing.
    NotProven,
}

impl Standing {
    /// A stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Standing::Signed => "signed",
            Standing::Broken => "broken",
            Standing::Rejected => "rejected",
            Standing::NotProven => "not_proven",
        }
    }
}

/// Every signature with how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined<'a> {
    /// In the order of the file.
    pub signs: Vec<(&'a Entry, Sign)>,
    /// Roles that were asked for and in which nobody has signed.
    pub missing_roles: Vec<String>,
    /// All of them together.
    pub standing: Standing,
}

/// Holds signatures against the report as it is now. `report` is read from the file, never from a statement.
#[must_use]
pub fn examine<'a>(sheet: &'a Sheet, report: &Subject, trust: &Trust, roles: &[String]) -> Examined<'a> {
    let signs: Vec<(&Entry, Sign)> =
        sheet.entries().iter().map(|entry| (entry, sign(entry, report, trust))).collect();
    let good = || signs.iter().filter(|(_, sign)| *sign == Sign::Good).map(|(entry, _)| &entry.statement);
    let signed_as = |role: &String| {
        good().any(|statement| statement.role == *role && statement.meaning != Meaning::Rejected)
    };
    let missing_roles: Vec<String> = roles.iter().filter(|role| !signed_as(role)).cloned().collect();
    let standing = if signs.iter().any(|(_, sign)| sign.is_bad()) {
        Standing::Broken
    } else if good().any(|statement| statement.meaning == Meaning::Rejected) {
        Standing::Rejected
    } else if good().next().is_none() || !missing_roles.is_empty() {
        Standing::NotProven
    } else {
        Standing::Signed
    };
    Examined { signs, missing_roles, standing }
}

fn sign(entry: &Entry, report: &Subject, trust: &Trust) -> Sign {
    let Entry { statement, signature } = entry;
    let Some(trusted) = trust.get(&signature.key_id) else { return Sign::UnknownKey };
    if !statement.is_signed_by(&trusted.key, signature) {
        return Sign::WrongKey;
    }
    if let Some(day) = trusted.until.as_ref().filter(|day| statement.at.is_after(day)) {
        return Sign::ExpiredKey(day.clone());
    }
    if !trusted.holds(&statement.role) {
        return Sign::WrongRole;
    }
    let signed = &statement.subject;
    if signed.policy_digest != report.policy_digest {
        Sign::OtherPolicy
    } else if signed.data_sha256 != report.data_sha256 {
        Sign::AlteredData
    } else if signed.report_sha256 != report.report_sha256 {
        Sign::AlteredReport
    } else if signed != report {
        Sign::OtherWords
    } else {
        Sign::Good
    }
}
