//! Markdown to Telegram text with entities.
