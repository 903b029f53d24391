//! A meter that is listened to.

use async_trait::async_trait;
use edgesoak_record::lab::{Meter, MeterFormat, MeterSource};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{ChildStderr, ChildStdout};

use crate::decoder::{Decoded, Decoder};
use crate::error::InstrumentError;
use crate::lines::Splitter;
use crate::measured::Measured;
use crate::program::{AFTERMATH, Program, end_of_stream, ended_badly, keep_end, read_all};
use crate::serial_line;

/// Most that is taken at once, bytes.
pub(crate) const CHUNK: usize = 16 << 10;
/// Most that is kept of what a meter's program complains about.
const MAX_COMPLAINT: usize = 4096;
/// How long a program that closed its output may take to end.
const LAST_BREATH: std::time::Duration = std::time::Duration::from_secs(1);

/// Where the bytes of a meter come from.
#[async_trait]
pub trait ByteSource: Send {
    /// The next bytes, at least one; a stream that ended is an error. Waits as long as it takes.
    async fn next(&mut self) -> Result<Vec<u8>, InstrumentError>;
}

/// What one piece of a meter's stream held.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// Length of the piece, bytes.
    pub bytes: usize,
    /// Readings, in order.
    pub readings: Vec<Measured>,
    /// Lines that were no readings.
    pub bad_lines: u32,
    /// Why the last of them was none.
    pub why_bad: Option<&'static str>,
}

/// Bytes of a meter as readings.
pub struct MeterStream {
    source: Box<dyn ByteSource>,
    splitter: Splitter,
    decoder: Decoder,
}

impl std::fmt::Debug for MeterStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MeterStream").field("decoder", &self.decoder).finish_non_exhaustive()
    }
}

impl MeterStream {
    /// Readings of these bytes.
    #[must_use]
    pub fn new(source: Box<dyn ByteSource>, format: MeterFormat) -> Self {
        Self { source, splitter: Splitter::default(), decoder: Decoder::new(format) }
    }

    /// What comes next; the caller's clock tells when. May hold no reading at all. Nothing is lost if the future is
    /// dropped before it is ready.
    ///
    /// # Errors
    /// When the stream is over: the program ended, the line was unplugged.
    pub async fn next(&mut self) -> Result<Heard, InstrumentError> {
        let bytes = self.source.next().await?;
        let mut heard = Heard { bytes: bytes.len(), ..Heard::default() };
        for line in self.splitter.feed(&bytes) {
            match self.decoder.read(&line) {
                Decoded::Reading(measured) => heard.readings.push(measured),
                Decoded::Nothing => {}
                Decoded::Bad(why) => {
                    heard.bad_lines = heard.bad_lines.saturating_add(1);
                    heard.why_bad = Some(why);
                }
            }
        }
        Ok(heard)
    }
}

/// Starts to listen to a meter.
pub(crate) fn open(meter: &Meter) -> Result<MeterStream, InstrumentError> {
    let source: Box<dyn ByteSource> = match &meter.source {
        MeterSource::Command(command) => Box::new(Printing::start(command)?),
        MeterSource::Serial { path, baud } => Box::new(serial_line::open(path, *baud, meter.format)?),
    };
    Ok(MeterStream::new(source, meter.format))
}

/// What a program prints.
struct Printing {
    program: Program,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    complaint: Vec<u8>,
}

impl Printing {
    fn start(command: &[String]) -> Result<Self, InstrumentError> {
        let mut program = Program::start(command)?;
        let (stdout, stderr) = (program.child.stdout.take(), program.child.stderr.take());
        Ok(Self { program, stdout, stderr, complaint: Vec::new() })
    }

    async fn end(&mut self) -> InstrumentError {
        if let Some(stderr) = self.stderr.take() {
            // What it complained of last may not have been read yet.
            let rest = read_all(Some(stderr), &mut self.complaint);
            let _ = tokio::time::timeout(AFTERMATH, rest).await;
        }
        let name = self.program.name.clone();
        match tokio::time::timeout(LAST_BREATH, self.program.child.wait()).await {
            Ok(Ok(status)) => ended_badly(name, status, &self.complaint),
            Ok(Err(source)) => InstrumentError::Listening { program: name, source },
            Err(_) => InstrumentError::Listening { program: name, source: end_of_stream() },
        }
    }
}

#[async_trait]
impl ByteSource for Printing {
    async fn next(&mut self) -> Result<Vec<u8>, InstrumentError> {
        let (mut out, mut err) = (vec![0; CHUNK], vec![0; 1024]);
        loop {
            tokio::select! {
                read = read_some(&mut self.stdout, &mut out) => match read {
                    Ok(read @ 1..) => {
                        out.truncate(read);
                        return Ok(out);
                    }
                    Ok(0) => return Err(self.end().await),
                    Err(source) => {
                        return Err(InstrumentError::Listening { program: self.program.name.clone(), source });
                    }
                },
                read = read_some(&mut self.stderr, &mut err), if self.stderr.is_some() => match read {
                    Ok(read @ 1..) => keep_end(&mut self.complaint, &err[..read], MAX_COMPLAINT),
                    Ok(0) | Err(_) => self.stderr = None,
                },
            }
        }
    }
}

async fn read_some(stream: &mut Option<impl AsyncRead + Unpin>, buffer: &mut [u8]) -> std::io::Result<usize> {
    match stream {
        Some(stream) => stream.read(buffer).await,
        None => Ok(0),
    }
}
