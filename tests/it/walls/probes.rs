//! The probes: what an agent tries that wants out of its room, and the controls.

use super::place::Place;

/// What has to work in a room; a room in which nothing works would hold everything.
pub(super) const CONTROLS: &[&str] = &[
    "own folder",
    "own home",
    "own inbox",
    "own processes",
    "temporary files",
    "terminals",
    "system programs",
    "a name for the user",
    "git",
    "nested namespace",
];

/// Those that Landlock does not offer.
pub(super) const NEEDS_NAMESPACE: &[&str] =
    &["nested namespace", "a name for the user", "terminals"];

/// Returns a script for bash that says `leaks: NAME` or `works: NAME` for each.
pub(super) fn script(place: &Place) -> String {
    let head = format!(
        "P='{}'; B='{}'; F='{}'; OUT={}; export P B F OUT\n\
         leak() {{ if (eval \"$2\") >/dev/null 2>&1; then echo \"leaks: $1\"; fi; }}\n\
         work() {{ if (eval \"$2\") >/dev/null 2>&1; then echo \"works: $1\"; else echo \"fails: $1\"; fi; }}\n",
        place.root().display(),
        place
            .path("data")
            .parent()
            .unwrap_or(place.root())
            .display(),
        place.folder().display(),
        place.outside(),
    );
    head + PROBES
}

/// `$P` is the place, `$B` where the bridge's files lie, `$F` the room's folder, `$OUT` the number of a process outside. A mark is put
/// together here, so that a probe does not find itself.
const PROBES: &str = r#"
mark="OUT""SIDE"; export mark
of() { for p in /proc/[0-9]*; do tr '\0' ' ' < $p/cmdline 2>/dev/null | grep -q "${mark}_ARGUMENT" && echo $p; done | head -1; }
other=$(of); export other
leak "read the configuration" 'grep -q token "$B/bridge.toml"'
leak "list the data" 'ls "$B/data" | grep -q store'
leak "read the store" 'grep -q secret "$B/data/store/log"'
leak "read another's folder" 'grep -q secret "$P/w/8/file"'
leak "list another's conversations" 'ls "$B/data/chats/8/home" | grep -q conversation'
leak "write another's folder" 'echo x > "$P/w/8/new"'
leak "a private key of the host" 'grep -q key "$P/home/.ssh/id_rsa"'
leak "change a start file of the host" 'echo x >> "$P/home/.bashrc"'
leak "environment of another process" 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\0" "\n" | grep -q "^${mark}_MARK="'
leak "command lines of others" '[ -n "$other" ]'
leak "root of another process" 'ls $other/root/ | grep -q . && [ -n "$other" ] && [ -e $other/root"$B/bridge.toml" ]'
leak "working folder of another process" '[ -n "$other" ] && ls $other/cwd/ | grep -q .'
leak "descriptors of another process" '[ -n "$other" ] && readlink $other/fd/0'
leak "memory of another process" '[ -n "$other" ] && exec 3<$other/mem'
leak "debug another process" '[ -n "$other" ] && python3 -c "import ctypes,os,sys; sys.exit(ctypes.CDLL(None).ptrace(16, int(os.environ[\"OUT\"]), 0, 0) != 0)"'
leak "signal another process" '[ $OUT -gt 1000 ] && { kill -0 $OUT || kill -CONT $OUT; }'
leak "link out of the folder" 'cd "$F"; ln -sf "$B/bridge.toml" link; grep -q token link'
leak "hard link to another's file" 'cd "$F"; ln "$P/w/8/file" hard && grep -q secret hard'
leak "mount over in a nested namespace" 'unshare -Urm sh -c "mount --bind \"$B/data\" /mnt && ls /mnt | grep -q store"'
leak "take a cover off in a nested namespace" 'unshare -Urm sh -c "umount -l \"$B/data\"; ls \"$B/data\" | grep -q store"'
leak "take everything off in a nested namespace" 'unshare -Urm sh -c "umount -l /proc; umount -l /tmp; umount -l /etc; grep -q token \"$B/bridge.toml\""'
leak "change root in a nested namespace" 'unshare -Ur chroot /proc/1/root sh -c "grep -q token \"$B/bridge.toml\""'
leak "make a read-only folder writable" 'unshare -Urm sh -c "mount -o remount,rw,bind /usr && touch /usr/probe"'
leak "enter another namespace" '[ -n "$other" ] && nsenter -t ${other#/proc/} -m grep -q token "$B/bridge.toml"'
leak "abstract socket" 'python3 -c "import os,socket; s=socket.socket(socket.AF_UNIX); s.connect(chr(0)+os.environ[\"P\"])"'
leak "unix socket by path" 'python3 -c "import os,socket; s=socket.socket(socket.AF_UNIX); s.connect(os.environ[\"P\"]+\"/socket\")"'
leak "files of others in /tmp" 'ls /tmp | grep -q "^bridge-probe-of-others"'
leak "shared memory of others" 'ls /dev/shm | grep -q "^bridge-probe-of-others"'
leak "settings of the kernel" ': >> /proc/sys/kernel/core_pattern'
leak "system folders" 'touch /usr/probe'
leak "control groups" 'find /sys/fs/cgroup -maxdepth 2 -type d -exec mkdir {}/probe \; -print -quit | grep -q . && ls -d /sys/fs/cgroup/probe /sys/fs/cgroup/*/probe'
leak "passwords of the host" 'grep -q root /etc/shadow'
leak "set-uid programs" '[ "$(id -u)" != 0 ] && [ "$(su root -c "id -u" < /dev/null)" = 0 ]'
leak "devices of the host" 'ls /dev | grep -qE "^(sd|vd|nvme|kmsg|mem|kvm)" && head -c1 /dev/vda /dev/sda /dev/kmsg'
leak "empty another's file" ': > "$P/w/8/empty"'
leak "change the modes of another's file" 'chmod 600 "$P/w/8/empty"'
work "own folder" 'cd "$F"; echo x > own; mkdir -p d; mv own d/own; grep -q x d/own; rm -r d'
work "own home" 'echo x > "$HOME/own" && grep -q mine "$HOME/conversation"'
work "own inbox" 'grep -q sent "$B/data/chats/7/inbox/file"'
work "own processes" 'ps -p $$ && [ -r /proc/self/status ]'
work "temporary files" 'f=$(mktemp) && echo x > "$f" && rm "$f"'
work "terminals" 'python3 -c "import pty; pty.openpty()"'
work "system programs" 'ls /usr/bin && python3 -c "print(1)" && cat /etc/passwd'
work "a name for the user" 'whoami'
work "git" 'cd "$F" && git init -q repository && cd repository && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git log && cd .. && rm -rf repository'
work "nested namespace" 'unshare -Ur true'
"#;
