// Somebody in a meeting who says one number after the other, and remembers what the others say and who leaves.
// Arguments: link, name. Prints all that as a line of JSON for each line on standard input; after "hush" it says nothing more.
import { createInterface } from "node:readline";
import { joinRoom } from "@mqtt-meet/sdk/node";

const SAY_EVERY_MS = 500;
const [link = "", name = ""] = process.argv.slice(2);
const room = await joinRoom(link, { name, kind: "bot" });
let said = 0;
let present = [];
const left = [];
room.participants.subscribe((participants) => {
  const now = participants.map((participant) => participant.name);
  left.push(...present.filter((each) => !now.includes(each)));
  present = now;
});
const saying = setInterval(() => {
  said++;
  room.sendMessage(String(said)).catch((error) => console.error(error.message));
}, SAY_EVERY_MS);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "hush") clearInterval(saying);
  const read = room.messages.value.filter(({ own }) => !own).map((message) => Number(message.text));
  console.log(JSON.stringify({ said, read, present, left }));
}
await room.leave();
