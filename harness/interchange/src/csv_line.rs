//! One line of comma-separated values.

use crate::complaint::Complaint;
use crate::limits::COLUMNS;

/// Its fields, without blanks around them. A field may stand in quotes; a quote within is written twice.
pub(crate) fn fields(line: u64, text: &str) -> Result<Vec<String>, Complaint> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_field(line, quoted)?,
            None => match rest.split_once(',') {
                Some((field, after)) => (field.trim().to_owned(), Some(after)),
                None => (rest.trim().to_owned(), None),
            },
        };
        if fields.len() == COLUMNS {
            let words = format!("the row has more than {COLUMNS} fields");
            return Err(Complaint::new(line, words, "leave out columns that are not needed"));
        }
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

fn quoted_field(line: u64, text: &str) -> Result<(String, Option<&str>), Complaint> {
    let broken = || {
        Complaint::new(
            line,
            "a quoted field has no end",
            "close the quotes on the same line, and double those within",
        )
    };
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"').ok_or_else(broken)?;
        field.push_str(before);
        if let Some(more) = after.strip_prefix('"') {
            field.push('"');
            rest = more;
            continue;
        }
        let after = after.trim_start();
        return match after.strip_prefix(',') {
            Some(next) => Ok((field, Some(next))),
            None if after.is_empty() => Ok((field, None)),
            None => Err(broken()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quotes_hold_commas_and_quotes() {
        let split = |text| fields(1, text).map_err(|complaint| complaint.problem);
        assert_eq!(split("a, b ,,\"c,\"\"d\"\"\" ,").expect("fields"), ["a", "b", "", "c,\"d\"", ""]);
        assert!(split("\"a").is_err() && split("\"a\"b,c").is_err());
        assert!(fields(1, &",".repeat(500)).is_err());
    }
}
