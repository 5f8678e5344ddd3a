//! Tests of the machine: scripts in, transcripts out.
//!
//! A script has one event a line; the transcript shows each event and below it what the machine
//! wants done. Times pass with `+SECONDS`, which steps the machine at every deadline in between.

mod albums;
mod albums_by_name;
mod approvals;
mod background;
mod card;
mod change;
mod choices;
mod commands;
mod context;
mod dead_buttons;
mod delivery;
mod drafts;
mod edits;
mod ends;
mod enquiries;
mod files;
mod forged;
mod gathered;
mod inbox;
mod interrupted;
mod invariants;
mod killed;
mod left_open;
mod lockdown;
mod money;
mod moved;
mod offers;
mod outcomes;
mod pairs;
mod passed_on;
mod passed_on_files;
mod presses;
mod questions;
mod ratings;
mod refused;
mod revoke;
mod rich;
mod sent_files;
mod servers;
mod show;
mod shutdown;
mod slots;
mod steer;
mod steer_ends;
mod stop;
mod support;
mod tasks;
mod told;
mod turns;
mod voice;
mod voice_confirmed;
mod voice_not_heard;
mod way;
