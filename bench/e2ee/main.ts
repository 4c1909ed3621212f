// npm run bench e2ee: what encryption costs a participant of a meeting of ten others in processor time, beside what WebCrypto alone
// takes for the same; then, where there is a browser, what it costs in latency: two meetings side by side, one of them open.
import { setTimeout as delay } from "node:timers/promises";
import { type FrameOpener, KeyRing, MediaCipher } from "@mqtt-meet/media";
import { newPeer } from "@mqtt-meet/protocol";
import { measureLatencies } from "../latency/measure-latencies.ts";
import { median, quantile } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";

const SENDERS = 10;
const SECONDS = 10;
/** The microphone at 32 kbit/s, the camera at 1.5 Mbit/s. */
const STREAMS = [
  { name: "a/microphone", bytes: 80, perSecond: 50 },
  { name: "v/camera/0/0", bytes: 6_250, perSecond: 30 },
] as const;
const PREFIX = "mm/1/room/";
const LATENCY = { runs: 6, seconds: 12, codec: "h264", bitrateBps: 1_500_000 } as const;
const MAX_LATENCY_RATIO = 1.05;

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

/** What becomes of a frame when its time has come. */
type OnFrame = (sealed: Sealed) => void;

/** In real time, as they would come. */
async function receive(onFrame: OnFrame): Promise<number> {
  const startMs = nowMs();
  const start = process.cpuUsage();
  for (const sealed of timeline) {
    while (nowMs() - startMs < sealed.atMs) await delay(5);
    onFrame(sealed);
  }
  await delay(100);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / (SECONDS * 1000);
}

async function share(onFrame: OnFrame): Promise<number> {
  return (await receive(onFrame)) - idle;
}

const idle = await receive(() => undefined); // what the timers take
const { cipher } = await cipherOf();
const opener = cipher.opener({ signal: new AbortController().signal });
let opened = 0;
const ours = await share(({ topic, frame }) =>
  opener.open(topic, frame, (body) => {
    if (body) opened++;
  }),
);
const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt", "decrypt"]);
const algorithm = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: new Uint8Array(80) };
const ciphertexts = new Map<string, ArrayBuffer>();
for (const { name, bytes } of STREAMS) {
  ciphertexts.set(name, await crypto.subtle.encrypt(algorithm, key, new Uint8Array(bytes)));
}
const bare = await share(({ topic }) => {
  const sealed = ciphertexts.get(topic.slice(topic.indexOf("/", PREFIX.length) + 1)) ?? new ArrayBuffer(0);
  void crypto.subtle.decrypt({ ...algorithm, iv: new Uint8Array(12) }, key, sealed);
});
const percent = (value: number) => `${(value * 100).toFixed(1).padStart(5)} % of a core`;
console.log(`encrypt one after the other    ${sealUs.toFixed(0).padStart(5)} µs of processor time per frame`);
console.log(`decrypt ten senders            ${percent(ours)}, ${opened / SECONDS} frames per second`);
console.log(`WebCrypto alone for the same   ${percent(bare)}`);
const latency = process.argv.includes("--no-latency") ? undefined : await compareLatency();
writeResult("e2ee", {
  sealUs,
  decryptShareOfCore: ours,
  webCryptoShareOfCore: bare,
  framesPerSecond: opened / SECONDS,
  latency,
});

/** The medians of both, and of their ratio in each run. */
async function compareLatency() {
  const runs = await measureLatencies({ contenders: ["ours", "open"], ...LATENCY });
  const p50Ms = (name: "ours" | "open") => runs.map((run) => quantile(run[name]?.latenciesMs ?? [], 0.5));
  const [encrypted, open] = [p50Ms("ours"), p50Ms("open")];
  const ratios = encrypted.map((ms, i) => ms / (open[i] ?? Number.NaN));
  const spread = (values: readonly number[], digits: number) =>
    `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
  console.log(`latency, p50, of ${runs.length} runs: encrypted ${spread(encrypted, 1)} ms, open ${spread(open, 1)} ms`);
  console.log(`ratio ${spread(ratios, 3)}, at most ${MAX_LATENCY_RATIO}`);
  return { encrypted, open, ratios };
}
