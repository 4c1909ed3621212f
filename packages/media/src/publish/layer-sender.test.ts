import { parseFrameBody, parsePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { FrameOrder } from "../subscribe/frame-order.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { LayerSender } from "./layer-sender.ts";

function rig() {
  const transport = new MemoryTransport();
  const sender = new LayerSender({ sender: transport, topic: (temporal) => `v/0/${temporal}`, nowMs: () => 8_000 });
  let timestampUs = 0;
  return {
    transport,
    send(kinds: string) {
      for (const kind of kinds) {
        timestampUs += 33_000;
        const frame = { keyFrame: kind === "K", discardable: "db".includes(kind), between: kind === "b", timestampUs };
        sender.send({ ...frame, data: new Uint8Array(9) }, { codec: "vp8", rotation: 0 });
      }
    },
    sent: () =>
      transport.sent.map(({ topic, payload }) => {
        const { header, body } = parsePacket(payload);
        return { topic, number: header.frame, ...header, needs: parseFrameBody(body).needs };
      }),
  };
}

test("LayerSender sends what no other frame needs on a topic of its own, in one sequence, and says what the others need (T4, P3, F8)", () => {
  const { send, sent } = rig();
  send("KdBdBB");
  expect(sent().map(({ topic }) => topic)).toEqual(["v/0/0", "v/0/1", "v/0/0", "v/0/1", "v/0/0", "v/0/0"]);
  expect(sent().map(({ number }) => number - 1_000)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(sent().map(({ needs }) => needs)).toEqual([undefined, undefined, 2, undefined, 2, undefined]);
  expect(sent().map(({ discardable }) => discardable)).toEqual([false, true, false, true, false, false]);
});

test("LayerSender leaves out what no other frame needs while its connection is behind, and everything sent can be decoded", () => {
  const { send, sent, transport } = rig();
  send("KdBd");
  transport.queueAgeMs = 80;
  send("BdBd");
  transport.queueAgeMs = 0;
  send("BdBd");
  expect(sent().length).toBe(10);
  const order = new FrameOrder();
  expect(new Set(sent().map((frame) => order.push(frame)))).toEqual(new Set(["decode"]));
  const base = new FrameOrder();
  const half = sent().filter(({ topic }) => topic === "v/0/0");
  expect(new Set(half.map((frame) => base.push(frame)))).toEqual(new Set(["decode"]));
});

test("LayerSender has a third topic for those that one other needs, which says so, and sends nothing that lacks them (T4, F8)", () => {
  const { send, sent, transport } = rig();
  send("KdbdBdbd");
  expect(
    sent()
      .map(({ topic }) => topic.slice(-1))
      .join(""),
  ).toBe("01210121");
  expect(sent().map(({ needs }) => needs ?? 1)).toEqual([1, 1, 2, 1, 4, 1, 2, 1]);
  transport.queueAgeMs = 80;
  send("Bdb");
  transport.queueAgeMs = 0;
  send("dBd");
  expect(
    sent()
      .slice(8)
      .map(({ topic, needs = 1 }) => topic.slice(-1) + needs),
  ).toEqual(["04", "01", "11"]);
  const order = new FrameOrder();
  expect(new Set(sent().map((frame) => order.push(frame)))).toEqual(new Set(["decode"]));
  const half = new FrameOrder();
  const withoutTop = sent().filter(({ topic }) => topic !== "v/0/1");
  expect(new Set(withoutTop.map((frame) => half.push(frame)))).toEqual(new Set(["decode"]));
});
