//! Loads the configuration: every step in order, every problem collected.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Config;
use super::check::{self, Host};
use super::file::{self, ConfigFile};
use super::layers::{self, Override};
use super::problem::{ConfigErrors, Problem};
use super::tree::{Ground, Tree};

/// What loading depends on; nothing else of the process is looked at, only the files named here
/// and in the configuration.
#[derive(Clone)]
pub struct LoadOptions {
    /// The file asked for with `--config`; relative to `working_dir`.
    pub file: Option<PathBuf>,
    /// The filter asked for with `--log-level`; beats everything else.
    pub log_level: Option<String>,
    /// The variables of the process.
    pub environment: Vec<(OsString, OsString)>,
    /// Where the bridge was started; absolute.
    pub working_dir: PathBuf,
    /// The numeric id of the user that the process runs as.
    pub effective_uid: u32,
    /// Whether the bridge will talk to Telegram.
    pub token: TokenNeed,
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The variables may hold the token.
        f.debug_struct("LoadOptions")
            .field("file", &self.file)
            .field("working_dir", &self.working_dir)
            .finish_non_exhaustive()
    }
}

/// Whether a missing token is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenNeed {
    /// The bridge talks to Telegram.
    Required,
    /// The bridge talks to itself: `bridge try`.
    Optional,
}

/// A configuration that can be used, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The settings; all paths absolute, the token resolved.
    pub config: Config,
    /// Where they were written.
    pub sources: Sources,
    /// What works but deserves a second look; one sentence each.
    pub warnings: Vec<String>,
}

/// Where settings were written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The file, when there is one.
    pub file: Option<PathBuf>,
    /// Where a file is looked for when none is asked for, the one that wins first. A file that
    /// somebody puts there can take the place of this one at the next start.
    pub places: Vec<PathBuf>,
    /// The names of the variables and options that override it; never their values.
    pub overrides: Vec<String>,
}

impl LoadOptions {
    /// Takes the environment, the working folder and the user of this process.
    ///
    /// Fails when the working folder is gone.
    pub fn of_this_process(file: Option<PathBuf>, token: TokenNeed) -> std::io::Result<Self> {
        Ok(Self {
            file,
            log_level: None,
            environment: std::env::vars_os().collect(),
            working_dir: std::env::current_dir()?,
            effective_uid: nix::unistd::geteuid().as_raw(),
            token,
        })
    }
}

impl Config {
    /// Loads the configuration, or tells everything that is wrong with it.
    pub fn load(options: &LoadOptions) -> Result<Loaded, ConfigErrors> {
        let mut problems = Vec::new();
        let places = file::places(&options.working_dir, &options.environment);
        let asked_for = options.file.as_deref();
        let file = file::find_file(asked_for, &options.working_dir, &places, &mut problems);
        Self::load_with(options, places, file, problems)
    }

    /// Loads it from a file that was read, or could not be, as the problems tell.
    pub(super) fn load_with(
        options: &LoadOptions,
        places: Vec<PathBuf>,
        file: Option<ConfigFile>,
        mut problems: Vec<Problem>,
    ) -> Result<Loaded, ConfigErrors> {
        let is_whole = problems.is_empty();
        let home = layers::variable(&options.environment, "HOME").map(Path::new);
        let ground = Ground {
            file: file.as_ref(),
            working_dir: &options.working_dir,
            home,
        };
        let overrides = all_overrides(options, &mut problems);
        let n_known = problems.len();
        let written = merge(&ground, &overrides, &mut problems);
        let tree = Tree::check(written, &ground, &mut problems);
        let mut config = tree
            .clone()
            .into_config(&ground, &mut problems)
            .rooted_at(ground.folder());
        let host = Host {
            environment: &options.environment,
            effective_uid: options.effective_uid,
            token: options.token,
        };
        let warnings = check::check(&mut config, &tree, &ground, &host, &mut problems);
        if !is_whole {
            // What is missing may stand in the file that could not be read.
            let beyond = problems.split_off(n_known);
            let is_override = |problem: &Problem| {
                overrides
                    .iter()
                    .any(|found| found.origin == problem.origin())
            };
            problems.extend(beyond.into_iter().filter(is_override));
        }
        if !problems.is_empty() {
            return Err(ConfigErrors::new(problems));
        }
        Ok(Loaded {
            config,
            sources: Sources {
                file: file.map(|file| file.path),
                places,
                overrides: overrides.into_iter().map(|found| found.origin).collect(),
            },
            warnings,
        })
    }
}

fn all_overrides(options: &LoadOptions, problems: &mut Vec<Problem>) -> Vec<Override> {
    let mut overrides = layers::overrides(&options.environment, problems);
    overrides.extend(options.log_level.clone().map(|text| Override {
        origin: "--log-level".to_owned(),
        section: "log".to_owned(),
        name: "level".to_owned(),
        text,
    }));
    overrides
}

/// Lays the overrides over the file.
fn merge(
    ground: &Ground<'_>,
    overrides: &[Override],
    problems: &mut Vec<Problem>,
) -> config::Map<String, config::Value> {
    let mut builder = config::Config::builder();
    if let Some(file) = ground.file {
        builder = builder.add_source(file.clone());
    }
    for layer in overrides {
        builder = builder.add_source(layer.clone());
    }
    match builder.build() {
        Ok(merged) => merged.cache.into_table().unwrap_or_default(),
        Err(error) => {
            let what = format!("cannot be merged: {error}");
            problems.push(Problem::new("the configuration", "", what, ""));
            config::Map::new()
        }
    }
}
