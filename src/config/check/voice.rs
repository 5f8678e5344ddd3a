//! Checks how voice messages are transcribed.

use super::Checker;
use crate::claude::command_line::FILE;
use crate::config::Config;

impl Checker<'_> {
    pub(super) fn voice(&mut self, config: &Config) {
        let voice = &config.voice;
        let Some((program, arguments)) = voice.transcribe.split_first() else {
            if voice.confirm {
                let warning = "voice.confirm has no effect while voice.transcribe is not set";
                self.warnings.push(warning.to_owned());
            }
            return;
        };
        if program.trim().is_empty() {
            self.refuse_value("voice", "transcribe", "the program is empty");
        } else if program.contains(FILE) {
            let what = format!("the program, {program:?}, is the file itself");
            self.refuse_value("voice", "transcribe", what);
        } else if program.contains('/') && !program.starts_with('/') {
            let what = format!("the program, {program:?}, is a path that does not start with /");
            let way_out = "write its whole path, or its name alone if it is on PATH";
            self.refuse("voice", "transcribe", what, way_out);
        }
        if voice.transcribe.iter().any(|text| text.contains('\0')) {
            self.refuse_value("voice", "transcribe", "an argument has a zero byte in it");
        }
        match arguments.iter().map(|it| it.matches(FILE).count()).sum() {
            1_usize => {}
            0 => {
                let what = format!("no argument has {FILE}, so the program would not get the file");
                self.refuse_value("voice", "transcribe", what);
            }
            n => {
                let what = format!("{FILE} occurs {n} times");
                self.refuse_value("voice", "transcribe", what);
            }
        }
    }
}
