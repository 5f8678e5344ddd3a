//! The end of a table: it is placed in columns, or as records.

use super::Walker;
use crate::telegram::render::flow::Style;
use crate::telegram::render::table::{Cell, Layout, short_label};
use crate::telegram::render::writer::Gap;

impl<'a> Walker<'a> {
    pub(super) fn on_table_end(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let gap = self.writer.block_gap();
        self.writer.gap(gap);
        match table.into_layout() {
            Layout::Columns(parts) => {
                for part in parts {
                    self.writer.gap(gap);
                    self.writer.code_block(&part, None);
                }
            }
            Layout::Records { header, rows } => self.on_records(header, rows),
        }
        self.writer.gap(gap);
    }

    /// Shows each row as lines of "header: value". The first row shows every header in full; the
    /// later ones leave out empty cells, and clip headers that would repeat a long text.
    fn on_records(&mut self, header: Vec<Cell<'a>>, rows: Vec<Vec<Cell<'a>>>) {
        let labels: Vec<String> = header.iter().map(|cell| short_label(&cell.text)).collect();
        let mut rows = rows.into_iter();
        let mut first_cells = rows.next().unwrap_or_default().into_iter();
        for cell in header {
            self.bold_depth += 1;
            cell.events
                .into_iter()
                .for_each(|event| self.on_event(event));
            self.bold_depth -= 1;
            self.on_value(&cell.text, first_cells.next().unwrap_or_default());
        }
        for row in rows {
            self.writer.gap(Gap::Blank);
            for (label, cell) in labels.iter().zip(row) {
                if !cell.events.is_empty() {
                    self.writer.text(
                        label,
                        Style {
                            bold: true,
                            ..self.style()
                        },
                    );
                    self.on_value(label, cell);
                }
            }
        }
    }

    fn on_value(&mut self, label: &str, cell: Cell<'a>) {
        if !label.is_empty() {
            self.writer.text(
                ": ",
                Style {
                    bold: true,
                    ..self.style()
                },
            );
        }
        cell.events
            .into_iter()
            .for_each(|event| self.on_event(event));
        self.writer.gap(Gap::Line);
    }
}
