//! What the schedule promises, told as short scripts.

mod actions;
mod bounds;
mod deletions;
mod desk;
mod drafts;
mod failures;
mod files;
mod gone;
mod histories;
mod learned;
mod order_and_pace;
mod patience;
mod topics;
mod waits;
mod wake_ups;
