//! The log: tracing to stderr, with the bot's token taken out of every line as the last net.

use std::io::{self, Write};
use std::panic;

use anyhow::{Context as _, Result};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{LogFormat, Secret};

/// Libraries whose details are of interest only when asked for by name.
const QUIET: &str = "hyper=warn,hyper_util=warn,reqwest=warn,rustls=warn,sled=warn,h2=warn";

/// Starts the log of this process.
///
/// # Errors
///
/// When the filter cannot be read, or a log was started before.
pub fn start(filter: &str, format: LogFormat, token: &Secret) -> Result<()> {
    let filter = EnvFilter::builder()
        .parse(format!("{QUIET},{filter}"))
        .with_context(|| format!("log.level is no filter like \"info,bridge=debug\": {filter}"))?;
    let writer = Redacting::new(token);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs a panic: most are caught by a supervisor, and this line is all that is seen of them.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    let location = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let payload = panic.payload();
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or(payload.downcast_ref::<String>().map(String::as_str));
    tracing::error!(
        location,
        message = message.unwrap_or("(no message)"),
        "panic"
    );
}

/// Writes to stderr and takes the token out.
#[derive(Debug, Clone)]
struct Redacting {
    secrets: Vec<String>,
}

impl Redacting {
    fn new(token: &Secret) -> Self {
        let token = token.expose();
        // The part behind the colon is what must stay secret; the number before is the bot's id.
        let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
        let secrets = [token, secret]
            .into_iter()
            .filter(|secret| secret.len() >= 8);
        Self {
            secrets: secrets.map(str::to_owned).collect(),
        }
    }

    fn redact(&self, line: &str) -> String {
        self.secrets.iter().fold(line.to_owned(), |line, secret| {
            line.replace(secret, "[token]")
        })
    }
}

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl Write for &Redacting {
    /// Takes a whole line, which is what the formatter writes at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr()
            .lock()
            .write_all(self.redact(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_the_token_nor_its_secret_half_is_written() {
        let redacting = Redacting::new(&Secret::new("123:abcdefgh-IJKL".to_owned()));
        let line = redacting.redact("GET /bot123:abcdefgh-IJKL/x and abcdefgh-IJKL alone, bot 123");
        assert_eq!(line, "GET /bot[token]/x and [token] alone, bot 123");
    }

    #[test]
    fn without_a_token_nothing_is_changed() {
        let redacting = Redacting::new(&Secret::default());
        assert_eq!(redacting.redact("a line"), "a line");
    }
}
