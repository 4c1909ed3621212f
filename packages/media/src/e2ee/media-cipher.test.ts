import { encodeBase64Url, parsePacket, topicLevel, writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { LayerSender } from "../publish/layer-sender.ts";
import { FrameReceiver } from "../subscribe/frame-receiver.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { KeyRing } from "./key-ring.ts";
import { MediaCipher } from "./media-cipher.ts";
import { OrderedResults } from "./ordered-results.ts";

const PREFIX = "mm/1/room/";
const own = topicLevel(encodeBase64Url(new Uint8Array(16).fill(1)));
const TOPIC = `${PREFIX}${own}/v/camera/0/0`;
const rootKey = new Uint8Array(32);
const epoch = (number: number) => ({ number, id: `${number}`, secret: new Uint8Array(32).fill(number) });

/** A sender and a receiver of one layer with a transport between that changes nothing by itself. */
function rig() {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs };
  const sending = new KeyRing({ own, rootKey });
  const receiving = new KeyRing({ own, rootKey });
  const transport = new MemoryTransport();
  const ciphers = [sending, receiving].map((ring) => new MediaCipher({ ring, prefix: PREFIX, ...clock }));
  const [outgoing, incoming] = ciphers;
  if (!outgoing || !incoming) throw new Error("no ciphers");
  const sender = new LayerSender({
    sender: {
      send: (topic, payload) => transport.send(topic, payload),
      congested: () => false,
      sealer: (topic) => outgoing.sealer(topic),
    },
    topic: () => TOPIC,
    ...clock,
  });
  const decoded: string[] = [];
  const receiver = new FrameReceiver({
    source: {
      subscribe: (filter, onMessage, options) => transport.subscribe(filter, onMessage, options),
      opener: (options) => incoming.opener(options),
    },
    filter: TOPIC,
    ...clock,
    onFrame: (_frame, { data }) => decoded.push(new TextDecoder().decode(data)),
    signal: new AbortController().signal,
  });
  let timestampUs = 1;
  return {
    ...{ sending, receiving, transport, sender, receiver, decoded, incoming },
    say(text: string, { keyFrame = false } = {}) {
      const data = new TextEncoder().encode(text);
      sender.send({ keyFrame, discardable: false, timestampUs: timestampUs++, data }, { codec: "vp8", rotation: 0 });
    },
    wait(ms: number) {
      nowMs += ms;
    },
    async settled(condition: () => boolean) {
      for (let i = 0; i < 5_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(condition()).toBe(true);
    },
  };
}

/** One whose frames arrive. */
function keyedRig() {
  const made = rig();
  for (const ring of [made.sending, made.receiving]) {
    ring.add(epoch(1));
    ring.use("1", 0);
  }
  return made;
}

test("frames come out as they went in, in their order, and nothing of them is on the wire (T-E2EE-2)", async () => {
  const { say, decoded, transport, settled } = keyedRig();
  const texts = Array.from({ length: 100 }, (_, i) => (i % 7 === 0 ? `frame ${i} `.repeat(9_000) : `frame ${i}`));
  texts.forEach((text, i) => {
    if (i % 20 === 0) say(text, { keyFrame: true });
    else say(text);
  });
  // At most 32 wait for WebCrypto at once; what does not fit is dropped up to the next key frame.
  await settled(() => decoded.length >= 32);
  expect(decoded.slice(0, 32)).toEqual(texts.slice(0, 32));
  for (const { payload } of transport.sent) expect(Buffer.from(payload).toString("latin1")).not.toMatch(/frame|vp8/);
});

test("without a key nothing is sent, and nothing passes until a key frame (E7)", async () => {
  const { say, sender, transport, sending } = rig();
  say("a", { keyFrame: true });
  expect([sender.framesDropped, transport.sent.length, sender.needsKeyFrame]).toEqual([1, 0, true]);
  sending.add(epoch(1));
  sending.use("1", 0);
  say("b");
  expect(sender.framesDropped).toBe(2);
});

test("a frame in the clear is dropped and counted, and said so (T-E2EE-3)", () => {
  const { transport, receiver, decoded, incoming } = keyedRig();
  const header = { encrypted: false, discardable: false, rootKeyed: false, will: false, frame: 1, timestampUs: 1 };
  const packet = writePacket({ ...header, keyFrame: true, lastFragment: true, fragment: 0 }, Uint8Array.of(0, 7));
  transport.deliver(TOPIC, packet);
  expect(receiver.packetsUnencrypted).toBe(1);
  expect(decoded).toEqual([]);
  expect([...incoming.troubles()]).toEqual([[`${own}/camera`, "not-encrypted"]]);
});

test("another key, a changed bit, a cut, another topic and a replay never reach a decoder (T-E2EE-3, T-REPLAY)", async () => {
  const { say, transport, receiver, decoded, settled, receiving, incoming } = keyedRig();
  say("one", { keyFrame: true });
  await settled(() => decoded.length === 1);
  const packet = transport.sent[0]?.payload ?? new Uint8Array(0);
  transport.deliver(TOPIC, packet);
  await settled(() => receiver.framesUndecryptable === 1);
  expect(incoming.troubles().size).toBe(0); // a replay is the broker's doing: the track is well
  for (let at = 4; at < packet.length; at++) {
    const changed = packet.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    transport.deliver(TOPIC, changed);
  }
  transport.deliver(TOPIC, packet.subarray(0, -1));
  await settled(() => receiver.framesUndecryptable + receiver.packetsMalformed >= packet.length - 10);
  expect(decoded).toEqual(["one"]);
  expect([...incoming.troubles().values()]).toEqual(["cannot-decrypt"]);
  receiving.remove("1");
  receiving.add({ ...epoch(1), secret: new Uint8Array(32).fill(99) });
  say("two");
  await settled(() => receiver.framesUndecryptable > packet.length - 10);
  expect(decoded).toEqual(["one"]);
});

test("a frame whose key comes late waits for it; one whose key never comes is dropped after 2 s (E13)", async () => {
  const { say, sending, receiving, decoded, settled, incoming, transport, wait, receiver } = keyedRig();
  sending.add(epoch(2));
  sending.use("2", 0);
  say("early", { keyFrame: true });
  await settled(() => transport.sent.length === 1);
  expect(decoded).toEqual([]);
  receiving.add(epoch(2));
  incoming.retry();
  await settled(() => decoded.length === 1);
  sending.add(epoch(3));
  sending.use("3", 0);
  say("too early", { keyFrame: true });
  await settled(() => transport.sent.length === 2);
  wait(2_001);
  receiving.add(epoch(3));
  incoming.retry();
  expect(receiver.framesUndecryptable).toBe(1);
  expect(decoded).toEqual(["early"]);
});

test("a stream goes on with the epoch before until its key frame, at most 1 s (E8)", async () => {
  const { say, sending, transport, settled, wait, sender } = keyedRig();
  const kids = () => transport.sent.map(({ payload }) => (parsePacket(payload).body[0] ?? 0) >> 4);
  say("a", { keyFrame: true });
  sending.add(epoch(2));
  sending.use("2", 1_000_000);
  say("b");
  say("c", { keyFrame: true });
  say("d");
  await settled(() => transport.sent.length === 4);
  expect(kids()).toEqual([1, 1, 2, 2]);
  sending.add(epoch(3));
  sending.use("3", 1_000_000);
  wait(1_001);
  say("e");
  expect([sender.framesDropped, sender.needsKeyFrame]).toEqual([1, true]);
});

test("a key that was used as often as it may be seals nothing more, and says in time that it is worn (E3, T-E2EE-5)", () => {
  const ring = new KeyRing({ own, rootKey, maxCtr: 4 });
  ring.add(epoch(1));
  ring.use("1", 0);
  const header = { keyFrame: true, discardable: false, rootKeyed: false, will: false, frame: 1, timestampUs: 1 };
  const seals = Array.from({ length: 6 }, () => {
    const sealed = ring.sealing(`${own}/v/camera/0/0`, { epoch: "1" })?.seal(header, new Uint8Array(1));
    return [sealed !== undefined, ring.isWorn];
  });
  expect(seals.map(([sealed]) => sealed)).toEqual([true, true, true, true, false, false]);
  expect(seals.map(([, isWorn]) => isWorn)).toEqual([false, true, true, true, true, true]);
  ring.add(epoch(2));
  ring.use("2", 0);
  expect(ring.isWorn).toBe(false);
});

test("a will is sealed once for each incarnation, however large that is (E4)", () => {
  const will = new KeyRing({ own, rootKey }).sealing("will", "root");
  const header = { keyFrame: false, discardable: false, rootKeyed: true, will: true, frame: 0, timestampUs: 0 };
  const incarnations = [1_763_800_000_000, 1_763_800_000_000, 1_763_800_000_001, 5];
  const sealed = incarnations.map((ctr) => will?.seal(header, new Uint8Array(1), { ctr }) !== undefined);
  expect(sealed).toEqual([true, false, true, false]);
});

test("OrderedResults hands on in the order of beginning, failures too", async () => {
  const results = new OrderedResults<number>();
  const out: (number | undefined)[] = [];
  const finish: ((value: number) => void)[] = [];
  const later = () => new Promise<number>((resolve) => finish.push(resolve));
  results.push(later(), (value) => out.push(value));
  results.push(Promise.reject(new Error("no")), (value) => out.push(value));
  results.push(later(), (value) => out.push(value));
  finish[1]?.(3);
  await Promise.resolve();
  expect(out).toEqual([]);
  finish[0]?.(1);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(out).toEqual([1, undefined, 3]);
});
