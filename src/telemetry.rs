//! Log lines on stderr: one filter, one format, and no secret in any of them.

use std::backtrace::Backtrace;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, error};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Config, LogFormat, REDACTED, Secret, scrub};

#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
#[cfg(test)]
mod tests;

/// Libraries whose own lines help only in a hunt; the filter can bring them back.
const QUIET_LIBRARIES: [&str; 7] = [
    "reqwest",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "sled",
    "teloxide_core",
];

/// How to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOptions {
    /// A filter in tracing's syntax.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
    /// Texts that are cut out of every line.
    pub secrets: Vec<Secret>,
}

impl LogOptions {
    /// Takes the options of a configuration; its bot token is the secret.
    pub fn of(config: &Config) -> Self {
        Self {
            filter: config.log.level.clone(),
            format: config.log.format,
            secrets: config.telegram.token.iter().cloned().collect(),
        }
    }
}

/// Why logging could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter has a mistake.
    #[error("invalid log filter {filter:?}: {reason}")]
    Filter {
        /// What was asked for.
        filter: String,
        /// Where the mistake is.
        reason: String,
    },
    /// Somebody else has taken the place of the process-wide subscriber.
    #[error("cannot start logging: it is already running")]
    AlreadyRunning,
}

/// Parses a filter; libraries that it does not name log warnings only.
pub fn parse_filter(filter: &str) -> Result<EnvFilter, TelemetryError> {
    let wrong = |reason: String| TelemetryError::Filter {
        filter: filter.to_owned(),
        reason,
    };
    // Tracing takes any unknown word for the name of a module, so "inof" would silence all.
    for part in filter.split(',').map(str::trim) {
        let names_a_target = part.contains(['=', '[']) || part.contains("::");
        if !names_a_target && (part.is_empty() || part.parse::<LevelFilter>().is_err()) {
            return Err(wrong(format!(
                "{part:?} is not a level (off, error, warn, info, debug, trace)"
            )));
        }
    }
    let quiet = QUIET_LIBRARIES
        .iter()
        .filter(|library| !filter.contains(**library))
        .map(|library| format!("{library}=warn"));
    let directives: Vec<String> = quiet.chain([filter.to_owned()]).collect();
    EnvFilter::builder()
        .parse(directives.join(","))
        .map_err(|error| wrong(error.to_string()))
}

/// Starts logging for the whole process and sends panics there, too.
pub fn init(options: &LogOptions) -> Result<(), TelemetryError> {
    let writer = RedactingWriter::new(&options.secrets, io::stderr);
    subscriber(options, writer)?
        .try_init()
        .map_err(|_| TelemetryError::AlreadyRunning)?;
    log_panics();
    Ok(())
}

fn subscriber<M>(options: &LogOptions, writer: M) -> Result<Dispatch, TelemetryError>
where
    M: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_env_filter(parse_filter(&options.filter)?)
        .with_ansi(false)
        .with_writer(writer);
    Ok(match options.format {
        LogFormat::Text => Dispatch::new(builder.finish()),
        LogFormat::Json => Dispatch::new(builder.json().flatten_event(true).finish()),
    })
}

fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let location = info.location().map(ToString::to_string);
        error!(
            location = location.as_deref().unwrap_or("unknown"),
            thread = std::thread::current().name().unwrap_or("unnamed"),
            backtrace = %Backtrace::capture(),
            "panic: {}",
            panic_message(info)
        );
    }));
}

/// Returns the first line of a panic's message; the rest may hold what a user wrote.
fn panic_message(info: &PanicHookInfo<'_>) -> String {
    let text = info.payload_as_str().unwrap_or("no message");
    scrub(text.lines().next().unwrap_or_default())
}

/// Makes writers that cut secrets out of each line before it leaves the process.
#[derive(Debug, Clone)]
struct RedactingWriter<M> {
    secrets: Arc<[Secret]>,
    inner: M,
}

impl<M> RedactingWriter<M> {
    fn new(secrets: &[Secret], inner: M) -> Self {
        let secrets = secrets.iter().filter(|secret| !secret.expose().is_empty());
        Self {
            secrets: secrets.cloned().collect(),
            inner,
        }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for RedactingWriter<M> {
    type Writer = RedactedLine<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactedLine {
            secrets: Arc::clone(&self.secrets),
            line: Vec::new(),
            inner: self.inner.make_writer(),
        }
    }
}

/// Collects one event and passes it on when it is dropped, so that a secret cannot hide by being
/// written in two parts.
#[derive(Debug)]
struct RedactedLine<W: Write> {
    secrets: Arc<[Secret]>,
    line: Vec<u8>,
    inner: W,
}

impl<W: Write> RedactedLine<W> {
    fn pass_on(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = without(&String::from_utf8_lossy(&line), &self.secrets);
        self.inner.write_all(scrub(&text).as_bytes())?;
        self.inner.flush()
    }
}

/// Cuts secrets out of a text. All are looked for before any is cut out: of one that lies in another
/// or overlaps it, nothing is left either.
fn without(text: &str, secrets: &[Secret]) -> String {
    let found = secrets
        .iter()
        .flat_map(|it| text.match_indices(it.expose()));
    let mut places: Vec<_> = found.map(|(at, found)| (at, at + found.len())).collect();
    places.sort_unstable();
    let mut clean = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in places {
        if start >= done {
            clean.push_str(&text[done..start]);
            clean.push_str(REDACTED);
        }
        done = done.max(end);
    }
    clean.push_str(&text[done..]);
    clean
}

impl<W: Write> Write for RedactedLine<W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for RedactedLine<W> {
    fn drop(&mut self) {
        // Nobody is left to tell that stderr is closed.
        self.pass_on().ok();
    }
}
