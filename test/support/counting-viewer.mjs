// Somebody in a meeting who watches and hears everybody and counts. Arguments: link, name. Prints a line of JSON each second: the
// time; of every track that comes, its second and its counters since the beginning under their W3C names; how long pictures failed
// to come, when it was a second or more; and who was there since when.
import { joinRoom } from "@mqtt-meet/sdk/node";

const [link = "", name = ""] = process.argv.slice(2);
const room = await joinRoom(link, { name, kind: "viewer" });
const LONG_MS = 1_000;
const watched = new Set();
const gaps = [];
const presence = [];
const shownMs = new Map();
const onPicture = (key) => {
  const [before, now] = [shownMs.get(key), Date.now()];
  if (before !== undefined && now - before >= LONG_MS) gaps.push({ fromMs: before, toMs: now });
  shownMs.set(key, now);
};
room.participants.subscribe((participants) => {
  const present = participants.map((participant) => `${participant.name} ${participant.status}`).sort();
  if (presence.at(-1)?.present.join() !== present.join()) presence.push({ atMs: Date.now(), present });
  for (const { key, kind } of participants.flatMap((participant) => participant.tracks)) {
    if (kind !== "video" || watched.has(key)) continue;
    watched.add(key);
    room.watchVideo(key, (picture) => {
      picture.close();
      onPicture(key);
    });
  }
});
room.watchAudio("all", () => undefined);
setInterval(() => {
  const names = new Map(room.participants.value.map((participant) => [participant.peer, participant.name]));
  const tracks = [...room.statistics.value.tracks].map(([key, track]) => ({
    from: names.get(key.split("/")[0]),
    ...track,
  }));
  console.log(JSON.stringify({ t: Date.now(), tracks, gaps, presence }));
}, 1000);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void room.leave().then(() => process.exit()));
