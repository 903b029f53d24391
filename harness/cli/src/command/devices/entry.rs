//! Entries for the matrix, as TOML: pure.

use std::fmt::Write as _;

use super::group::{Group, Newcomer};

/// The lines of every group: its family, if it is new, and its devices.
pub fn toml(groups: &[Group]) -> String {
    let mut text = String::new();
    for group in groups {
        let count = group.devices.len();
        let _ = writeln!(text, "# {}: {count} device{}", group.title, if count == 1 { "" } else { "s" });
        if group.is_new {
            let _ = writeln!(text, "[family.{}]\ntitle = {}\n", group.family, quoted(&group.title));
        }
        for (id, newcomer) in &group.devices {
            text.push_str(&device(id, &group.family, newcomer));
        }
    }
    text.trim_end().to_owned() + if text.is_empty() { "" } else { "\n" }
}

fn device(id: &str, family: &str, newcomer: &Newcomer) -> String {
    let server = newcomer.server.as_ref().map(|server| format!(", server = {}", quoted(server)));
    format!(
        "[[device]]\nid = {}\nfamily = {}\ndriver = \"adb\"\naddress = {{ serial = {}{} }}\n\n",
        quoted(id),
        quoted(family),
        quoted(&newcomer.serial),
        server.unwrap_or_default()
    )
}

/// A text between quotation marks; what is no letter of ASCII is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_ascii_graphic() || c == ' ' => quoted.push(c),
            c => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use edgesoak_controller::Identity;

    use super::*;

    #[test]
    fn a_group_becomes_entries_that_the_matrix_reads() {
        let newcomer = |serial: &str, server: Option<&str>| Newcomer {
            serial: serial.to_owned(),
            server: server.map(str::to_owned),
            identity: Identity::default(),
        };
        let groups = [
            Group {
                title: "Google Pixel 8 (Tensor G3)".to_owned(),
                family: "google-pixel-8".to_owned(),
                is_new: true,
                devices: vec![
                    ("pixel-8-01".to_owned(), newcomer("R58N1234ABC", None)),
                    ("pixel-8-02".to_owned(), newcomer("o\"d\\d", Some("rack-2:5037"))),
                ],
            },
            Group {
                title: "Zebra TC58".to_owned(),
                family: "scanner".to_owned(),
                is_new: false,
                devices: vec![("tc58-01".to_owned(), newcomer("2310", None))],
            },
        ];
        let text = toml(&groups);
        insta::assert_snapshot!("entries", text);
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("matrix.toml");
        let whole = format!("schema = 1\n[family.scanner]\ntitle = \"Scanners\"\n\n{text}");
        std::fs::write(&path, whole).expect("room");
        let matrix = edgesoak_matrix::load(&path).expect("it parses");
        assert_eq!(matrix.devices().len(), 3);
        assert_eq!(matrix.devices()[1].address[0].value, "o\"d\\d");
        assert_eq!(toml(&[]), "");
    }
}
