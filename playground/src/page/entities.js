// Turns text and Telegram entities into DOM nodes; offsets count UTF-16 units, as in JavaScript.
"use strict";

// Only these schemes become links: everything else stays text.
const LINK_SCHEMES = ["http:", "https:", "mailto:", "tg:"];

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

function safeLink(address) {
  try {
    return LINK_SCHEMES.includes(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

function entityNode(entity, text) {
  const tag = TAGS[entity.type];
  if (tag) {
    const node = document.createElement(tag);
    if (entity.type === "pre") {
      node.tabIndex = 0;
      if (entity.language) node.dataset.language = entity.language;
    }
    return node;
  }
  if (entity.type === "text_link" || entity.type === "url") {
    const address = safeLink(entity.url || text);
    const node = document.createElement(address ? "a" : "span");
    if (address) {
      node.href = address;
      node.target = "_blank";
      node.rel = "noopener noreferrer";
    }
    return node;
  }
  if (entity.type === "spoiler") {
    const node = document.createElement("button");
    node.type = "button";
    node.className = "spoiler";
    node.setAttribute("aria-label", "Hidden text, press to show");
    node.addEventListener("click", () => {
      node.classList.add("open");
      node.removeAttribute("aria-label");
    });
    return node;
  }
  if (entity.type === "bot_command") {
    const node = document.createElement("button");
    node.type = "button";
    node.className = "command";
    node.dataset.command = text;
    return node;
  }
  return document.createElement("span");
}

// Fills `parent` with text[from, to), nesting the entities inside that range.
function fillText(parent, text, entities, from = 0, to = text.length) {
  const inside = entities
    .filter((e) => e.offset >= from && e.offset + e.length <= to)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  let at = from;
  while (inside.length) {
    const entity = inside.shift();
    if (entity.offset < at) continue;
    const end = entity.offset + entity.length;
    parent.append(text.slice(at, entity.offset));
    const node = entityNode(entity, text.slice(entity.offset, end));
    fillText(node, text, inside.filter((e) => e.offset + e.length <= end), entity.offset, end);
    parent.append(node);
    at = end;
    // A block brings its own line break.
    if (["PRE", "BLOCKQUOTE"].includes(node.tagName) && text[at] === "\n") at += 1;
  }
  parent.append(text.slice(at, to));
}
