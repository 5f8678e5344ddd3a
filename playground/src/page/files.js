// Files that wait above the composer until they are sent: chosen, dropped or pasted.
"use strict";

// Telegram's largest album.
const ALBUM = 10;
const chosenFiles = [];

function chooseFiles(files) {
  for (const file of files) {
    if (chosenFiles.length === ALBUM) {
      toast(`One message takes up to ${ALBUM} files`);
      break;
    }
    chosenFiles.push(file);
  }
  drawChosen();
  text.focus();
}

function drawChosen() {
  $("chosen").hidden = !chosenFiles.length;
  $("as-files").hidden = chosenFiles.every((file) => kindOf(file) === "document");
  $("names").replaceChildren(...chosenFiles.map((file, index) => {
    const item = make("li", "", file.name || "pasted file");
    item.append(make("small", "", ` ${sizeText(file.size)}`));
    const leave = make("button", "round", "×");
    leave.type = "button";
    leave.setAttribute("aria-label", `Do not send ${file.name}`);
    leave.addEventListener("click", () => {
      chosenFiles.splice(index, 1);
      drawChosen();
    });
    item.append(leave);
    return item;
  }));
}

// What Telegram's own apps make of a file that is sent as what it is.
function kindOf(file) {
  if (["image/png", "image/jpeg", "image/webp"].includes(file.type)) return "photo";
  if (file.type.startsWith("video/")) return "video";
  return file.type.startsWith("audio/") ? "audio" : "document";
}

// Telegram takes photos and videos in one album; music and other files each in one of their own.
function albums(files) {
  const kept = new Map();
  for (const [file, kind] of files) {
    const together = kind === "photo" || kind === "video" ? "seen" : kind;
    kept.set(together, [...(kept.get(together) ?? []), [file, kind]]);
  }
  return [...kept.values()];
}

async function sendFiles(caption) {
  const asFiles = $("plain").checked;
  const files = chosenFiles.map((file) => [file, asFiles ? "document" : kindOf(file)]);
  let words = caption;
  for (const group of albums(files)) {
    const album = group.length > 1 ? `${Date.now()}${Math.floor(Math.random() * 1e6)}` : null;
    for (const [file, kind] of group) {
      if (!await sendFile(file, { kind, album, caption: words })) return false;
      words = "";
      chosenFiles.splice(chosenFiles.indexOf(file), 1);
      drawChosen();
    }
  }
  return true;
}

function sendFile(file, { kind, album, caption }) {
  const about = new URLSearchParams({
    person: state.person, name: file.name || "pasted file", kind, caption,
  });
  if (album) about.set("album", album);
  if (state.replyTo) about.set("reply_to", state.replyTo);
  return request(`upload?${about}`, file, file.type || "application/octet-stream");
}

$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  chooseFiles($("file").files);
  $("file").value = "";
});
text.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  chooseFiles(event.clipboardData.files);
});
document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  chooseFiles(event.dataTransfer.files);
});

let recorder = null;

// Records until the button is pressed again; where a browser may not, a recording is picked.
async function record() {
  if (recorder) {
    recorder.stop();
    return;
  }
  const microphone = await navigator.mediaDevices?.getUserMedia({ audio: true }).catch(() => null);
  if (!microphone || !window.MediaRecorder) {
    microphone?.getTracks().forEach((track) => track.stop());
    $("voice").click();
    return;
  }
  const pieces = [];
  recorder = new MediaRecorder(microphone);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.addEventListener("stop", () => {
    const type = recorder.mimeType || "audio/ogg";
    recorder = null;
    $("record").setAttribute("aria-pressed", "false");
    microphone.getTracks().forEach((track) => track.stop());
    sendVoice(new File(pieces, "voice.ogg", { type }));
  });
  recorder.start();
  $("record").setAttribute("aria-pressed", "true");
  toast("Recording. Press the microphone again to send.");
}

const sendVoice = (file) => sendFile(file, { kind: "voice", album: null, caption: "" });

$("record").addEventListener("click", record);
$("voice").addEventListener("change", () => {
  const [file] = $("voice").files;
  if (file) sendVoice(file);
  $("voice").value = "";
});
