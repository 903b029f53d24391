//! The pages on paper: everything is there, nothing is cut.

use std::process::Command;

use super::chromium::Chromium;
use super::{none_of, pages};

/// Sheets in inches.
const SHEETS: [(&str, f64, f64); 2] = [("A4", 8.27, 11.69), ("Letter", 8.5, 11.0)];

/// The words of a PDF as `pdftotext` finds them with their boxes, or nothing and a word about it where it is not installed.
fn words(pdf: &[u8]) -> Option<Vec<Sheet>> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pdf).expect("the PDF can be written");
    let read = Command::new("pdftotext").arg("-bbox").arg(file.path()).arg("-").output();
    let Ok(read) = read else {
        assert!(std::env::var_os("CI").is_none(), "there is no pdftotext, and in CI nothing is skipped");
        println!("skipped: there is no pdftotext; scripts/prerequisites --browser installs it");
        return None;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(sheets(&String::from_utf8_lossy(&read.stdout)))
}

/// One printed sheet: its size in points, and its words with left, top, right and bottom.
struct Sheet {
    size: [f64; 2],
    words: Vec<([f64; 4], String)>,
}

fn sheets(text: &str) -> Vec<Sheet> {
    let number = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).expect("a number");
        rest.split_once('"').expect("its end").0.parse().expect("a number")
    };
    let mut sheets: Vec<Sheet> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("<page ") {
            sheets.push(Sheet { size: [number(line, "width"), number(line, "height")], words: Vec::new() });
        } else if line.starts_with("<word ") {
            let (_, rest) = line.split_once('>').expect("a word");
            let at = ["xMin", "yMin", "xMax", "yMax"].map(|name| number(line, name));
            let word = rest.trim_end_matches("</word>").to_owned();
            sheets.last_mut().expect("a sheet before its words").words.push((at, word));
        }
    }
    sheets
}

#[test]
fn everything_is_printed_and_nothing_is_cut() {
    let Some(mut browser) = Chromium::start() else { return };
    let mut faults = Vec::new();
    for (name, document) in [pages::run(), pages::comparison(), pages::release()] {
        browser.media("print", "light");
        browser.show(&document);
        let folded = "[...document.querySelectorAll('details.fold .gates td')].some((cell) => !cell.checkVisibility())";
        assert_eq!(browser.eval(folded), false, "{name}: a folded section stays closed on paper");
        for (paper, width, height) in SHEETS {
            let Some(sheets) = words(&browser.print(width, height)) else { return };
            assert!((1..=40).contains(&sheets.len()), "{name} takes {} sheets of {paper}", sheets.len());
            for (place, sheet) in sheets.iter().enumerate() {
                assert!((sheet.size[0] - width * 72.0).abs() < 1.5, "{:?}", sheet.size);
                let cut = sheet.words.iter().filter(|(at, _)| at[0] < 20.0 || at[2] > sheet.size[0] - 20.0);
                let sheet = place + 1;
                faults.extend(
                    cut.map(|(at, word)| format!("{name}, {paper}, sheet {sheet}: {word} at {at:?}")),
                );
            }
            let printed: Vec<&str> =
                sheets.iter().flat_map(|sheet| &sheet.words).map(|word| &*word.1).collect();
            let told = browser.texts(include_str!("printed.js"));
            assert!(told.len() > 50, "{name}: {} words", told.len());
            let printed = printed.concat();
            faults.extend(
                told.iter()
                    .filter(|word| !printed.contains(&escaped(word)))
                    .map(|word| format!("{name}, {paper}: {word} is not printed")),
            );
        }
    }
    none_of(&faults);
}

/// As `pdftotext` writes it between tags.
fn escaped(word: &str) -> String {
    word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
