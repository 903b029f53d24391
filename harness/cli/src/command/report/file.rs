//! Reports as files: whole or not at all.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use edgesoak_record::{Run, RunVerdict};
use edgesoak_store::Store;

use crate::args::{ReportKind, Shared};
use crate::failure::Failure;

use super::{Told, subject};

/// How the name of a file begins and ends while it is written.
const UNFINISHED: (&str, &str) = (".edgesoak-", ".part");

/// The name of such a report, where nobody gives it another one.
pub fn name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Html => "report.html",
        ReportKind::Md => "summary.md",
        ReportKind::Json => "report.json",
        ReportKind::Junit => "junit.xml",
        ReportKind::Openmetrics => "metrics.txt",
        ReportKind::Annotations => "annotations.txt",
        ReportKind::Bencher => "bencher.json",
        ReportKind::Bigger => "bigger_is_better.json",
        ReportKind::Smaller => "smaller_is_better.json",
    }
}

/// The same for a report without names: it does not take the place of the one that has them.
pub fn redacted_name(kind: ReportKind) -> String {
    let name = name(kind);
    match name.rsplit_once('.') {
        Some((stem, suffix)) => format!("{stem}.redacted.{suffix}"),
        None => format!("{name}.redacted"),
    }
}

/// Writes a report to its place. One that somebody signed stays as it is.
pub fn put(path: &Path, text: &str) -> Result<(), Failure> {
    let sheet = subject::sheet_place(path, None);
    if sheet.symlink_metadata().is_ok() && !holds(path, text) {
        return Err(Failure::config(format!("{} is signed, and would be another one", path.display()))
            .hint(format!(
                "choose another place with `--output FILE`, or move it away with {}",
                sheet.display()
            ))
            .reason("signed"));
    }
    write_whole(path, text).map_err(|error| {
        Failure::infrastructure(format!("cannot write the report to {}", path.display()))
            .because(&error)
            .hint(
                "free some space or choose another place; `edgesoak report` writes it again from stored data",
            )
    })
}

/// Renders and writes the page of a run.
pub fn write_page(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    path: &Path,
) -> Result<PathBuf, Failure> {
    put(path, &Told::run(store, run, verdict).rendered(shared, ReportKind::Html)?)?;
    Ok(path.to_owned())
}

/// Whether a file holds this text already.
fn holds(path: &Path, text: &str) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.len() == text.len() as u64)
        && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Writes a file whole or not at all, and never through a link that somebody laid there: folders of reports are shared.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    // Readable as any other file of this user is: it is read by others.
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED.0)
        .suffix(UNFINISHED.1)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The folder that a file lies in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file of this name is what a program that was killed had written.
pub fn is_unfinished(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_page_stays_until_it_is_moved_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("new/report.html");
        put(&page, "one").expect("written");
        put(&page, "two").expect("nobody signed it");
        let sheet = folder.path().join("new/report.html.sig.json");
        fs::write(&sheet, "signatures").expect("a sheet");
        put(&page, "two").expect("the same bytes");
        let refused = put(&page, "three").expect_err("it is signed");
        assert!(refused.render().contains("--output FILE"), "{}", refused.render());
        assert_eq!(fs::read_to_string(&page).expect("the page"), "two");
        fs::remove_file(&sheet).expect("moved away");
        put(&page, "three").expect("nobody signed it");
        assert_eq!(
            fs::read_dir(folder.path().join("new")).expect("a folder").count(),
            1,
            "nothing is left over"
        );
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (page, other) = (folder.path().join("a.html"), folder.path().join("other"));
        fs::write(&other, "mine").expect("a file");
        for link in ["a.html", "a.html.part"] {
            std::os::unix::fs::symlink("other", folder.path().join(link)).expect("a link");
        }
        write_whole(&page, "page").expect("written");
        assert_eq!(fs::read_to_string(&other).expect("a file"), "mine");
        assert!(page.symlink_metadata().is_ok_and(|it| it.is_file()));
    }

    #[test]
    fn a_report_without_names_has_a_place_of_its_own() {
        assert_eq!(redacted_name(ReportKind::Html), "report.redacted.html");
        assert_eq!(redacted_name(ReportKind::Junit), "junit.redacted.xml");
    }
}
