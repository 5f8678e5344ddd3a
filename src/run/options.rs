//! Turns the configuration into what a bridge needs to know.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bridge_actors::budget::{Budgets, OwnBudget};
use bridge_actors::chat_settings::{AgentSettings, HostSettings, Wall};
use bridge_actors::ids::UserId;
use bridge_actors::session::policy::{AtReset, Confirm, Policy, VoicePolicy, WhoConfigures};
use bridge_actors::session::settings::{Folders, OwnSettings, SettingsBook};

use super::{BridgeOptions, LANGUAGE, People};
use crate::claude::command_line::{AgentOptions, TranscriberOptions};
use crate::claude::neighbours::Neighbours;
use crate::claude::room_view::{NetworkLimit, OwnPaths, RoomOptions};
use crate::config::{Config, Egress, Isolation, Loaded, Secret, UserOverrides};
use crate::isolation::{IsolationOptions, Sharing};
use crate::room::InboxLimits;
use crate::telegram::{Telegram, TelegramOptions, Token};

impl BridgeOptions {
    /// Returns the options that a configuration asks for.
    ///
    /// # Errors
    ///
    /// When the token or the address of the Bot API cannot be used after all.
    pub fn from_config(loaded: &Loaded) -> Result<Self> {
        let config = &loaded.config;
        let token = config.telegram.token.as_ref().map_or("", Secret::expose);
        let token = Token::parse(token).context("telegram.token")?;
        let telegram = TelegramOptions {
            token,
            api_url: config.telegram.api_url.clone(),
            poll_timeout: config.telegram.poll_timeout,
        };
        Telegram::new(telegram.clone()).context("telegram.api_url")?;
        Ok(Self {
            telegram,
            agents: agent_options(config, private_paths(loaded)),
            isolation: isolation_options(config),
            book: book(loaded),
            budgets: budgets(config),
            max_live: config.claude.max_live,
            storage: config.storage.dir.clone(),
            inbox: InboxLimits {
                file: config.limits.max_file_size,
                all: config.limits.files_per_chat,
            },
            keep_files: config.files.keep,
            owner: config.single_user.chat_id,
            chat_id_file: config.single_user.chat_id_file.clone(),
            people: People::of(config),
            shutdown_grace: config.claude.shutdown_grace,
        })
    }
}

fn own_settings(overrides: &UserOverrides) -> OwnSettings {
    OwnSettings {
        folder: overrides.dir.clone(),
        host_settings: None,
        wall: None,
        model: overrides.model.clone(),
        effort: overrides.effort.clone(),
        permission_mode: (overrides.permission_mode).map(|mode| mode.as_str().to_owned()),
        append_system_prompt: overrides.append_system_prompt.clone(),
        allowed_tools: overrides.allowed_tools.clone(),
        disallowed_tools: overrides.disallowed_tools.clone(),
    }
}

fn budgets(config: &Config) -> Budgets {
    let own = config.users.iter().map(|(chat, own)| {
        let (cost, turns) = (own.cost_per_day, own.turns_per_day);
        (UserId(chat.0), OwnBudget { cost, turns })
    });
    Budgets {
        all: config.limits.cost_per_day,
        own: own.collect(),
    }
}

fn folders(config: &Config) -> Folders {
    let dir = config.workspace.dir.clone();
    match config.multi_user.enabled && config.workspace.per_user {
        false => Folders::Shared(dir),
        true => Folders::PerChat {
            root: dir,
            owner: None,
        },
    }
}

fn book(loaded: &Loaded) -> SettingsBook {
    let config = &loaded.config;
    let claude = &config.claude;
    let own = config.users.iter();
    SettingsBook {
        policy: policy(loaded),
        folders: folders(config),
        agent: AgentSettings {
            // Whose they are is asked when it is known who owns the bridge.
            host_settings: match config.multi_user.enabled {
                true => HostSettings::LeftOut,
                false => HostSettings::Kept,
            },
            // What holds here is found out when the bridge starts.
            wall: Wall::Off,
            model: claude.model.clone(),
            effort: claude.effort.clone(),
            permission_mode: claude.permission_mode.as_str().to_owned(),
            append_system_prompt: claude.append_system_prompt.clone(),
            allowed_tools: claude.allowed_tools.clone(),
            disallowed_tools: claude.disallowed_tools.clone(),
        },
        own: own
            .map(|(chat, overrides)| (*chat, own_settings(overrides)))
            .collect(),
        epoch: 0,
    }
}

fn policy(loaded: &Loaded) -> Policy {
    let claude = &loaded.config.claude;
    Policy {
        start_timeout: claude.start_timeout,
        silence_limit: claude.silence_limit,
        permission_timeout: claude.permission_timeout,
        idle_timeout: claude.idle_timeout,
        queued_prompts: loaded.config.limits.queued_prompts,
        voice: voice(&loaded.config),
        at_reset: match loaded.config.limits.resume_at_reset {
            true => AtReset::GoesOn,
            false => AtReset::Asks,
        },
        language: LANGUAGE,
    }
}

fn voice(config: &Config) -> VoicePolicy {
    let voice = &config.voice;
    if voice.transcribe.is_empty() {
        let who = match config.multi_user.enabled {
            true => WhoConfigures::Administrators,
            false => WhoConfigures::Owner,
        };
        return VoicePolicy::Off { who };
    }
    VoicePolicy::On {
        confirm: match voice.confirm {
            true => Confirm::Yes,
            false => Confirm::No,
        },
        max_length: voice.max_length,
    }
}

fn agent_options(config: &Config, private_paths: Vec<PathBuf>) -> AgentOptions {
    let (claude, voice) = (&config.claude, &config.voice);
    let own = config.users.iter().map(|(chat, own)| {
        let (read, write) = (own.read.clone(), own.write.clone());
        (*chat, OwnPaths { read, write })
    });
    AgentOptions {
        program: vec![OsString::from(&claude.binary)],
        extra_args: claude.extra_args.clone(),
        env_passthrough: claude.env_passthrough.clone(),
        private_paths,
        marker: config.storage.dir.display().to_string(),
        rooms: RoomOptions {
            read: config.isolation.read.clone(),
            own: own.collect(),
            login: (claude.credentials.login.as_ref()).map(|login| login.expose().to_owned()),
            neighbours: neighbours(config),
            first_uid: config.isolation.first_uid,
            home_limit: config.limits.home_per_chat,
            network: network_limit(&config.isolation),
        },
        transcriber: (!voice.transcribe.is_empty()).then(|| TranscriberOptions {
            argv: voice.transcribe.clone(),
            timeout: voice.timeout,
        }),
    }
}

fn neighbours(config: &Config) -> Neighbours {
    let root = match folders(config) {
        Folders::PerChat { root, .. } => Some(root),
        Folders::Shared(_) => None,
    };
    let chosen = config.users.values().filter_map(|own| own.dir.clone());
    Neighbours {
        root,
        chosen: chosen.collect(),
    }
}

fn network_limit(isolation: &Isolation) -> NetworkLimit {
    match isolation.network {
        Egress::Open => NetworkLimit::Open,
        Egress::Ports => NetworkLimit::Ports(isolation.connect.clone()),
        Egress::None => NetworkLimit::Api,
    }
}

fn isolation_options(config: &Config) -> IsolationOptions {
    IsolationOptions {
        level: config.claude.isolation,
        holding: config.claude.containment,
        memory: config.isolation.memory,
        sharing: match config.multi_user.enabled {
            true => Sharing::Many,
            false => Sharing::Alone,
        },
    }
}

/// Lists what holds the token, says whose the bridge is or is the bridge's memory: no agent may
/// read or change it unasked. Where a link leads is listed too, since it can be named by that.
fn private_paths(loaded: &Loaded) -> Vec<PathBuf> {
    let config = &loaded.config;
    let mut paths = vec![config.storage.dir.clone()];
    paths.extend(config.telegram.token_file.clone());
    paths.extend(config.single_user.chat_id_file.clone());
    let login = config.claude.credentials.written.strip_prefix("file:");
    paths.extend(login.map(PathBuf::from));
    paths.extend(loaded.sources.file.clone());
    paths.extend(loaded.sources.places.clone());
    let real: Vec<_> = paths
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    paths.extend(real);
    let mut seen = HashSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}
