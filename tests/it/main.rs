//! The bridge and what it stands on, tested from outside in one binary.
//!
//! `support` holds what tests share; every other module states one kind of promise.
//! `real_claude_contract` runs the real Claude Code program against a local mock of its API: it
//! checks what the bridge believes about that program, in the oldest and the newest version that
//! the bridge supports. The program is installed by npm into `target/real-claude`; on a machine
//! without npm those tests name themselves as skipped.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod support;

mod access;
mod agent_launcher;
mod agent_probe;
mod agent_process;
mod agent_signals;
mod agent_versions;
mod albums;
mod answers_in_pieces;
mod approval_shows_all;
mod approvals;
mod checking;
mod come_back;
mod context;
mod conversation;
mod crash_cards;
mod crash_commands;
mod crash_points;
mod deaths;
mod dependencies;
mod disk_waits;
mod edits;
mod files_kept;
mod fuzz_corpora;
mod kills;
mod leaving;
mod lockdown;
mod many_people;
mod media;
mod one_answer;

mod progress;
mod reactions;
mod recovery;
mod rich;
mod secrets;
mod sending_files;
mod service;
mod service_unit;
mod shutdown;
mod spending;
mod store_care;
mod telegram_faults;
mod trying;
mod unknown_kinds;
mod users_cli;
mod voice;
mod walls;
mod words;

mod real_claude_advice;
mod real_claude_apart;
mod real_claude_approvals;
mod real_claude_asked;
mod real_claude_background;
mod real_claude_bridge;
mod real_claude_commands;
mod real_claude_contract;
mod real_claude_conversations;
mod real_claude_crash;
mod real_claude_day;
mod real_claude_enquiries;
mod real_claude_files;
mod real_claude_killed;
mod real_claude_limits;
mod real_claude_login;
mod real_claude_media;
mod real_claude_memory;
mod real_claude_money;
mod real_claude_opening;
mod real_claude_private;
mod real_claude_settings;
mod real_claude_steering;
mod real_claude_stops;
mod real_claude_undo;
mod real_claude_walled;

mod tidy;
