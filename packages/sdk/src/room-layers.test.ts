import { type ReadonlySignal, signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import type { PictureView } from "./picture-view.ts";
import { FakePicture } from "./testing/fake-backend.ts";
import { FakeBroker } from "./testing/fake-broker.ts";
import type { FakeRoom } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

const HD = { source: "camera", widthPx: 1280, heightPx: 720, frameRate: 30, simulcast: true } as const;
const tile = (heightPx: number): PictureView => ({ visible: true, size: { widthPx: (heightPx * 16) / 9, heightPx } });
const HIDDEN: PictureView = { visible: false, size: undefined };

/** Ada films, and everybody who is joined looks at her camera. */
async function filming(
  ...viewers: readonly (readonly [string, ReadonlySignal<PictureView>, { decodedBps: number }?])[]
) {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada", {
    sized: true,
    layered: true,
    clone: (picture) => new FakePicture(picture.timestamp, HD),
  });
  const camera = ada.publishVideo(HD);
  await seconds(0);
  const shown = new Map<string, number[]>();
  const rooms = new Map<string, FakeRoom>();
  for (const [name, view, machine] of viewers) {
    const room = await join(broker, name, machine);
    rooms.set(name, room);
    shown.set(name, []);
    room.watchVideo(
      "ada/camera",
      (picture) => {
        shown.get(name)?.push(picture.timestamp);
        picture.close();
      },
      view,
    );
  }
  const film = async (count: number) => {
    for (let i = 0; i < count; i++) {
      camera.push(new FakePicture(Date.now() * 1000, HD));
      await seconds(1 / 30);
    }
  };
  const sent = () => {
    const layers = broker.log.flatMap(({ topic }) => /\/v\/camera\/(\d)\/0$/.exec(topic)?.[1] ?? []);
    broker.log.length = 0;
    return new Set(layers.map(Number));
  };
  const layerOf = (name: string) => rooms.get(name)?.statistics.value.tracks.get("ada/camera")?.layer;
  const encoded = () => ada.statistics.value.tracks.get("ada/camera")?.layers?.map(({ active }) => active);
  return { broker, ada, camera, rooms, shown, film, sent, layerOf, encoded };
}

test("a small tile and a large one get different layers, and what nobody watches is not encoded (C8, R3)", async () => {
  const { film, sent, layerOf, encoded, rooms } = await filming(["Bob", signal(tile(150))], ["Cem", signal(tile(700))]);
  await film(60);
  expect(sent()).toEqual(new Set([0, 2]));
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([0, 2]);
  expect(encoded()).toEqual([true, false, true]);
  await rooms.get("Cem")?.leave();
  sent();
  await film(60);
  expect(sent()).toEqual(new Set([0]));
  expect(encoded()).toEqual([true, false, false]);
});

test("a tile that grows shows the smaller layer until the larger one has a picture", async () => {
  const view = signal(tile(150));
  const { film, sent, layerOf, shown } = await filming(["Bob", view]);
  await film(45);
  expect(layerOf("Bob")).toBe(0);
  sent();
  view.value = tile(700);
  await film(60);
  expect(layerOf("Bob")).toBe(2);
  expect(sent()).toEqual(new Set([0, 2]));
  await film(10);
  expect(sent()).toEqual(new Set([2]));
  const times = shown.get("Bob") ?? [];
  const steps = times.map((at, i) => at - (times[i - 1] ?? at)).slice(1);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...steps)).toBeLessThan(100_000);
});

test("what nobody sees is not received, and is back when it is seen", async () => {
  const view = signal(tile(360));
  const { film, sent, shown, encoded } = await filming(["Bob", view]);
  await film(30);
  view.value = HIDDEN;
  await film(45); // somebody who looks at another page for a moment misses nothing
  sent();
  const before = shown.get("Bob")?.length ?? 0;
  await film(45);
  expect(sent()).toEqual(new Set());
  expect(encoded()).toEqual([false, false, false]);
  view.value = tile(360);
  await film(30);
  expect(sent()).toEqual(new Set([1]));
  expect((shown.get("Bob")?.length ?? 0) - before).toBeGreaterThan(20);
});

test("a viewer may save data, or ask for sound only, and nobody else gets less", async () => {
  const { film, sent, layerOf, rooms } = await filming(["Bob", signal(tile(700))], ["Cem", signal(tile(700))]);
  await film(40);
  rooms.get("Bob")?.setReception("saving");
  await film(60);
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([0, 2]);
  rooms.get("Bob")?.setReception("sound-only");
  await film(60);
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([undefined, 2]);
  sent();
  await film(30);
  expect(sent()).toEqual(new Set([2]));
  rooms.get("Bob")?.setReception("automatic");
  await film(60);
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([2, 2]);
});

test("one weak viewer takes a smaller layer, and changes nothing for the others", async () => {
  const { broker, film, layerOf, shown, ada } = await filming(["Bob", signal(tile(700))], ["Cem", signal(tile(700))]);
  await film(60);
  const line = narrow(broker, "bob.C", 700_000);
  await film(150);
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([1, 2]);
  const seen = (name: string) => (shown.get(name) ?? []).slice(-60);
  await film(150);
  const gapUs = (times: readonly number[]) => Math.max(...times.map((at, i) => at - (times[i - 1] ?? at)));
  expect(gapUs((shown.get("Cem") ?? []).slice(-300))).toBeLessThan(50_000);
  expect(gapUs(seen("Bob"))).toBeLessThan(100_000);
  expect(Date.now() * 1000 - (seen("Bob").at(-1) ?? 0)).toBeLessThan(300_000);
  expect(ada.statistics.value.tracks.get("ada/camera")).toMatchObject({
    qualityLimitationReason: "none",
    heightPx: 720,
  });
  expect(line.lost).toBeLessThan(150);
});

test("a viewer whose line is too narrow for the smallest size gets half of its pictures, and no others are lost (T4, F8)", async () => {
  const { broker, film, shown, rooms } = await filming(["Bob", signal(tile(150))], ["Cem", signal(tile(150))]);
  await film(60);
  const receives = (temporal: number) => broker.links.get("bob.C")?.subscribes(`mm/1/room/ada/v/camera/0/${temporal}`);
  expect([receives(0), receives(1)]).toEqual([true, true]);
  narrow(broker, "bob.C", 160_000);
  await film(150);
  expect([receives(0), receives(1)]).toEqual([true, false]);
  const before = new Map([...shown].map(([name, times]) => [name, times.length]));
  await film(60);
  const since = (name: string) => (shown.get(name)?.length ?? 0) - (before.get(name) ?? 0);
  expect([Math.round(since("Bob") / 10), Math.round(since("Cem") / 10)]).toEqual([3, 6]);
  expect(rooms.get("Bob")?.statistics.value.tracks.get("ada/camera")?.limitedBy).toBe("bandwidth");
});

test("a viewer whose decoder is behind takes a smaller layer and says why, and changes nothing for the others", async () => {
  const slow = { decodedBps: 700_000 };
  const { film, layerOf, rooms, shown } = await filming(["Bob", signal(tile(700)), slow], ["Cem", signal(tile(700))]);
  await film(150);
  expect([layerOf("Bob"), layerOf("Cem")]).toEqual([1, 2]);
  const limitOf = (name: string) => rooms.get(name)?.statistics.value.tracks.get("ada/camera")?.limitedBy;
  expect([limitOf("Bob"), limitOf("Cem")]).toEqual(["decoder", undefined]);
  const before = shown.get("Bob")?.length ?? 0;
  await film(60);
  expect((shown.get("Bob")?.length ?? 0) - before).toBeGreaterThan(50);
});

/** What goes to `client` from now on takes its turn on a line that keeps a second of it, and loses what is too much. */
function narrow(broker: FakeBroker, client: string, bps: number): { lost: number } {
  const line = { lost: 0 };
  let freeMs = 0;
  broker.lose = ({ topic, payload, to }) => {
    if (to !== client || !broker.links.get(client)?.subscribes(topic)) return false;
    const nowMs = Date.now();
    if (freeMs - nowMs > 1_000) {
      line.lost++;
      return true;
    }
    freeMs = Math.max(freeMs, nowMs) + (8000 * payload.length) / bps;
    setTimeout(() => broker.links.get(client)?.deliver(topic, payload, false), freeMs - nowMs);
    return true;
  };
  return line;
}
