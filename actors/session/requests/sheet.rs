//! Pure: how far a person has come with what an MCP server asks, and the buttons for the rest.

use bridge_texts::Say;

use super::asked::{Answer, Asked};
use crate::form::{Field, FieldKind, FieldValue, Form, Wants};
use crate::outbox::Button;
use crate::permission_request::Ask;
use crate::session::texts;

/// What a person has filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::session) struct Sheet {
    /// The values of the first fields; those that were skipped have none.
    pub(in crate::session) filled: Vec<Option<FieldValue>>,
    /// Whether what was last said to the open field is none of its values.
    pub(in crate::session) is_wrong: bool,
}

impl Asked {
    /// Returns what a server asks, if one does.
    pub(in crate::session) fn form(&self) -> Option<&Form> {
        match &self.request.ask {
            Ask::Form(form) => Some(form),
            Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_) => None,
        }
    }

    /// Returns the fields that a server wants to have filled in.
    pub(in crate::session) fn fields(&self) -> &[Field] {
        match self.form().map(|form| &form.wants) {
            Some(Wants::Fields(fields)) => fields,
            Some(Wants::Page(_) | Wants::Unreadable) | None => &[],
        }
    }

    /// Returns the field that is asked for.
    pub(in crate::session) fn field(&self) -> Option<&Field> {
        self.fields().get(self.sheet.filled.len())
    }

    /// Tells whether the field that is asked for takes any text, however it begins.
    pub(super) fn takes_any_text(&self) -> bool {
        let kind = self.field().map(|field| &field.kind);
        matches!(kind, Some(FieldKind::Text { .. }))
    }

    /// Returns the values that were given, by the names that they have towards the server.
    pub(super) fn values(&self) -> Vec<(String, FieldValue)> {
        let given = self.fields().iter().zip(&self.sheet.filled);
        let given = given.filter_map(|(field, value)| Some((field.key.clone(), value.clone()?)));
        given.collect()
    }

    /// Marks what the server proposes for the field that is asked for.
    pub(super) fn mark_what_is_proposed(&mut self) {
        let proposed = self.field().filter(|field| field.takes_several());
        let proposed = proposed.map(Field::proposed).unwrap_or_default();
        self.marked = proposed.into_iter().collect();
    }

    /// Tells whether a button belongs to what a server asks.
    pub(super) fn form_offers(&self, form: &Form, answer: Answer) -> bool {
        let field = self.field();
        match answer {
            Answer::Deny => true,
            Answer::Allow => match &form.wants {
                Wants::Fields(_) => field.is_none(),
                Wants::Page(_) => true,
                Wants::Unreadable => false,
            },
            Answer::Again => field.is_none() && !self.fields().is_empty(),
            Answer::Pick(place) => field.is_some_and(|field| place < field.n_choices()),
            Answer::Done => field.is_some_and(Field::takes_several),
            Answer::Default => field.is_some_and(|field| button_of_default(field).is_some()),
            Answer::Skip => field.is_some_and(|field| !field.is_required),
            Answer::AllowForSession | Answer::AllowEdits => false,
        }
    }

    /// Returns the buttons below what a server asks.
    pub(super) fn form_rows(
        &self,
        say: Say,
        form: &Form,
        button: impl Fn(String, Answer) -> Button,
    ) -> Vec<Vec<Button>> {
        let decline = button(say.button_decline(), Answer::Deny);
        let Some(field) = self.field() else {
            return match &form.wants {
                Wants::Unreadable => vec![vec![decline]],
                Wants::Page(page) => {
                    let link = page.link.as_ref();
                    let link = link.map(|link| Button::to_page(say.button_open(), link));
                    let done = button(say.button_done(), Answer::Allow);
                    let rows = [link.into_iter().collect(), vec![done, decline]];
                    rows.into_iter()
                        .filter(|row: &Vec<_>| !row.is_empty())
                        .collect()
                }
                Wants::Fields(fields) => {
                    let send = button(say.button_send(), Answer::Allow);
                    let mut rows = vec![vec![send, decline]];
                    if !fields.is_empty() {
                        rows.push(vec![button(say.button_start_over(), Answer::Again)]);
                    }
                    rows
                }
            };
        };
        let mut rows: Vec<Vec<Button>> = (0..field.n_choices())
            .map(|place| {
                vec![button(
                    self.choice_label(say, field, place),
                    Answer::Pick(place),
                )]
            })
            .collect();
        if let Some(value) = button_of_default(field) {
            let label = texts::form_default(say, field, value);
            rows.push(vec![button(label, Answer::Default)]);
        }
        let mut last = vec![decline];
        if !field.is_required {
            last.insert(0, button(say.button_leave_out(), Answer::Skip));
        }
        if field.takes_several() {
            last.insert(0, button(say.button_done(), Answer::Done));
        }
        rows.push(last);
        rows
    }

    fn choice_label(&self, say: Say, field: &Field, place: usize) -> String {
        let label = texts::form_choice(say, field, place);
        if field.takes_several() {
            return match self.marked.contains(&place) {
                true => format!("☑ {label}"),
                false => format!("☐ {label}"),
            };
        }
        match field.proposed().contains(&place) {
            true => say.form_proposed(label),
            false => label,
        }
    }
}

/// Returns what the server proposes, where no other button stands for it.
fn button_of_default(field: &Field) -> Option<&FieldValue> {
    let is_typed = field.n_choices() == 0;
    field.default.as_ref().filter(|_| is_typed)
}
