//! Pure: how strong the wall around whose agents is.

use bridge_actors::chat_settings::Wall;

use crate::claude::guard::Level;

/// How many people the bridge serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Its owner alone.
    Alone,
    /// Many.
    Many,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// The owner's private chat.
    pub owner: Wall,
    /// Every other chat.
    pub others: Wall,
    /// What whoever runs the bridge should know.
    pub warning: Option<String>,
}

/// Says that a level was asked for which this machine does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "claude.isolation is \"{}\", which this machine cannot hold: {why}. Fix that, or set another \
     level; SECURITY.md says what each one closes", level.name()
)]
pub struct CannotHold {
    /// The level.
    pub level: Level,
    /// Why not.
    pub why: String,
}

/// How people without a wall are let in all the same.
const WAY_OUT: &str = "allow user namespaces (Ubuntu: sysctl -w \
                       kernel.apparmor_restrict_unprivileged_userns=0), or set claude.isolation = \
                       \"off\" if everyone may see everything that the bridge's user can";

/// Decides from what is written, who is served, and what holds here; a level is tried only if it
/// matters.
///
/// # Errors
///
/// When a level is written that does not hold.
pub fn decide(
    written: Option<Level>,
    sharing: Sharing,
    mut try_level: impl FnMut(Level) -> Result<(), String>,
) -> Result<Levels, CannotHold> {
    let all = |wall| Levels {
        owner: wall,
        others: wall,
        warning: None,
    };
    let others = match (written, sharing) {
        (Some(Level::Off), _) | (None, Sharing::Alone) => return Ok(all(Wall::Off)),
        (Some(level), _) => {
            return match try_level(level) {
                Ok(()) => Ok(all(wall(level))),
                Err(why) => Err(CannotHold { level, why }),
            };
        }
        (None, Sharing::Many) => strongest(&mut try_level),
    };
    let (others, warning) = others;
    Ok(Levels {
        owner: Wall::Off,
        others,
        warning,
    })
}

fn strongest(try_level: &mut impl FnMut(Level) -> Result<(), String>) -> (Wall, Option<String>) {
    let Err(not_strict) = try_level(Level::Strict) else {
        return (Wall::Strict, None);
    };
    match try_level(Level::Landlock) {
        Ok(()) => {
            let warning = format!(
                "agents are walled by Landlock alone, because the level strict does not hold \
                 here: {not_strict}. They cannot open each other's files, but see the host's \
                 processes by name; SECURITY.md has the list"
            );
            (Wall::Landlock, Some(warning))
        }
        Err(no_landlock) => {
            let warning = format!(
                "only the owner is served, because nothing here keeps one person's agent from \
                 another's files. strict: {not_strict}. landlock: {no_landlock}. To serve others, \
                 {WAY_OUT}"
            );
            (Wall::Refused, Some(warning))
        }
    }
}

fn wall(level: Level) -> Wall {
    match level {
        Level::Off => Wall::Off,
        Level::Landlock => Wall::Landlock,
        Level::Strict => Wall::Strict,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;

    #[test]
    fn every_wish_on_every_machine() {
        let mut table = String::new();
        let wishes = [
            None,
            Some(Level::Off),
            Some(Level::Landlock),
            Some(Level::Strict),
        ];
        for written in wishes {
            for sharing in [Sharing::Alone, Sharing::Many] {
                for held in [
                    &[][..],
                    &[Level::Landlock],
                    &[Level::Strict, Level::Landlock],
                ] {
                    let wish = written.map_or("-", Level::name);
                    let held_names: Vec<_> = held.iter().map(|level| level.name()).collect();
                    let outcome = match decide(written, sharing, |level| holds(held, level)) {
                        Ok(levels) => format!(
                            "owner {:?}, others {:?}{}",
                            levels.owner,
                            levels.others,
                            levels.warning.map_or("", |_| ", warned")
                        ),
                        Err(refused) => format!("refused: {}", refused.level.name()),
                    };
                    let held = held_names.join("+");
                    writeln!(table, "{wish:8} {sharing:?} [{held}]: {outcome}").unwrap();
                }
            }
        }
        expect![[r#"
            -        Alone []: owner Off, others Off
            -        Alone [landlock]: owner Off, others Off
            -        Alone [strict+landlock]: owner Off, others Off
            -        Many []: owner Off, others Refused, warned
            -        Many [landlock]: owner Off, others Landlock, warned
            -        Many [strict+landlock]: owner Off, others Strict
            off      Alone []: owner Off, others Off
            off      Alone [landlock]: owner Off, others Off
            off      Alone [strict+landlock]: owner Off, others Off
            off      Many []: owner Off, others Off
            off      Many [landlock]: owner Off, others Off
            off      Many [strict+landlock]: owner Off, others Off
            landlock Alone []: refused: landlock
            landlock Alone [landlock]: owner Landlock, others Landlock
            landlock Alone [strict+landlock]: owner Landlock, others Landlock
            landlock Many []: refused: landlock
            landlock Many [landlock]: owner Landlock, others Landlock
            landlock Many [strict+landlock]: owner Landlock, others Landlock
            strict   Alone []: refused: strict
            strict   Alone [landlock]: refused: strict
            strict   Alone [strict+landlock]: owner Strict, others Strict
            strict   Many []: refused: strict
            strict   Many [landlock]: refused: strict
            strict   Many [strict+landlock]: owner Strict, others Strict
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn nothing_is_tried_for_nobody() {
        for written in [None, Some(Level::Off)] {
            let tried = decide(written, Sharing::Alone, |_| panic!("not asked for"));
            assert!(tried.is_ok());
        }
    }

    #[test]
    fn who_is_refused_learns_why_and_what_to_write() {
        let levels = decide(None, Sharing::Many, |level| holds(&[], level)).unwrap();
        let warning = levels.warning.unwrap();
        assert!(warning.contains("no strict here"), "{warning}");
        assert!(warning.contains("no landlock here"), "{warning}");
        assert!(warning.contains("claude.isolation = \"off\""), "{warning}");
    }

    fn holds(held: &[Level], level: Level) -> Result<(), String> {
        match held.contains(&level) {
            true => Ok(()),
            false => Err(format!("no {} here", level.name())),
        }
    }
}
