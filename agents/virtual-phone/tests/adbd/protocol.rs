//! The protocol by its letters: windows, sums, and hosts that break it.

use edgesoak_virtual_phone::adbd::{Access, Features};
use proptest::prelude::*;

use crate::bench::Bench;
use crate::host::{Host, NEW, OLD};

#[test]
fn sums_are_there_for_whom_they_are_due() {
    let bench = Bench::current();
    let mut host = Host::new(&bench);
    host.say(*b"CNXN", OLD, 4096, b"host::\0");
    let (sum, banner) = host.hear_sum();
    assert_eq!(sum, banner.iter().map(|byte| u32::from(*byte)).sum::<u32>());
    // A host of today learns from the version that nobody adds up bytes.
    let mut host = Host::new(&bench);
    host.say(*b"CNXN", NEW, 4096, b"host::\0");
    assert_eq!(host.hear_sum().0, 0);
    // And is not asked for any.
    host.say_header(*b"OPEN", [1, 0, 12, 0]);
    host.push(b"shell:true\0\0");
    assert_eq!(host.hear().0, "OKAY");
}

#[test]
fn a_device_says_what_it_is() {
    let bench = Bench::current();
    let mut host = Host::new(&bench);
    host.say(*b"CNXN", NEW, 1 << 20, b"host::\0");
    let (letters, version, most, banner) = host.hear();
    assert_eq!((letters.as_str(), version, most), ("CNXN", NEW, 1 << 20));
    assert_eq!(
        String::from_utf8(banner).expect("text"),
        "device::ro.product.name=bench;ro.product.model=Bench Phone;ro.product.device=bench;\
         features=shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,fixed_push_symlink_timestamp"
    );
    let bench = Bench::new(Features::Old, Access::Granted);
    let mut host = Host::new(&bench);
    host.say(*b"CNXN", NEW, 1 << 20, b"host::\0");
    let (_, version, most, banner) = host.hear();
    assert_eq!((version, most), (OLD, 4096));
    assert!(!String::from_utf8_lossy(&banner).contains("features"));
}

#[test]
fn a_token_is_asked_for_again_and_again() {
    let bench = Bench::new(Features::Current, Access::Unauthorised);
    let mut host = Host::new(&bench);
    host.say(*b"CNXN", NEW, 1 << 20, b"host::\0");
    let first = host.hear();
    assert_eq!((first.0.as_str(), first.1, first.3.len()), ("AUTH", 1, 20));
    host.say(*b"AUTH", 2, 0, &[1; 256]);
    let second = host.hear();
    assert_eq!((second.0.as_str(), second.1), ("AUTH", 1));
    assert_ne!(first.3, second.3, "a token is used once");
    // Streams do not exist for such a host.
    host.say(*b"OPEN", 1, 0, b"shell:id\0");
    host.say(*b"AUTH", 2, 0, &[1; 256]);
    assert_eq!(host.hear().0, "AUTH");
    host.say(*b"AUTH", 3, 0, b"a public key\0");
    bench.link.plant(edgesoak_virtual_phone::adbd::LinkFault::Allow);
    assert_eq!(host.hear().0, "CNXN");
    host.open(1, "shell:true");
}

#[test]
fn what_is_kept_is_acknowledged_before_anybody_reads_it() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    let theirs = host.open(9, "shell,v2,raw:sleep 600");
    let mut packet = vec![0, 0, 128, 0, 0];
    packet.resize(32_773, b'x');
    for _ in 0..4 {
        host.say(*b"WRTE", 9, theirs, &packet);
        assert_eq!(host.hear(), ("OKAY".to_owned(), theirs, 9, Vec::new()));
    }
    host.say(*b"CLSE", 9, theirs, b"");
}

#[test]
fn a_host_that_does_not_wait_is_cut_off() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    let theirs = host.open(9, "shell,v2,raw:sleep 600");
    let mut packet = vec![0, 0, 0, 16, 0];
    packet.resize(1 << 20, b'x');
    for _ in 0..4 {
        host.say(*b"WRTE", 9, theirs, &packet);
    }
    assert!(host.is_cut_off());
}

#[test]
fn one_piece_is_under_way_at_a_time() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    let theirs = host.open(3, "exec:head -c 200000 /dev/zero");
    let (letters, _, _, first) = host.hear();
    assert_eq!(letters, "WRTE");
    // Nothing more comes on this stream, but others live.
    let other = host.open(4, "exec:echo other");
    assert_ne!(other, theirs);
    assert_eq!(host.drain(4), b"other\n");
    host.say(*b"OKAY", 3, theirs, b"");
    assert_eq!(first.len() + host.drain(3).len(), 200_000);
}

#[test]
fn an_unknown_service_is_closed_without_a_number() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    for name in
        ["track-jdwp", "host:devices", "tcp:1.2.3.4:80", "localabstract:nobody", "", "shell", "\u{fffd}"]
    {
        host.say(*b"OPEN", 5, 0, format!("{name}\0").as_bytes());
        let heard = host.hear();
        if name == "shell" {
            assert_eq!(heard.0, "OKAY");
            host.say(*b"CLSE", 5, heard.1, b"");
            host.drain(5);
        } else {
            assert_eq!(heard, ("CLSE".to_owned(), 0, 5, Vec::new()), "{name}");
        }
    }
}

#[test]
fn files_come_with_modes_in_any_base_and_tails_of_zeros() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    let mut sent = Vec::new();
    for (name, mode) in [("a", "0100600"), ("b", "33152"), ("c", "0x8180")] {
        let request = format!("{},{mode}", bench.path(name).display());
        let length = u32::try_from(request.len()).expect("it is short").to_le_bytes();
        sent.extend(
            [&b"SEND"[..], &length, request.as_bytes(), b"DATA\x02\0\0\0hiDONE\x10\0\0\0\0\0\0\0"].concat(),
        );
    }
    sent.extend(b"QUIT\0\0\0\0");
    let theirs = host.open(2, "sync:");
    host.say(*b"WRTE", 2, theirs, &sent);
    assert_eq!(host.drain(2), b"OKAY\0\0\0\0OKAY\0\0\0\0OKAY\0\0\0\0");
    for name in ["a", "b", "c"] {
        let known = std::fs::metadata(bench.path(name)).expect("it came");
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&known), 0o100_666);
        assert_eq!(std::os::unix::fs::MetadataExt::mtime(&known), 16);
    }
}

fn asked(bench: &Bench, letters: &str, path: &std::path::Path) -> Vec<u8> {
    let mut host = Host::welcome(bench, NEW);
    let path = path.display().to_string();
    let length = u32::try_from(path.len()).expect("it is short").to_le_bytes();
    let theirs = host.open(2, "sync:");
    host.say(*b"WRTE", 2, theirs, &[letters.as_bytes(), &length, path.as_bytes(), b"QUIT\0\0\0\0"].concat());
    host.drain(2)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// A file of more than 4 GiB that needs no room.
fn large(bench: &Bench) -> std::path::PathBuf {
    let path = bench.path("large");
    let file = std::fs::File::create(&path).expect("it is made");
    file.set_len((1 << 32) + 5).expect("it has a hole");
    path
}

#[test]
fn sizes_are_told_in_32_bits_and_in_64() {
    let bench = Bench::current();
    let path = large(&bench);
    let old = asked(&bench, "STAT", &path);
    assert_eq!((&old[..4], old.len(), word(&old, 8)), (&b"STAT"[..], 16, 5));
    std::os::unix::fs::symlink(&path, bench.path("link")).expect("it is made");
    for (letters, kind, size) in
        [("STA2", 0o100_000, (1 << 32) + 5), ("LST2", 0o120_000, path.as_os_str().len() as u64)]
    {
        let new = asked(&bench, letters, &bench.path("link"));
        assert_eq!((&new[..4], new.len(), word(&new, 4)), (letters.as_bytes(), 72, 0));
        assert_eq!((word(&new, 24) & 0o170_000, long(&new, 40)), (kind, size), "{letters}");
        let none = asked(&bench, letters, &bench.path("none"));
        assert_eq!((none.len(), word(&none, 4), long(&none, 40)), (72, 2, 0), "no such file");
    }
    assert_eq!(asked(&bench, "STAT", &bench.path("none")), b"STAT\0\0\0\0\0\0\0\0\0\0\0\0");
    let old_phone = Bench::new(Features::Old, Access::Granted);
    assert!(asked(&old_phone, "LST2", &path).starts_with(b"FAIL"));
}

#[test]
fn entries_are_told_in_both_ways() {
    let bench = Bench::current();
    large(&bench);
    for (letters, entry, head, end) in [("LIST", "DENT", 20, 20), ("LIS2", "DNT2", 76, 76)] {
        let mut said = asked(&bench, letters, bench.folder());
        let mut sizes = Vec::new();
        while said.starts_with(entry.as_bytes()) {
            let name_length = word(&said, head - 4) as usize;
            let size = if head == 20 { u64::from(word(&said, 8)) } else { long(&said, 40) };
            let name = String::from_utf8(said[head..head + name_length].to_vec()).expect("text");
            if !name.starts_with('.') {
                sizes.push((name, size));
            }
            said.drain(..head + name_length);
        }
        let size = if head == 20 { 5 } else { (1 << 32) + 5 };
        assert_eq!(sizes, [("large".to_owned(), size)]);
        let mut done = b"DONE".to_vec();
        done.resize(end, 0);
        assert_eq!(said, done);
    }
}

#[test]
fn a_file_is_drained_before_its_failure_is_told() {
    let bench = Bench::current();
    let mut host = Host::welcome(&bench, NEW);
    let theirs = host.open(2, "sync:");
    host.say(*b"WRTE", 2, theirs, b"SEND\x0f\0\0\0/proc/none,0644DATA\x02\0\0\0hi");
    assert_eq!(host.hear().0, "OKAY");
    host.say(*b"WRTE", 2, theirs, b"DATA\x01\0\0\0!DONE\0\0\0\0");
    let said = host.drain(2);
    assert!(said.starts_with(b"FAIL"), "{said:?}");
    assert!(String::from_utf8_lossy(&said).contains("couldn't create file: "), "{said:?}");
}

#[test]
fn requests_out_of_bounds_are_refused() {
    let bench = Bench::current();
    for (request, reason) in [
        (&b"STAT\xff\xff\xff\xff"[..], "reading a path"),
        (b"JUNK\x01\0\0\0x", "unknown command: JUNK"),
        (b"SEND\x06\0\0\0/tmp/xDONE\0\0\0\0", "bad request"),
        (b"SEND\x02\0\0\0x,DONE\0\0\0\0", "bad mode"),
        (b"SEND\x0f\0\0\0/proc/none,0644DATA\x01\0\x01\0", "oversize data message"),
        (b"SEND\x0f\0\0\0/proc/none,0644JUNK\x01\0\x01\0", "invalid data message"),
    ] {
        let mut host = Host::welcome(&bench, NEW);
        let theirs = host.open(2, "sync:");
        host.say(*b"WRTE", 2, theirs, request);
        let said = String::from_utf8_lossy(&host.drain(2)).into_owned();
        assert!(said.starts_with("FAIL") && said.contains(reason), "{said:?}");
    }
}

#[test]
fn who_breaks_the_protocol_is_cut_off() {
    let bench = Bench::current();
    let broken: [fn(&mut Host); 7] = [
        |host| host.push(&[0; 24]),
        |host| host.push(b"GET / HTTP/1.1\r\nHost: phone\r\n\r\n"),
        |host| host.say_header(*b"SYNC", [1, 0, 0, 0]),
        |host| host.say_header(*b"WRTE", [1, 1, u32::MAX, 0]),
        |host| host.say_header(*b"STLS", [NEW, 0, 0, 0]),
        |host| host.say(*b"CNXN", NEW, 0, b"host::\0"),
        |host| {
            host.say_header(*b"CNXN", [OLD, 4096, 2, 1]);
            host.push(b"ab");
        },
    ];
    for say in broken {
        let mut host = Host::new(&bench);
        say(&mut host);
        assert!(host.is_cut_off());
    }
    Host::welcome(&bench, NEW).open(1, "shell:true");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a host says: the device lives, and serves the next one.
    #[test]
    fn no_host_brings_a_device_down(
        said in prop::collection::vec(
            (0_usize..7, 0_u32..4, 0_u32..4, prop::collection::vec(any::<u8>(), 0..64), any::<bool>()),
            0..24,
        ),
        junk in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let letters = [b"CNXN", b"AUTH", b"OPEN", b"OKAY", b"WRTE", b"CLSE", b"STLS"];
        let services = ["shell,v2,raw:cat\0", "sync:\0", "exec:true\0", "reverse:list-forward\0", "shell:\0"];
        let mut bench = Bench::current();
        let mut host = Host::welcome(&bench, NEW);
        for (which, first, second, payload, serve) in said {
            let named = services[payload.len() % services.len()].as_bytes().to_vec();
            host.say(*letters[which], first, second, if serve && which == 2 { &named } else { &payload });
        }
        host.push(&junk);
        drop(host);
        Host::welcome(&bench, NEW).open(1, "shell:true");
        prop_assert!(bench.end().is_ok());
    }
}
