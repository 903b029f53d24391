//! `edgesoak serve`: the site made on demand, and running sessions. It reads and never writes.

mod gatekeeper;
mod pages;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::gatekeeper::{Gatekeeper, Refusal};
use self::pages::{Page, Pages};
use crate::args::{Serve, Shared};
use crate::command::{asked_to_stop, host_threads};
use crate::failure::Failure;
use crate::terminal::{say, tell};

/// Connections at once; more wait.
const CONNECTIONS: usize = 64;
/// Pages made at once; each reads the database and holds a session.
const MAKERS: usize = 2;
/// How long a client may take to say what it wants.
const ASKING: Duration = Duration::from_secs(10);
/// How long a connection lives, however slowly its client reads.
const LIFE: Duration = Duration::from_mins(1);
/// Most bytes of a request, and most header lines.
const REQUEST_BYTES: usize = 16 << 10;
const HEADERS: usize = 64;
/// Seconds after which a browser asks for a live page again.
const AGAIN: HeaderValue = HeaderValue::from_static("5");

struct Server {
    gatekeeper: Gatekeeper,
    pages: Pages,
    makers: Arc<Semaphore>,
}

/// Serves until it is interrupted.
pub fn serve(shared: &Shared, asked: &Serve) -> Result<u8, Failure> {
    let token = asked.token_file.as_deref().map(gatekeeper::token).transpose()?;
    if token.is_none() && !asked.listen.ip().is_loopback() {
        return Err(Failure::config(format!("{} can be reached by others: it needs a token", asked.listen))
            .hint("name a file with --token-file, or listen on 127.0.0.1"));
    }
    let server = Arc::new(Server {
        gatekeeper: Gatekeeper::new(asked.listen.ip().is_loopback(), token),
        pages: Pages::open(shared)?,
        makers: Arc::new(Semaphore::new(MAKERS)),
    });
    host_threads()?.block_on(listen(asked, server))
}

async fn listen(asked: &Serve, server: Arc<Server>) -> Result<u8, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::infrastructure(format!("cannot listen on {}", asked.listen)).because(error)
    };
    let listener = TcpListener::bind(asked.listen).await.map_err(|error| failed(&error))?;
    let here = listener.local_addr().map_err(|error| failed(&error))?;
    say(&format!("Serving http://{here}/, read-only; Ctrl-C ends it\n"))?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = pin!(asked_to_stop());
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(0) };
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(attend(stream, Arc::clone(&server), place));
                }
                // Out of descriptors, most likely: those that are open end in a minute.
                Err(error) => {
                    tell(&format!("warning: cannot accept a connection: {error}"));
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
            _ = &mut stop => return Ok(0),
        }
    }
}

/// One request of one client.
async fn attend(stream: TcpStream, server: Arc<Server>, _place: OwnedSemaphorePermit) {
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(answer(&request, server).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(ASKING)
        .max_buf_size(REQUEST_BYTES)
        .max_headers(HEADERS)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A client that goes away, or sends no HTTP, is nobody's failure.
    let _ = tokio::time::timeout(LIFE, connection).await;
}

async fn answer(request: &Request<Incoming>, server: Arc<Server>) -> Response<Full<Bytes>> {
    if let Err(refusal) = server.gatekeeper.check(request) {
        return refused(&refusal);
    }
    let path = request.uri().path().to_owned();
    let makers = Arc::clone(&server.makers);
    let made = make(makers, move || server.pages.page(&path)).await;
    let mut response = match made {
        Some(Ok(Some(Page { html, is_live }))) => {
            let mut response = plain(StatusCode::OK, "text/html; charset=utf-8", html);
            if is_live {
                response.headers_mut().insert(header::REFRESH, AGAIN);
            }
            response
        }
        Some(Ok(None)) => words(StatusCode::NOT_FOUND, "There is no such page.\n"),
        Some(Err(failure)) => {
            // The cause may name places of this host: it is told there.
            tell(&crate::terminal::printable(&failure.render()));
            words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The page could not be made; the host's terminal says why.\n",
            )
        }
        None => words(StatusCode::INTERNAL_SERVER_ERROR, "The page could not be made.\n"),
    };
    if request.method() == Method::HEAD {
        *response.body_mut() = Full::default();
    }
    response
}

/// Works beside the connections, in turn. Who has gone meanwhile still has that turn: the work goes on without them.
async fn make<T: Send + 'static>(
    makers: Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let turn = makers.acquire_owned().await.ok()?;
    let working = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    working.await.ok()
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    let (status, text) = refusal.words();
    let mut response = words(status, text);
    match refusal {
        Refusal::Method => {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        Refusal::Token => {
            let ask = HeaderValue::from_static("Basic realm=\"EdgeSoak\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
        }
        Refusal::Host => {}
    }
    response
}

fn words(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    plain(status, "text/plain; charset=utf-8", text.to_owned())
}

/// What every answer says: it is for this reader, in no frame, and its type is what it says.
fn plain(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    const ALWAYS: [(&str, &str); 6] = [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn work_keeps_its_turn_when_its_client_goes() {
        let makers = Arc::new(Semaphore::new(1));
        let (signal, begun) = tokio::sync::oneshot::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let work = move || {
            let _ = signal.send(());
            let _ = wait.recv();
        };
        let client = tokio::spawn(make(Arc::clone(&makers), work));
        begun.await.expect("it works");
        client.abort();
        assert!(client.await.expect_err("it has gone").is_cancelled());
        assert_eq!(makers.available_permits(), 0);
        go_on.send(()).expect("it still works");
        assert_eq!(make(makers, || 7).await, Some(7), "the turn is given back");
    }
}
