//! Pages over TCP: what is answered, to whom, and what a client that means no good gets.

mod world;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use world::World;

const DEADLINE: Duration = Duration::from_mins(1);
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A server that ends with the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(world: &World, arguments: &[&str]) -> Self {
        let mut child = world
            .edgesoak()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its words")).read_line(&mut line).expect("a line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect(&line);
        Self { address: address.parse().expect("an address"), child }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
        stream
    }

    /// What comes back for these bytes, until the server ends the connection.
    fn sent(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that has heard enough ends the connection while it is written to.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn asked(&self, path: &str, headers: &str) -> String {
        self.sent(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").as_bytes())
    }

    fn status(&self, path: &str, headers: &str) -> u16 {
        status(&self.asked(path, headers))
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
}

fn world() -> World {
    let world = World::new();
    let run = world.call("run --profile smoke");
    assert_eq!(run.exit, Some(0), "{}", run.transcript());
    world
}

#[test]
fn the_site_is_served_and_nothing_else() {
    let world = world();
    let server = Server::start(&world, &[]);
    let index = server.asked("/", "");
    assert_eq!(status(&index), 200, "{index}");
    for header in ["x-content-type-options: nosniff", "cache-control: no-store", "frame-ancestors 'none'"] {
        assert!(index.contains(header), "{header}");
    }
    assert_eq!(index.split("\r\n\r\n").nth(1), server.asked("/index.html", "").split("\r\n\r\n").nth(1));
    let links = index.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for link in links.filter(|link| !link.starts_with('#')) {
        assert_eq!(server.status(&format!("/{link}"), ""), 200, "{link}");
    }
    for path in [
        "/edgesoak-out/edgesoak.db",
        "/../../../../etc/passwd",
        "/runs/../index.html",
        "/runs/%2e%2e/index.html",
        "//index.html",
        "/index.html/",
        "/INDEX.HTML",
        "/devices/nobody-0123456789ab.html",
    ] {
        assert_eq!(server.status(path, ""), 404, "{path}");
    }
    let head = server.sent(b"HEAD / HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!((status(&head), head.split("\r\n\r\n").nth(1)), (200, Some("")));
}

#[test]
fn who_means_no_good_is_refused_and_others_are_answered_meanwhile() {
    let world = world();
    let server = Server::start(&world, &[]);
    for (request, expected) in [
        (&b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nabc"[..], 405),
        (b"GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\n\r\n", 421),
        (b"GET / HTTP/9\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ] {
        let answer = server.sent(request);
        assert_eq!(status(&answer), expected, "{answer}");
    }
    let long = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(64 << 10));
    assert!(matches!(status(&server.sent(long.as_bytes())), 0 | 431), "a long head");
    let many = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "a: b\r\n".repeat(200));
    assert!(matches!(status(&server.sent(many.as_bytes())), 0 | 431), "many headers");

    // Clients that say nothing, or never end what they say, hold a place for seconds and keep nobody away.
    let mut slow: Vec<TcpStream> = (0..20).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: loc").expect("it listens");
    }
    assert_eq!(server.status("/", ""), 200);
    let mut answer = Vec::new();
    let ended = slow[0].read_to_end(&mut answer);
    assert!(ended.is_ok() && !answer.starts_with(b"HTTP/1.1 200"), "{ended:?} {answer:?}");
}

#[test]
fn a_token_opens_and_nothing_else_does() {
    let world = world();
    world.write("token", TOKEN);
    let refused = world.call("serve --listen 127.0.0.1:0 --token-file token");
    assert_eq!(refused.exit, Some(2), "others can read it: {}", refused.transcript());
    let refused = world.call("serve --listen 0.0.0.0:0");
    insta::assert_snapshot!("serve-without-token", refused.transcript());
    let rights = fs::Permissions::from_mode(0o600);
    fs::set_permissions(world.path().join("token"), rights).expect("rights");
    let server = Server::start(&world, &["--token-file", "token"]);
    let answer = server.asked("/", "");
    assert_eq!(status(&answer), 401);
    assert!(answer.contains("www-authenticate: Basic") && !answer.contains("href"), "{answer}");
    assert_eq!(server.status(&format!("/?token={TOKEN}"), ""), 401, "never in an address");
    assert_eq!(server.status("/", "authorization: Bearer wrong\r\n"), 401);
    let answer = server.asked("/", &format!("authorization: Bearer {TOKEN}\r\n"));
    assert_eq!(status(&answer), 200);
    assert!(!answer.contains(TOKEN));
}

#[test]
fn a_run_that_is_not_over_is_shown_as_far_as_its_journals_have_come() {
    let world = world();
    let out = world.path().join("edgesoak-out/runs");
    let run = fs::read_dir(&out).expect("runs").next().expect("a run").expect("an entry").path();
    let live = world.path().join("live/runs").join(run.file_name().expect("a name"));
    fs::create_dir_all(live.join("s01")).expect("room");
    let host = fs::read_to_string(run.join("host.journal")).expect("the host's journal");
    let begun: Vec<&str> = host.lines().take_while(|line| !line.contains("\"session_closed\"")).collect();
    fs::write(live.join("host.journal"), begun.join("\n") + "\n").expect("room");
    let rebuilt = world.call("store rebuild --out live");
    assert_eq!(rebuilt.exit, Some(0), "{}", rebuilt.transcript());

    let server = Server::start(&world, &["--out", "live"]);
    let index = server.asked("/", "");
    assert!(index.contains("not closed"), "{index}");
    let page = server.asked("/running.html", "");
    assert!(page.contains("refresh: 5") && page.contains("not begun"), "{page}");
    let bytes = fs::read(run.join("s01/device.journal")).expect("a journal");
    let mut seen = std::collections::BTreeSet::new();
    for part in [bytes.len() / 3, bytes.len() / 2, bytes.len() * 9 / 10] {
        fs::write(live.join("s01/device.journal"), &bytes[..part]).expect("room");
        let page = server.asked("/running.html", "");
        assert!(page.contains("this-machine") && !page.contains("not begun"), "{page}");
        let link = index.split("href=\"runs/").nth(1).and_then(|rest| rest.split('"').next()).expect("a run");
        let report = server.asked(&format!("/runs/{link}"), "");
        assert!(report.contains("refresh: 5") && report.contains("<svg"), "{part}");
        assert!(seen.insert(report), "strips grow with the journal");
    }
}
