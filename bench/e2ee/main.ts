// npm run bench e2ee: what encryption costs a participant of a meeting of ten others, in processor time.
import { setTimeout as delay } from "node:timers/promises";
import { type FrameOpener, KeyRing, MediaCipher } from "@mqtt-meet/media";
import { newPeer } from "@mqtt-meet/protocol";
import { writeResult } from "../support/write-result.ts";

const SENDERS = 10;
const SECONDS = 10;
/** The microphone at 32 kbit/s, the camera at 1.5 Mbit/s. */
const STREAMS = [
  { name: "a/microphone", bytes: 80, perSecond: 50 },
  { name: "v/camera/0/0", bytes: 6_250, perSecond: 30 },
] as const;
const PREFIX = "mm/1/room/";

const epoch = { id: "1", number: 1, secret: crypto.getRandomValues(new Uint8Array(32)) };
const rootKey = crypto.getRandomValues(new Uint8Array(32));
const nowMs = () => performance.now();

interface Sealed {
  readonly topic: string;
  readonly frame: Parameters<FrameOpener["open"]>[1];
}

async function cipherOf(): Promise<{ readonly peer: string; readonly cipher: MediaCipher }> {
  const { peer } = await newPeer();
  const ring = new KeyRing({ own: peer, rootKey });
  ring.add(epoch);
  ring.use(epoch.id, 0);
  return { peer, cipher: new MediaCipher({ ring, prefix: PREFIX, nowMs }) };
}

/** Everything that one sender sends, by stream. */
async function sealAll(seconds: number): Promise<{ readonly streams: readonly (readonly Sealed[])[]; cpuMs: number }> {
  const { peer, cipher } = await cipherOf();
  const start = process.cpuUsage();
  const streams: Sealed[][] = [];
  for (const { name, bytes, perSecond } of STREAMS) {
    const topic = `${PREFIX}${peer}/${name}`;
    const sealer = cipher.sealer(topic);
    const sealed: Sealed[] = [];
    for (let number = 0; number < seconds * perSecond; number++) {
      const header = { keyFrame: true, discardable: false, number, timestampUs: number };
      await new Promise<void>((resolve) => {
        sealer.seal(header, new Uint8Array(bytes).fill(7), (body) => {
          if (body) sealed.push({ topic, frame: { ...header, body } });
          resolve();
        });
      });
    }
    streams.push(sealed);
  }
  const { user, system } = process.cpuUsage(start);
  return { streams, cpuMs: (user + system) / 1000 };
}

await sealAll(2); // the compiler warms up
const senders = await Promise.all([sealAll(SECONDS)]);
while (senders.length < SENDERS) senders.push(await sealAll(SECONDS));
const frames = STREAMS.reduce((sum, { perSecond }) => sum + perSecond, 0) * SECONDS;
const sealUs = (Math.min(...senders.map(({ cpuMs }) => cpuMs)) * 1000) / frames;

/** Every frame of all senders, in the order of its time. */
const timeline = senders
  .flatMap(({ streams }) => streams)
  .flatMap((stream) => stream.map((sealed, i) => ({ ...sealed, atMs: (i * SECONDS * 1000) / stream.length })))
  .sort((a, b) => a.atMs - b.atMs);

/** In real time, as they would come; the same without opening, for what the timers take. */
async function receive(open: boolean): Promise<{ readonly cpuMs: number; readonly opened: number }> {
  const { cipher } = await cipherOf();
  const opener = cipher.opener({ signal: new AbortController().signal });
  let opened = 0;
  const startMs = nowMs();
  const start = process.cpuUsage();
  for (const { topic, frame, atMs } of timeline) {
    while (nowMs() - startMs < atMs) await delay(5);
    if (open) {
      opener.open(topic, frame, (body) => {
        if (body) opened++;
      });
    }
  }
  await delay(100);
  const { user, system } = process.cpuUsage(start);
  return { cpuMs: (user + system) / 1000, opened };
}

const idle = await receive(false);
const busy = await receive(true);
const share = (busy.cpuMs - idle.cpuMs) / (SECONDS * 1000);
console.log(`encrypt one after the other    ${sealUs.toFixed(0).padStart(5)} µs of processor time per frame`);
console.log(
  `decrypt ten senders            ${(share * 100).toFixed(1).padStart(5)} % of a core, ${busy.opened / SECONDS} frames per second`,
);
writeResult("e2ee", { sealUs, decryptShareOfCore: share, framesPerSecond: busy.opened / SECONDS });
