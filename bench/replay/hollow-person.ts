// A participant whose frames hold nothing, for traces on a machine that has other work. Arguments: the link, and "send", or "watch" and a file for the
// trace. Ends when it is told to.
import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ClockedSink, epochNowMs, type MediaTap, type Picture, WireTraceRecorder } from "@mqtt-meet/media";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrls } from "@mqtt-meet/mqtt/node";
import { readLink, roomEntry } from "../../packages/sdk/src/room-access.ts";
import { RoomCore } from "../../packages/sdk/src/room-core.ts";
import { hollowPicture } from "../support/hollow-picture.ts";
import { hollowCodecs, voice } from "./hollow-codecs.ts";

const TICK_MS = 5;
const SOUND_MS = 20;
const WARM_MS = 8_000;
/** As in a small tile. */
const CAMERA = { source: "camera", widthPx: 320, heightPx: 180, frameRate: 24, bitrateBps: 250_000 } as const;

const [, , link = "", role = "", file = ""] = process.argv;
let trace = "";
let recorder: WireTraceRecorder | undefined;
const tap: MediaTap = {
  packet: (...arrived) => recorder?.packet(...arrived),
  roundTrip: (...answered) => recorder?.roundTrip(...answered),
};
const { room, peer, username, password, brokerUrls, encryption, rights } = await roomEntry(readLink(link));
const dial = dialUrls(brokerUrls);
const core = new RoomCore<Picture>({
  ...{ room, peer, encryption, rights, name: role, kind: "person", backend: hollowCodecs() },
  encodable: ["vp8"],
  decodes: { video: ["vp8"], audio: ["opus"] },
  openLink: (options) => new Connection({ dial, username, password, now: epochNowMs, ...options }),
  clone: () => undefined,
  tap,
});
await core.joined();
if (role === "send") send();
else await watchTwice();
console.log("inside");
process.once("SIGTERM", () => {
  if (role === "watch") writeFileSync(file, trace);
  void core.leave().then(() => process.exit());
});

/** Time that this process did not get is made up for: it is not the line's. */
function send(): void {
  const video = core.publishVideo(CAMERA);
  const audio = core.publishAudio({ source: "microphone", channels: 1 });
  let pictureMs = epochNowMs();
  let soundMs = pictureMs;
  setInterval(() => {
    const nowMs = epochNowMs();
    for (; pictureMs <= nowMs; pictureMs += 1000 / CAMERA.frameRate)
      video.push(hollowPicture(Math.round(pictureMs * 1000)));
    for (; soundMs <= nowMs; soundMs += SOUND_MS) audio.push(voice(Math.round(soundMs * 1000), SOUND_MS));
  }, TICK_MS);
}

/** A program that has just begun is slow, which is not the line's doing either: what is recorded begins with a second look. */
async function watchTwice(): Promise<void> {
  const stop = watch();
  await delay(WARM_MS);
  stop();
  recorder = new WireTraceRecorder({
    write: (lines) => {
      trace += lines;
    },
  });
  watch();
}

function watch(): () => void {
  const watched = new Map<string, () => void>();
  const unsubscribe = core.participants.subscribe((participants) => {
    for (const { key, kind } of participants.flatMap(({ tracks }) => tracks)) {
      if (watched.has(key)) continue;
      const sink = new ClockedSink({ channels: 1, onSamples: () => undefined });
      const see = () => core.watchVideo(key, (picture) => picture.close());
      watched.set(key, kind === "video" ? see() : core.watchAudio(key, sink));
    }
  });
  return () => {
    unsubscribe();
    for (const stop of watched.values()) stop();
  };
}
