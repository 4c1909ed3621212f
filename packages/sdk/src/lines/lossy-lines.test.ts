// A room on lines that lose packets: docs/protocol.md, P10.
import { parseRequest } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { FakePicture } from "../testing/fake-backend.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { joinedRooms } from "../testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

const size = { widthPx: 640, heightPx: 360, frameRate: 30 };
const FRAME_S = 1 / 30;

/** Each connection of `peer` waits for an eighth of a second in a second, never two at once. */
const losing = (peer: string) => (clientId: string) => {
  if (!clientId.startsWith(`${peer}.`)) return clientId.includes(".") ? 0 : undefined;
  return (Date.now() + clientId.charCodeAt(clientId.length - 1) * 350) % 1000 < 125 ? 150 : 0;
};

/** `subscribe` is what connections do whose client ids match. */
function answering(broker: FakeBroker, clientIds: RegExp, subscribe: () => Promise<void>): void {
  const open = broker.open;
  Object.assign(broker, {
    open: (options: Parameters<typeof open>[0]) => {
      const link = open(options);
      if (clientIds.test(options.clientId)) Object.assign(link, { subscribe });
      return link;
    },
  });
}

/** Ada films with every second picture needed by no other, and speaks; Bob looks and listens. */
async function filmed(broker: FakeBroker) {
  const ada = await join(broker, "Ada", { layered: true });
  const bob = await join(broker, "Bob", { layered: true });
  const camera = ada.publishVideo({ source: "camera", ...size });
  await seconds(0);
  const shown: number[] = [];
  bob.watchVideo("ada/camera", (picture, { timestampUs }) => {
    shown.push(timestampUs);
    picture.close();
  });
  const film = async (forSeconds: number) => {
    for (let i = 0; i < forSeconds * 30; i++) {
      camera.push(new FakePicture(Date.now() * 1000));
      await seconds(FRAME_S);
    }
  };
  /** The connections of `peer` for pictures that are open. */
  const lines = (peer: string) =>
    [...broker.links.keys()].filter((id) => id.startsWith(`${peer}.`)).map((id) => id.slice(-1));
  return { ada, bob, film, shown, lines, received: () => bob.statistics.value.tracks.get("ada/camera") };
}

test("a good line takes one connection up and one down", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("nobody");
  const { film, lines } = await filmed(broker);
  await film(30);
  expect([lines("ada"), lines("bob")]).toEqual([["B"], ["C"]]);
});

test("where a publisher's packets are lost all is sent twice, each half on two connections, and shown once (P10)", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("ada");
  const { film, lines, shown, received } = await filmed(broker);
  await film(20);
  expect(lines("ada").sort()).toEqual(["B", "D", "E", "F", "I", "J", "K", "L"]);
  expect(lines("bob")).toEqual(["C"]);
  const before = shown.length;
  const log = broker.log.length;
  await film(5);
  const packets = broker.log.slice(log).filter(({ topic }) => topic.startsWith("mm/1/room/ada/v/"));
  expect(packets.length).toBe(2 * 5 * 30);
  expect(new Set(packets.map(({ payload }) => payload)).size).toBe(5 * 30);
  expect(shown.length - before).toBe(5 * 30);
  expect(new Set(shown).size).toBe(shown.length);
  expect(received()?.counters).toMatchObject({ framesLost: 0, framesDropped: 0 });
});

test("a connection of several that breaks takes no picture with it", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("ada");
  const { film, shown } = await filmed(broker);
  await film(20);
  const before = shown.length;
  broker.cut("ada.D", { will: false });
  broker.cut("ada.F", { will: false });
  await film(3);
  expect(shown.length - before).toBe(3 * 30);
});

test("where a viewer's packets are lost each picture comes twice, and nothing is missed at the change (P10)", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("bob");
  const { film, lines, shown, received } = await filmed(broker);
  await film(25);
  expect(lines("bob").sort()).toEqual(["C", "G", "H", "I", "J", "M", "N", "O"]);
  expect(lines("ada")).toEqual(["B"]);
  const subscribed = (letter: string, temporal: number) =>
    broker.links.get(`bob.${letter}`)?.subscribes(`mm/1/room/ada/v/camera/0/${temporal}`);
  const layersOf = (letter: string) => [0, 1, 2].filter((temporal) => subscribed(letter, temporal));
  expect(["C", "G", "H", "M", "N", "O"].map(layersOf)).toEqual([[0], [0], [2], [2], [1], [1]]);
  expect(received()?.counters).toMatchObject({ framesLost: 0, framesDropped: 0 });
  const steps = shown.map((at, i) => at - (shown[i - 1] ?? at)).slice(1);
  expect(Math.max(...steps)).toBeLessThan(50_000);
  expect(Math.min(...steps)).toBeGreaterThan(0);
});

test("a viewer whose packets are lost says once a second what its way carries, and once that it is over (R4)", async () => {
  const broker = new FakeBroker();
  const reports = () =>
    broker.log.flatMap(({ topic, payload }) => {
      if (!topic.startsWith("mm/1/room/ada/in/")) return [];
      const request = parseRequest(payload);
      return request.type === "report" ? [request.tracks[0]?.availableBps] : [];
    });
  broker.waits = losing("bob");
  const { film } = await filmed(broker);
  await film(20);
  const before = reports().length;
  await film(5);
  const said = reports().slice(before);
  expect(said.length).toBe(5);
  expect(said.every((bps) => bps !== undefined && bps > 400_000)).toBe(true);
  broker.waits = losing("nobody");
  await film(70);
  const after = reports().length;
  expect(reports().at(-1)).toBeUndefined();
  await film(10);
  expect(reports().length).toBe(after);
});

test("a line that has become good is used once again, and nothing is missed at that change either", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("bob");
  const { film, lines, shown, bob } = await filmed(broker);
  await film(20);
  broker.waits = losing("nobody");
  await film(75);
  expect(lines("bob")).toEqual(["C"]);
  expect(broker.links.get("bob.C")?.subscribes("mm/1/room/ada/v/camera/0/1")).toBe(true);
  const steps = shown.map((at, i) => at - (shown[i - 1] ?? at)).slice(1);
  expect(Math.max(...steps)).toBeLessThan(50_000);
  await bob.leave();
  expect(lines("bob")).toEqual([]);
});

test("a broker that lets in fewer connections than are asked for spreads what it can", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("bob");
  answering(broker, /\.[JMO]$/, () => new Promise<void>(() => undefined));
  const { film, shown } = await filmed(broker);
  await film(40);
  const subscribed = (letter: string, level: string) =>
    broker.links.get(`bob.${letter}`)?.subscribes(`mm/1/room/ada/v/camera/0/${level}`);
  expect([subscribed("C", "1"), subscribed("C", "0"), subscribed("H", "2"), subscribed("N", "1")]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  const steps = shown.map((at, i) => at - (shown[i - 1] ?? at)).slice(1);
  expect(Math.max(...steps)).toBeLessThan(50_000);
});

test("a broker that refuses more connections leaves everything as it was", async () => {
  const broker = new FakeBroker();
  broker.waits = losing("bob");
  answering(broker, /\.[GHIJMNO]$/, () => Promise.reject(new Error("No.")));
  const { film, shown } = await filmed(broker);
  await film(40);
  const steps = shown.map((at, i) => at - (shown[i - 1] ?? at)).slice(1);
  expect(Math.max(...steps)).toBeLessThan(50_000);
});
