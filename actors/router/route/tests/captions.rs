//! Commands below pictures and files.

use super::*;
use crate::router::Caption;

fn photo(caption: &str) -> InboundContent {
    InboundContent::Unsupported {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        kind: MediaKind::Photo,
        caption: Some(Caption {
            text: caption.into(),
            pointing: Pointing::None,
        }),
    }
}

#[test]
fn a_command_below_a_picture_is_carried_out_and_its_prompt_is_not_parted_from_the_picture() {
    check(
        photo("/stop"),
        Access::Granted(Role::User),
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: Stop })
        "#]],
    );
    check(
        photo("/new what is this?"),
        Access::Granted(Role::User),
        expect![[r#"
            to 40: I cannot read a photo yet. If it matters, write it as text.
        "#]],
    );
    check(
        photo("/compact"),
        Access::Granted(Role::User),
        expect![[r#"
            to 40: I cannot read a photo yet. If it matters, write it as text.
        "#]],
    );
    check(
        photo("Forwarded message:\n\n/stop"),
        Access::Granted(Role::User),
        expect![[r#"
            to 40: I cannot read a photo yet. If it matters, write it as text.
        "#]],
    );
}
