//! What is told by its form alone: paths, hosts, accounts.

use super::field::Field;

/// Everything in a text that has the form of a path of a host, a network address or an account; with the name of the
/// person whose home a path lies in.
pub(super) fn found(text: &str) -> Vec<(Field, &str)> {
    let mut found = Vec::new();
    for word in
        text.split(|character: char| character.is_whitespace() || "\"'`()[]{}<>|,;“”".contains(character))
    {
        let word = word.trim_end_matches(['.', ':', '!', '?']);
        let path = path_in(word);
        found.extend(contacts(word.strip_suffix(path.unwrap_or_default()).unwrap_or(word)));
        if let Some(path) = path.filter(|path| !is_of_kernel(path)) {
            found.push((Field::File, path));
            found.extend(home_of(path).map(|name| (Field::Person, name)));
        }
    }
    found
}

/// Every one in a word that may be an argument with its value, `--host=10.1.2.3`, or the place of a file on a host.
fn contacts(word: &str) -> impl Iterator<Item = (Field, &str)> {
    word.split('=').map(|part| part.trim_end_matches(':')).filter_map(contact).map(|it| (Field::Contact, it))
}

/// A part of a word without what says how the host is reached, `tcp:10.1.2.3:5555`.
fn contact(part: &str) -> Option<&str> {
    if is_contact(part) {
        return Some(part);
    }
    let (way, host) = part.split_once(':')?;
    (way.starts_with(|first: char| first.is_ascii_alphabetic()) && is_contact(host)).then_some(host)
}

/// The part of a word from where an absolute path begins.
fn path_in(word: &str) -> Option<&str> {
    let drive = word.as_bytes();
    if drive.len() > 3 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":\\" {
        return Some(word);
    }
    if word.contains("://") || word.starts_with("\\\\") || word.starts_with("~/") {
        return Some(word);
    }
    let begins = |at: &usize| {
        let before = word[..*at].chars().next_back();
        let after = word[at + 1..].chars().next();
        before.is_none_or(|before| !before.is_alphanumeric() && !"/.-_*".contains(before))
            && after.is_some_and(|after| after.is_alphanumeric() || ".~_".contains(after))
    };
    let at = word.match_indices('/').map(|(at, _)| at).find(begins)?;
    Some(&word[at..])
}

/// What every device of a kind has alike. The ports of a bus name the lab's own wiring, and links by an id name one disk.
fn is_of_kernel(path: &str) -> bool {
    let of_kernel = path.starts_with("/sys/") || path.starts_with("/proc/") || path.starts_with("/dev/");
    of_kernel && !path.contains("/usb") && !path.contains("/by-")
}

fn home_of(path: &str) -> Option<&str> {
    let mut parts = path.split(['/', '\\']);
    parts.find(|part| ["home", "Users"].contains(part))?;
    parts.next().filter(|name| name.len() > 2)
}

fn is_contact(word: &str) -> bool {
    is_account(word) || is_network_address(word)
}

/// `name@place`, but for a golden set: `name@1.0.0` or `name@1.0`.
fn is_account(word: &str) -> bool {
    let Some((name, place)) = word.split_once('@') else { return false };
    let version = place.split(':').next().unwrap_or_default();
    let is_version = version.split('.').count() <= 3
        && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    !name.is_empty() && place.starts_with(char::is_alphanumeric) && !is_version
}

/// With the port behind it, the size of its network or the interface it holds on.
fn is_network_address(word: &str) -> bool {
    let alone = word.rsplit_once('/').filter(|(_, bits)| bits.parse::<u8>().is_ok());
    let alone = alone.map_or(word, |(address, _)| address);
    let host = alone.rsplit_once(':').map_or(alone, |(host, _)| host);
    let scoped = alone.split_once('%').map_or(alone, |(address, _)| address);
    host.parse::<std::net::Ipv4Addr>().is_ok()
        || (scoped.matches(':').count() > 1 && scoped.parse::<std::net::Ipv6Addr>().is_ok())
        || is_hardware_address(word)
}

fn is_hardware_address(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '-']).collect();
    parts.len() == 6
        && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found() {
        let folder = ["/ho", "me/ada/lab"].concat();
        let text =
            format!("see {folder}/x.db: adb at 10.1.2.3:5555 or lab@rack-3, ~/keys (C:\\Users\\bob\\a)");
        let told: Vec<_> = found(&text).into_iter().map(|(field, text)| (field, text.to_owned())).collect();
        let expected = [
            (Field::File, format!("{folder}/x.db")),
            (Field::Person, "ada".to_owned()),
            (Field::Contact, "10.1.2.3:5555".to_owned()),
            (Field::Contact, "lab@rack-3".to_owned()),
            (Field::File, "~/keys".to_owned()),
            (Field::File, "C:\\Users\\bob\\a".to_owned()),
            (Field::Person, "bob".to_owned()),
        ];
        assert_eq!(told, expected);
        for secret in [
            "fe80::1",
            "00:1a:2b:3c:4d:5e",
            "ssh://rack/x",
            "--model=/srv/m.gguf",
            "/sys/bus/usb/devices/1-2",
            "--host=10.1.2.3:8080",
            "ip=10.1.2.3",
            "tcp:10.1.2.3:5555",
            "10.1.2.0/24",
            "fe80::1%eth0",
            "ip=fe80::1%wlan0",
            "/dev/disk/by-id/nvme-Maker_Disk_S4711",
            "/dev/disk/by-uuid/0a1b-2c3d",
        ] {
            assert_eq!(found(secret).len(), 1, "{secret}");
        }
    }

    #[test]
    fn what_a_report_is_about_stays() {
        for harmless in [
            "floor 6.9 tokens/s under the 8.0 tokens/s bar",
            "pump-maintenance@1.0.0:en and pump-maintenance@1.0",
            "/sys/class/thermal/thermal_zone0/temp",
            "/dev/nvme0n1 and a=b, x:y, core:1, ratio=1:2",
            "policy4/cur and and/or 14:23:05, 2026-04-01",
            "and / or",
            "llama.cpp 1.2.3",
            "09/2026",
        ] {
            assert_eq!(found(harmless), [], "{harmless}");
        }
    }
}
