//! Pure: the tables of an answer that are wider than a phone, as they were written.
//!
//! Telegram's edge shows such a table as records; whoever wants it whole has it as a file.

/// About what a phone shows of a line without wrapping, in columns.
const MAX_COLUMNS: usize = 40;

/// What stands between two columns.
const SEPARATOR: usize = 3;

/// Returns the wide tables, with an empty line between two; empty when there is none.
pub(super) fn wide_tables(markdown: &str) -> String {
    let mut tables = Vec::new();
    let mut fence = None;
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(sign) = fence_of(line) {
            fence = match fence {
                None => Some(sign),
                Some(open) if open == sign => None,
                Some(open) => Some(open),
            };
        }
        let is_head = fence.is_none() && line.contains('|');
        if !is_head || !lines.peek().is_some_and(|next| is_rule(next)) {
            continue;
        }
        let mut table = vec![line];
        while let Some(row) = lines.next_if(|row| row.contains('|')) {
            table.push(row);
        }
        if width_of(&table) > MAX_COLUMNS {
            tables.push(table.join("\n"));
        }
    }
    tables.join("\n\n")
}

/// Returns the sign of a line that opens or closes a block of code.
fn fence_of(line: &str) -> Option<char> {
    let line = line.trim_start();
    let fences = [("```", '`'), ("~~~", '~')];
    let fence = fences.iter().find(|(fence, _)| line.starts_with(fence))?;
    Some(fence.1)
}

/// Tells whether a line stands between the head of a table and its rows.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let is_sign = |sign: char| matches!(sign, '-' | ':' | '|' | ' ' | '\t');
    line.contains('-') && line.contains('|') && line.chars().all(is_sign)
}

/// Returns how wide a table is in columns of their own width.
fn width_of(table: &[&str]) -> usize {
    let mut widths: Vec<usize> = Vec::new();
    // The rule is as long as its writer wanted.
    let rows = table.iter().enumerate().filter(|(place, _)| *place != 1);
    for (_, row) in rows {
        for (column, cell) in cells_of(row).enumerate() {
            match widths.get_mut(column) {
                Some(width) => *width = cell.max(*width),
                None => widths.push(cell),
            }
        }
    }
    widths.iter().sum::<usize>() + SEPARATOR * widths.len().saturating_sub(1)
}

/// Returns how wide each cell of a row is, roughly: the signs of its markup are left out.
fn cells_of(row: &str) -> impl Iterator<Item = usize> {
    let row = row.trim().trim_matches('|').replace("\\|", "¦");
    let cells: Vec<_> = row.split('|').map(|cell| width(cell.trim())).collect();
    cells.into_iter()
}

fn width(text: &str) -> usize {
    let shown = text.chars().filter(|sign| !matches!(sign, '*' | '`'));
    // From here on most signs are as wide as two.
    shown
        .map(|sign| if sign < '\u{1100}' { 1 } else { 2 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: &str =
        "| Name | What it is |\n|:--|---|\n| a | a sentence that is longer than a phone |";
    const NARROW: &str = "a | b\n-|-\n1 | 2";

    #[test]
    fn a_table_that_a_phone_can_show_is_no_wide_one() {
        assert_eq!(wide_tables(NARROW), "");
        assert_eq!(wide_tables("no | table\nat all"), "");
        assert_eq!(wide_tables(""), "");
        let rule = format!("a|b\n{}|-\n1|2", "-".repeat(60));
        assert_eq!(wide_tables(&rule), "");
    }

    #[test]
    fn wide_tables_come_as_they_were_written() {
        let text = format!("So:\n\n{WIDE}\n\nand\n\n{NARROW}\n\n{WIDE}\nend");
        assert_eq!(wide_tables(&text), format!("{WIDE}\n\n{WIDE}"));
    }

    #[test]
    fn what_stands_in_a_block_of_code_is_no_table() {
        assert_eq!(wide_tables(&format!("```\n{WIDE}\n```")), "");
        assert_eq!(wide_tables(&format!("~~~\n```\n{WIDE}\n~~~\n{WIDE}")), WIDE);
    }

    #[test]
    fn signs_of_markup_count_nothing_and_wide_signs_twice() {
        let bold = format!("a|b\n-|-\n**{}**|`\\|`", "x".repeat(35));
        assert_eq!(wide_tables(&bold), "");
        let cjk = format!("a|b\n-|-\n{}|1", "表".repeat(20));
        assert_eq!(wide_tables(&cjk), cjk);
    }
}
