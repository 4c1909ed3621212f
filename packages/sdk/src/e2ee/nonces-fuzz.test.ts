// T-E2EE-5 as a property: whatever a participant does, WebCrypto is never given one nonce twice with one key. `npm run fuzz` does
// a million steps and more.
import { KeyRing, MediaCipher } from "@mqtt-meet/media";
import { deriveRootKey, newMeetingLink, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { roomAccess } from "../room-access.ts";
import { seededRandom } from "../testing/random-trouble.ts";
import { watchNonces } from "../testing/watch-nonces.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { PeerKeys } from "./peer-keys.ts";
import { WordCipher } from "./word-cipher.ts";

/** Seconds, instead of a short run. */
const FUZZ_S = Number(process.env["MQTT_MEET_FUZZ_S"] ?? 0);
const STEPS = FUZZ_S > 0 ? 1_000_000 : 10_000;
/** So much is under way in WebCrypto at once. */
const BATCH = 25;
/** The tabs of one browser that are in the meeting. */
const MAX_TABS = 3;
const EPOCHS_KEPT = 4;
const PREFIX = "mm/1/room/";

const link = newMeetingLink("https://meet.example", "standup");
const nonces = watchNonces();

beforeEach(() => nonces.begin());
afterEach(() => nonces.end());

/** One stay in the room, from its loading to its end: as much of it as seals anything. */
class Tab {
  readonly #peer: PeerId;
  readonly #ring: KeyRing;
  readonly #media: MediaCipher;
  readonly #words: WordCipher;
  #number = 0;

  constructor(peer: PeerId, keys: EncryptionKeys) {
    const own = peer;
    const nowMs = () => this.#number;
    this.#peer = peer;
    this.#ring = new KeyRing({ own, rootKey: keys.rootKey });
    this.#media = new MediaCipher({ ring: this.#ring, prefix: PREFIX, nowMs });
    this.#words = new WordCipher({ ring: this.#ring, own, signingKey: keys.signing.key, peers: new PeerKeys(), nowMs });
  }

  /** The tab sends with this epoch from now on, and may know those before it. */
  adopt(number: number): void {
    this.#ring.add({ number, id: `${number}`, secret: new Uint8Array(32).fill(number % 251) });
    this.#ring.use(`${number}`, 0);
    this.#ring.remove(`${number - EPOCHS_KEPT}`);
  }

  /** A frame of a layer, of which every key frame may be the first of a new sender: a worker or an encoder that began again. */
  sendFrame(layer: number): Promise<unknown> {
    const timestampUs = this.#number++;
    const header = { keyFrame: true, discardable: false, number: timestampUs, timestampUs };
    const sealer = this.#media.sealer(`${PREFIX}${this.#peer}/v/camera/${layer}/0`);
    return new Promise((resolve) => {
      if (!sealer.seal(header, new Uint8Array(8), resolve)) resolve(undefined);
    });
  }

  /** A word in public, one to somebody, one about itself, or a will. */
  say(kind: number): Promise<unknown> {
    this.#number++;
    const json = new Uint8Array(8);
    const stream = [`all/${this.#peer}`, `somebody/in/${this.#peer}`, `${this.#peer}/state`, `${this.#peer}/state`][
      kind
    ];
    const under = kind < 2 ? "epoch" : "root";
    const incarnation = kind === 3 ? this.#number : undefined;
    return this.#words.seal({ stream: stream ?? "", json, under, signed: false, incarnation });
  }
}

/** Loads, reloads and closes tabs of one meeting, lets epochs come, and lets the tabs send. */
class Browser {
  readonly #random: () => number;
  readonly #tabs: Tab[] = [];
  #epoch = 1;
  loads = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  async step(): Promise<unknown> {
    const kind = this.#random();
    if (this.#tabs.length === 0 || kind < 0.005) return this.#load();
    if (kind < 0.01) for (const tab of [...this.#tabs, void this.#epoch++]) tab?.adopt(this.#epoch);
    const tab = this.#tabs[this.#below(this.#tabs.length)];
    return kind < 0.7 ? tab?.sendFrame(this.#below(3)) : tab?.say(this.#below(4));
  }

  /** A new tab, or an old one again: it knows the epoch that the others have, and nothing of what it was before. */
  async #load(): Promise<void> {
    const { peer, encryption } = await roomAccess(link);
    if (encryption === undefined) throw new Error("The room is open.");
    const tab = new Tab(peer, encryption);
    tab.adopt(this.#epoch);
    const open = this.#tabs.length < MAX_TABS && this.#random() < 0.5;
    this.#tabs.splice(this.#below(this.#tabs.length), open ? 0 : 1, tab);
    this.loads++;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

test(
  "no key and nonce are used twice, over reloads, workers, layers, epochs and tabs (T-E2EE-5, E3)",
  async () => {
    const browser = new Browser(seededRandom(FUZZ_S > 0 ? Math.floor(Math.random() * 2 ** 31) : 5));
    const endMs = performance.now() + FUZZ_S * 1000;
    for (let done = 0; done < STEPS || performance.now() < endMs; done += BATCH) {
      await Promise.all(Array.from({ length: BATCH }, () => browser.step()));
    }
    expect(nonces.repeated).toEqual([]);
    expect(nonces.seen).toBeGreaterThan(STEPS * 0.9);
    expect(browser.loads).toBeGreaterThan(STEPS / 500);
    if (FUZZ_S > 0) process.stdout.write(`${nonces.seen} nonces, ${browser.loads} loads of a page\n`);
  },
  FUZZ_S * 1000 + (FUZZ_S > 0 ? 1_800_000 : 60_000),
);

test("this test would see it: a page that came again as the same peer repeats nonces", async () => {
  const { peer, encryption } = await roomAccess(link);
  if (encryption === undefined) throw new Error("The room is open.");
  for (let loads = 0; loads < 2; loads++) {
    const tab = new Tab(topicLevel(peer), { ...encryption, rootKey: await deriveRootKey(new Uint8Array(32)) });
    tab.adopt(1);
    await tab.sendFrame(0);
    await tab.say(2);
  }
  expect(nonces.repeated).toHaveLength(2);
});
