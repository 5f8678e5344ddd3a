//! Pure: how a size is said.

/// How many of one unit make the next one, as Telegram counts.
const KILO: u64 = 1024;

/// Returns a size in the largest unit that it fills, such as `20 MB`; a small one to a tenth.
pub fn in_words(bytes: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"];
    let (mut unit, mut one) = (0, 1);
    while bytes / one >= KILO && unit + 1 < units.len() {
        one *= KILO;
        unit += 1;
    }
    let (whole, tenth) = (bytes / one, bytes % one * 10 / one);
    match (whole, tenth) {
        (1..10, 1..) => format!("{whole}.{tenth} {}", units[unit]),
        (_, _) => format!("{whole} {}", units[unit]),
    }
}
