//! Who may ask: reading only, by a name of this host, with the token where there is one.

use std::fs::File;
use std::io::Read as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{Method, Request, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

/// Fewest and most characters of a token.
const LEAST: usize = 16;
const MOST: u64 = 1024;

/// A token's digest: what is compared says nothing about where a guess went wrong.
pub type TokenDigest = [u8; 32];

/// Decides by a request's head.
#[derive(Debug)]
pub struct Gatekeeper {
    is_loopback: bool,
    token: Option<TokenDigest>,
}

/// Why a request is not answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It wants to change something.
    Method,
    /// It was sent to another name.
    Host,
    /// It has no token, or a wrong one.
    Token,
}

impl Refusal {
    /// Status and text of the answer.
    pub fn words(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "Nothing can be changed here.\n"),
            Self::Host => (StatusCode::MISDIRECTED_REQUEST, "This host is asked by another name.\n"),
            Self::Token => {
                (StatusCode::UNAUTHORIZED, "The token is the password; the name does not matter.\n")
            }
        }
    }
}

impl Gatekeeper {
    /// For a listener of this kind.
    pub fn new(is_loopback: bool, token: Option<TokenDigest>) -> Self {
        Self { is_loopback, token }
    }

    /// Whether a request is answered.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Refusal::Method);
        }
        let mut hosts = request.headers().get_all(HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
        // A page of another site that had its own name point to this machine is told by the name that it asks for. Beyond
        // loopback this host's names are not known, and the token is what such a page has not.
        if !host.is_some_and(|host| !self.is_loopback || is_own_name(host)) {
            return Err(Refusal::Host);
        }
        let Some(token) = &self.token else { return Ok(()) };
        let shown =
            request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(shown);
        if shown.is_some_and(|shown| is_same(&Sha256::digest(shown).into(), token)) {
            Ok(())
        } else {
            Err(Refusal::Token)
        }
    }
}

/// A name that only this machine has for itself, with any port or none.
fn is_own_name(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    name.eq_ignore_ascii_case("localhost")
        || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        || bare.is_some_and(|name| name.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback()))
}

/// The token that a header shows: the password of a browser, or a program's own.
fn shown(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(' ')?;
    if kind.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    let both = kind.eq_ignore_ascii_case("basic").then(|| Base64::decode_vec(rest.trim()).ok()).flatten()?;
    String::from_utf8(both).ok()?.split_once(':').map(|(_, password)| password.to_owned())
}

/// In the same time, wherever they differ.
fn is_same(one: &TokenDigest, other: &TokenDigest) -> bool {
    one.iter().zip(other).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

/// Reads the token of a file that nobody else can read.
pub fn token(path: &Path) -> Result<TokenDigest, Failure> {
    let refuse = |why: &str| Failure::config(format!("the token file {} {why}", path.display()));
    let mut text = String::new();
    let file = File::open(path).map_err(|error| refuse("cannot be read").because(&error))?;
    let rights = file.metadata().map_err(|error| refuse("cannot be read").because(&error))?.permissions();
    if rights.mode() & 0o077 != 0 {
        return Err(refuse("can be read by others").hint(format!("chmod 600 {}", path.display())));
    }
    file.take(MOST + 1)
        .read_to_string(&mut text)
        .map_err(|error| refuse("cannot be read").because(&error))?;
    let token = text.trim();
    if token.len() < LEAST || text.len() as u64 > MOST || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refuse("holds no token")
            .hint("a token is 16 to 1024 letters, digits and signs on one line: openssl rand -hex 32"));
    }
    Ok(Sha256::digest(token).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, headers: &[(&str, &str)]) -> Request<()> {
        let request =
            headers.iter().fold(Request::builder().method(method).uri("/"), |request, (name, value)| {
                request.header(*name, *value)
            });
        request.body(()).expect("a request")
    }

    #[test]
    fn on_loopback_only_own_names_are_answered() {
        let keeper = Gatekeeper::new(true, None);
        for host in ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "127.0.0.2:8765", "[::1]:8765", "[::1]"] {
            assert_eq!(keeper.check(&asked("GET", &[("host", host)])), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8765",
            "localhost.evil.example",
            "127.0.0.1.nip.io:80",
            "128.0.0.1",
            "[127.0.0.1]",
            "::1",
            "[::2]",
            "",
            ":80",
            "[::1",
            "localhost:x",
        ] {
            assert_eq!(keeper.check(&asked("GET", &[("host", host)])), Err(Refusal::Host), "{host}");
        }
        assert_eq!(keeper.check(&asked("GET", &[])), Err(Refusal::Host));
        let twice = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(keeper.check(&asked("GET", &twice)), Err(Refusal::Host));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            assert_eq!(keeper.check(&asked(method, &[("host", "localhost")])), Err(Refusal::Method));
        }
        assert_eq!(keeper.check(&asked("HEAD", &[("host", "localhost")])), Ok(()));
    }

    #[test]
    fn a_token_is_a_password_or_a_bearers() {
        let token = "0123456789abcdef-token";
        let keeper = Gatekeeper::new(false, Some(Sha256::digest(token).into()));
        let check =
            |value: &str| keeper.check(&asked("GET", &[("host", "rack.example"), ("authorization", value)]));
        let basic = |both: &str| format!("Basic {}", Base64::encode_string(both.as_bytes()));
        assert_eq!(check(&format!("Bearer {token}")), Ok(()));
        assert_eq!(check(&basic(&format!("anna:{token}"))), Ok(()));
        for wrong in [
            "",
            "Bearer",
            "Bearer x",
            "Basic",
            "Basic !!!",
            "Digest x",
            &basic(token),
            &basic("anna:"),
            token,
        ] {
            assert_eq!(check(wrong), Err(Refusal::Token), "{wrong}");
        }
        assert_eq!(keeper.check(&asked("GET", &[("host", "rack.example")])), Err(Refusal::Token));
    }

    #[test]
    fn a_token_file_is_private_and_holds_a_token() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("token");
        let put = |text: &str, mode: u32| {
            std::fs::write(&path, text).expect("room");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("rights");
            token(&path)
        };
        let digest =
            put("0123456789abcdef\n", 0o600).unwrap_or_else(|failure| panic!("{}", failure.render()));
        assert!(is_same(&digest, &Sha256::digest("0123456789abcdef").into()));
        for (text, mode) in
            [("0123456789abcdef", 0o644), ("short", 0o600), ("", 0o600), ("0123456789 abcdef", 0o600)]
        {
            assert!(put(text, mode).is_err(), "{text:?} {mode:o}");
        }
        assert!(put(&"x".repeat(2000), 0o600).is_err());
        assert!(token(&dir.path().join("none")).is_err());
    }
}
