//! Pure: what a room is meant to see, and how the guard is told.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::network::Network;

/// How strong the wall around an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// There is none: the agent is whoever runs the bridge.
    Off,
    /// The kernel's Landlock refuses what is not the room's; everything is still named.
    Landlock,
    /// A tree of files, processes and sockets of its own: what is not the room's is not there.
    Strict,
}

impl Level {
    const ALL: [Self; 3] = [Self::Off, Self::Landlock, Self::Strict];

    /// Returns the word for it in the configuration, in logs and on the guard's command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Landlock => "landlock",
            Self::Strict => "strict",
        }
    }

    /// Reads that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == word)
    }
}

/// What a walled agent sees beside the system's folders and the folder that it works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// How it is kept to that: not [`Level::Off`].
    pub level: Level,
    /// Its user and group, where the bridge may choose one: nobody else's.
    pub uid: Option<u32>,
    /// Its home folder, where it writes.
    pub home: Option<PathBuf>,
    /// What its person sent, which may lie below a cover.
    pub inbox: Option<PathBuf>,
    /// Further paths that it reads.
    pub read: Vec<PathBuf>,
    /// Further paths where it writes.
    pub write: Vec<PathBuf>,
    /// What it must not see, wherever that lies.
    pub covers: Vec<PathBuf>,
    /// How far its connections reach.
    pub network: Network,
    /// The control group that bounds its memory, where there is one.
    pub group: Option<PathBuf>,
}

impl View {
    /// Returns a view of nothing but the system.
    pub fn new(level: Level) -> Self {
        Self {
            level,
            uid: None,
            home: None,
            inbox: None,
            read: Vec::new(),
            write: Vec::new(),
            covers: Vec::new(),
            network: Network::Open,
            group: None,
        }
    }

    /// Returns it as arguments of the guard.
    pub(in crate::claude::guard) fn to_arguments(&self) -> Vec<OsString> {
        let mut all: Vec<OsString> = vec!["--wall".into(), self.level.name().into()];
        if let Some(uid) = self.uid {
            all.extend(["--uid".into(), uid.to_string().into()]);
        }
        let home = self.home.iter().map(|path| ("--home", path));
        let inbox = self.inbox.iter().map(|path| ("--inbox", path));
        let group = self.group.iter().map(|path| ("--group", path));
        let lists = [
            ("--read", &self.read),
            ("--write", &self.write),
            ("--cover", &self.covers),
        ];
        let lists = lists
            .into_iter()
            .flat_map(|(flag, paths)| paths.iter().map(move |path| (flag, path)));
        for (flag, path) in home.chain(inbox).chain(group).chain(lists) {
            all.extend([flag.into(), path.into()]);
        }
        all.extend(self.network.to_arguments());
        all
    }
}

/// The flags of a view behind `--wall`.
const FLAGS: &[&str] = &[
    "--uid",
    "--home",
    "--inbox",
    "--group",
    "--read",
    "--write",
    "--cover",
    "--connect",
    "--relay",
];

/// Reads a view flag by flag.
#[derive(Debug, Default)]
pub(in crate::claude::guard) struct Flags(Option<View>);

impl Flags {
    /// Takes a flag of a view and its value; `None` when it is none.
    pub(in crate::claude::guard) fn take(
        &mut self,
        flag: &str,
        value: &OsStr,
    ) -> Option<Result<(), String>> {
        let shown = value.to_string_lossy();
        if flag == "--wall" {
            let level = Level::named(&shown).filter(|level| *level != Level::Off);
            self.0 = level.map(View::new);
            let allowed = format!("`--wall {shown}`: allowed are landlock and strict");
            return Some(level.map(drop).ok_or(allowed));
        }
        let path = || PathBuf::from(value);
        if !FLAGS.contains(&flag) {
            return None;
        }
        let Some(view) = &mut self.0 else {
            return Some(Err(format!("`{flag}` comes before `--wall`")));
        };
        match flag {
            "--uid" => match shown.parse() {
                Ok(uid) => view.uid = Some(uid),
                Err(_) => return Some(Err(format!("`--uid {shown}` is not a number"))),
            },
            "--connect" | "--relay" => return Some(view.network.take(flag, &shown)),
            "--home" => view.home = Some(path()),
            "--inbox" => view.inbox = Some(path()),
            "--group" => view.group = Some(path()),
            "--read" => view.read.push(path()),
            "--write" => view.write.push(path()),
            _ => view.covers.push(path()),
        }
        Some(Ok(()))
    }

    /// Returns the view, if there is a wall.
    pub(in crate::claude::guard) fn view(self) -> Option<View> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::Remote;
    use super::*;

    #[test]
    fn a_view_survives_the_way_through_a_command_line() {
        for network in [
            Network::Open,
            Network::Ports(vec![443, 8443]),
            Network::Alone(None),
            Network::Alone(Remote::of_api(Some("http://[::1]:4000")).ok()),
        ] {
            survives(network);
        }
    }

    fn survives(network: Network) {
        let view = View {
            level: Level::Strict,
            uid: Some(200_007),
            home: Some("/data/chats/7/home".into()),
            inbox: Some("/data/chats/7/inbox".into()),
            read: vec!["/srv/a".into(), "/srv/b c".into()],
            write: vec!["/srv/d".into()],
            covers: vec!["/data".into()],
            network,
            group: Some("/sys/fs/cgroup/bridge/room-7/agent".into()),
        };
        let arguments = view.to_arguments();
        let mut flags = Flags::default();
        for pair in arguments.chunks(2) {
            let taken = flags.take(&pair[0].to_string_lossy(), &pair[1]);
            assert_eq!(taken, Some(Ok(())), "{pair:?}");
        }
        assert_eq!(flags.view(), Some(view));
    }

    #[test]
    fn a_wall_of_no_known_level_is_refused() {
        let mut flags = Flags::default();
        for level in ["off", "", "Strict"] {
            let taken = flags.take("--wall", OsStr::new(level));
            assert!(matches!(taken, Some(Err(_))), "{level}");
        }
        assert!(matches!(
            flags.take("--read", OsStr::new("/srv")),
            Some(Err(_))
        ));
        assert_eq!(flags.take("--folder", OsStr::new("/srv")), None);
    }
}
