//! Pure: lays words out in columns, for a terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

/// Returns the lines with each column as wide as its widest cell.
pub(crate) fn columns<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].width());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths);
        let padded: Vec<_> = cells
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
            .collect();
        // Writing to a String cannot fail.
        writeln!(text, "{}", padded.join("  ").trim_end()).ok();
    }
    text
}
