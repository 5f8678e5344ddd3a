//! One function for each message of `en.ftl`, as the build script made them.

use crate::catalogue::{Argument, Kind, Message, Say, Value};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
