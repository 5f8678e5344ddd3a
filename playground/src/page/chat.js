// The chat page: live events in, acts of the chosen person out. Message text never becomes HTML.
"use strict";

const $ = (id) => document.getElementById(id);
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const state = {
  person: Number(sessionStorage.getItem("person")) || null,
  posts: new Map(), commands: [], pressed: new Map(), replyTo: null, chosen: 0, atEnd: true,
};
let source = null;
let reconnectTimer = 0;
let silenceTimer = 0;
let actionTimer = 0;
let draftTimer = 0;
let toastTimer = 0;

async function request(path, body, type) {
  try {
    const answer = await fetch(path, {
      method: "POST", body, headers: { "content-type": type, "x-playground": "page" },
    });
    if (!answer.ok) throw new Error(await answer.text());
    return await answer.json();
  } catch (problem) {
    // Browsers say so in words of their own.
    toast(problem instanceof TypeError ? "The bridge does not answer" : problem.message);
    return null;
  }
}
const act = (what) => request("act", JSON.stringify(what), "application/json");

function connect() {
  if (source) source.close();
  clearTimeout(reconnectTimer);
  source = new EventSource(`events?person=${state.person ?? 0}`);
  source.onmessage = (event) => receive(JSON.parse(event.data));
  source.addEventListener("alive", listen);
  listen();
  source.onerror = () => {
    setStatus("The bridge does not answer. Trying again…");
    showDraft(null);
    $("typing").hidden = true;
    // A browser tries again by itself, but not after an answer that is an error, as a proxy gives.
    if (source.readyState === EventSource.CLOSED) reconnectTimer = setTimeout(connect, 1000);
  };
}

// A connection can die without a word, in a proxy or while the machine sleeps.
function listen() {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(connect, 40000);
}

function receive(news) {
  if (!news.people.some((p) => p.id === state.person) && news.people.length) {
    choose(news.people[0].id);
    return;
  }
  if (news.first) {
    state.posts.clear();
    $("log").replaceChildren();
  }
  $("bot").textContent = news.bot;
  $("avatar").textContent = [...news.bot][0] || "P";
  document.title = `${news.bot} · playground`;
  state.commands = news.commands;
  showPeople(news.people);
  news.posts.forEach(showPost);
  showDraft(news.draft);
  showAction(news.draft ? null : news.action, news.username);
  news.answers.forEach(([id, text]) => settlePress(id, text));
  $("empty").hidden = state.posts.size > 0 || Boolean(news.draft);
  if (news.first || news.posts.some((p) => !p.by_bot && p.edits === 0)) state.atEnd = true;
  keepEnd();
}

// Whoever looks at the end goes on looking at it, also when a picture comes in later.
function keepEnd() {
  if (state.atEnd) $("scroll").scrollTop = $("scroll").scrollHeight;
}

function showPeople(people) {
  const options = people.map((p) => {
    const option = make("option", "", p.name);
    option.value = p.id;
    return option;
  });
  const select = $("person");
  const key = JSON.stringify(people);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options);
  }
  select.value = state.person;
}

function choose(person) {
  state.person = person;
  sessionStorage.setItem("person", person);
  quote(null);
  connect();
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

function showPost(post) {
  const fresh = drawPost(post);
  const known = state.posts.get(post.id);
  if (known) {
    fresh.classList.toggle("turn", known.node.classList.contains("turn"));
    known.node.replaceWith(fresh);
  } else {
    const last = [...state.posts.values()].at(-1);
    const today = day.format(new Date(post.date * 1000));
    if (!last || day.format(new Date(last.post.date * 1000)) !== today) {
      $("log").append(make("div", "day", today));
    }
    fresh.classList.toggle("turn", !last || last.post.by_bot !== post.by_bot);
    $("log").append(fresh);
  }
  state.posts.set(post.id, { post, node: fresh });
}

function drawPost(post) {
  const line = make("div", `line ${post.by_bot ? "bot" : "mine"}${post.deleted ? " deleted" : ""}`);
  line.dataset.id = post.id;
  const bubble = make("div", "bubble");
  line.append(bubble);
  if (post.deleted) {
    bubble.append(make("div", "body", "Message deleted"));
    return line;
  }
  if (post.reply) bubble.append(drawQuote(post.reply));
  if (post.file) bubble.append(drawFile(post.file));
  const body = make("div", "body");
  fillText(body, post.text, post.entities);
  bubble.append(body, drawMeta(post));
  if (post.buttons.length) line.append(drawKeys(post));
  if (post.reactions.length) {
    const reactions = make("div", "reactions", post.reactions.join(" "));
    reactions.setAttribute("aria-label", `Reaction ${post.reactions.join(" ")}`);
    bubble.after(reactions);
  }
  return line;
}

function drawQuote(reply) {
  const quoted = make("button", "quote", `${reply.by_bot ? "Bot" : "You"}: ${reply.text}`);
  quoted.type = "button";
  quoted.addEventListener("click", () => {
    state.posts.get(reply.id)?.node.scrollIntoView({ block: "center", behavior: "smooth" });
  });
  return quoted;
}

function drawMeta(post) {
  const marks = [];
  if (post.pinned) marks.push("pinned");
  if (post.silent) marks.push("silent");
  if (post.edits) marks.push("edited");
  marks.push(clock.format(new Date(post.date * 1000)));
  const meta = make("div", "meta", marks.join(" · "));
  const reply = make("button", "", "reply");
  reply.type = "button";
  reply.addEventListener("click", () => quote(post));
  meta.append(" ", reply);
  return meta;
}

function drawFile(file) {
  const link = make("a", "file");
  link.href = `file/${encodeURIComponent(file.id)}`;
  link.download = file.name;
  if (file.picture) {
    const picture = make("img", "picture");
    picture.src = link.href;
    picture.alt = file.name;
    link.append(picture);
    return link;
  }
  const icon = make("b", "", "↓");
  icon.setAttribute("aria-hidden", "true");
  const label = make("span", "", file.name);
  label.append(make("small", "", sizeText(file.size)));
  link.append(icon, label);
  return link;
}

function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function drawKeys(post) {
  const keys = make("div", "keys");
  for (const row of post.buttons) {
    const line = make("div");
    for (const key of row) {
      const address = key.url && safeLink(key.url);
      const node = make(address ? "a" : "button", key.style || "", key.label);
      if (address) {
        Object.assign(node, { href: address, target: "_blank", rel: "noopener noreferrer" });
      } else {
        node.type = "button";
        node.addEventListener("click", () => press(post.id, key, node));
      }
      line.append(node);
    }
    keys.append(line);
  }
  return keys;
}

async function press(messageId, key, node) {
  node.classList.add("pending");
  const answer = await act({
    act: "press", person: state.person, message_id: messageId, data: key.data ?? key.label,
  });
  if (answer) state.pressed.set(answer.query_id, node);
  else node.classList.remove("pending");
}

function settlePress(id, text) {
  const node = state.pressed.get(id);
  if (!node) return;
  state.pressed.delete(id);
  node.classList.remove("pending");
  if (text) toast(text);
}

function showDraft(draft) {
  const line = $("draft");
  clearTimeout(draftTimer);
  line.hidden = !draft;
  line.replaceChildren();
  if (!draft) return;
  const bubble = make("div", "bubble live");
  const body = make("div", "body");
  fillText(body, draft.text || "Thinking…", draft.entities);
  bubble.append(body, make("div", "meta", "writing…"));
  line.append(bubble);
  if (draft.can_stop) {
    const stop = make("button", "stop", "Stop");
    stop.type = "button";
    stop.addEventListener("click", () => act({ act: "stop", person: state.person }));
    line.append(stop);
  }
  draftTimer = setTimeout(() => showDraft(null), 30000);
}

function showAction(action, username) {
  clearTimeout(actionTimer);
  $("typing").hidden = !action;
  setStatus(action ? action.replaceAll("_", " ") + "…" : `@${username} · on this machine`, action);
  if (action) actionTimer = setTimeout(() => showAction(null, username), 5000);
}

function setStatus(text, busy) {
  $("status").textContent = text;
  $("status").classList.toggle("busy", Boolean(busy));
}

function toast(text) {
  clearTimeout(toastTimer);
  $("toast").textContent = text;
  $("toast").hidden = false;
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 4500);
}

function quote(post) {
  state.replyTo = post ? post.id : null;
  $("quoting").hidden = !post;
  if (!post) return;
  $("quoted").textContent = post.text || post.file?.name || "message";
  $("text").focus();
}

const text = $("text");

async function send() {
  const written = text.value.trim();
  if (!written && !chosenFiles.length) return;
  const sent = chosenFiles.length
    ? await sendFiles(written)
    : await act({ act: "say", person: state.person, text: written, reply_to: state.replyTo });
  if (!sent) return;
  text.value = "";
  quote(null);
  grow();
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  showMenu();
}

function matches() {
  const typed = /^\/([a-z0-9_]*)$/i.exec(text.value);
  if (!typed) return [];
  return state.commands.filter((c) => c.name.startsWith(typed[1].toLowerCase()));
}

function showMenu() {
  const found = matches();
  state.chosen = Math.min(state.chosen, Math.max(found.length - 1, 0));
  $("menu").hidden = !found.length;
  $("menu").replaceChildren(...found.map((command, index) => {
    const item = make("li");
    item.id = `command-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === state.chosen));
    item.append(make("strong", "", `/${command.name}`), make("span", "", command.about));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(command);
    });
    return item;
  }));
  $("menu").children[state.chosen]?.scrollIntoView({ block: "nearest" });
  if (found.length) text.setAttribute("aria-activedescendant", `command-${state.chosen}`);
  else text.removeAttribute("aria-activedescendant");
}

function take(command) {
  text.value = `/${command.name} `;
  grow();
  text.focus();
}

function onKey(event) {
  const found = matches();
  const exact = found.some((c) => `/${c.name}` === text.value);
  if (found.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : found.length - 1;
    state.chosen = (state.chosen + step) % found.length;
    showMenu();
  } else if (found.length && (event.key === "Tab" || (event.key === "Enter" && !exact))) {
    event.preventDefault();
    take(found[state.chosen]);
  } else if (event.key === "Escape") {
    $("menu").hidden = true;
    quote(null);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
}

async function addPerson(event) {
  event.preventDefault();
  const answer = await act({ act: "add_person", name: $("name").value });
  if (!answer) return;
  $("name").value = "";
  $("adder").hidden = true;
  choose(answer.person);
}

new ResizeObserver(keepEnd).observe($("log"));
new ResizeObserver(keepEnd).observe($("scroll"));
$("scroll").addEventListener("scroll", () => {
  const { scrollHeight, scrollTop, clientHeight } = $("scroll");
  state.atEnd = scrollHeight - scrollTop - clientHeight < 90;
});
text.addEventListener("input", grow);
text.addEventListener("keydown", onKey);
text.addEventListener("blur", () => { $("menu").hidden = true; });
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("unquote").addEventListener("click", () => quote(null));
$("person").addEventListener("change", () => choose(Number($("person").value)));
$("add").addEventListener("click", () => {
  $("adder").hidden = false;
  $("name").focus();
});
$("cancel").addEventListener("click", () => { $("adder").hidden = true; });
$("adder").addEventListener("submit", addPerson);
$("log").addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]")?.dataset.command;
  if (command) act({ act: "say", person: state.person, text: command, reply_to: null });
});

connect();
