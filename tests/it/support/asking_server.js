// An MCP server over stdio with one tool, `ask`: it asks the person what its arguments say, and its
// result is the answer that it got. Every answer goes into the file that is its only argument.
const fs = require("fs");
const lines = require("readline").createInterface({ input: process.stdin });
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
const note = (answer) => fs.appendFileSync(process.argv[2], answer + "\n");
let waiting = null;

lines.on("line", (line) => {
  const message = JSON.parse(line);
  const reply = (result) => send({ id: message.id, result });
  if (message.method === "initialize") {
    reply({
      protocolVersion: message.params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "asker", version: "1" },
    });
  } else if (message.method === "tools/list") {
    const inputSchema = { type: "object", properties: {}, additionalProperties: true };
    reply({ tools: [{ name: "ask", description: "Asks the person", inputSchema }] });
  } else if (message.method === "tools/call") {
    waiting = message.id;
    send({ id: "asked", method: "elicitation/create", params: message.params.arguments });
  } else if (message.id === "asked") {
    const answer = JSON.stringify(message.result ?? message.error);
    note(answer);
    send({ id: waiting, result: { content: [{ type: "text", text: "got " + answer }] } });
  } else if (message.id !== undefined) {
    reply({});
  }
});
