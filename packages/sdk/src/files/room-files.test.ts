import { MAX_FILE_BYTES } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { FakeBroker } from "../testing/fake-broker.ts";
import type { FakeRoom } from "../testing/fake-room.ts";
import { joinedRooms } from "../testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();
const setImmediateOfNode = setImmediate;

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 3);
const plan = new Blob([bytes], { type: "text/html" });
const messageOf = (room: FakeRoom) => room.messages.value.at(-1)?.id ?? "";

async function meeting() {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  await ada.files.send(plan, { name: "../plan.html" });
  await seconds(0.1);
  return { broker, ada, bob };
}

/** What is read and hashed takes time of its own, in which the turns of the loop go on. */
const turn = () => new Promise((resolve) => setImmediateOfNode(resolve));

/** Lets time pass until `file` is settled. */
async function settled<T>(file: Promise<T>): Promise<T> {
  const state = { settled: false };
  const done = () => {
    state.settled = true;
  };
  file.then(done, done);
  while (!state.settled) {
    await seconds(0.1);
    await turn();
  }
  return file;
}

test("a file is offered by a message, and given to who asks, as nothing but bytes (M9, R8)", async () => {
  const { ada, bob } = await meeting();
  const file = { name: "plan.html", sizeBytes: 200_000 };
  expect(bob.messages.value).toMatchObject([{ text: "plan.html", own: false, file }]);
  const seen: number[] = [];
  const stop = bob.files.progress.subscribe((progress) => seen.push(...progress.values()));
  const fetched = await settled(bob.files.fetch(messageOf(bob)));
  stop();
  expect(fetched.type).toBe("application/octet-stream");
  expect(Buffer.compare(bytes, Buffer.from(await fetched.arrayBuffer()))).toBe(0);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBeGreaterThan(10);
  expect(bob.files.progress.value.size).toBe(0);
  await expect(ada.files.fetch(messageOf(ada))).resolves.toBe(plan);
});

test("who comes late can have the file while its sender is there, and no longer (M9)", async () => {
  const { broker, ada } = await meeting();
  const cem = await join(broker, "Cem");
  await seconds(2);
  const first = await settled(cem.files.fetch(messageOf(cem)));
  expect(first.size).toBe(200_000);
  const second = cem.files.fetch(messageOf(cem));
  await ada.leave();
  await expect(settled(second)).rejects.toMatchObject({ code: "file-gone" });
});

test("fetching ends when it is called off, and nothing is kept of it", async () => {
  const { bob } = await meeting();
  const calling = new AbortController();
  const fetched = bob.files.fetch(messageOf(bob), { signal: calling.signal });
  calling.abort(new Error("enough"));
  await expect(fetched).rejects.toThrow("enough");
  expect(bob.files.progress.value.size).toBe(0);
});

test("parts that are lost are asked for again (R8)", async () => {
  const { broker, bob } = await meeting();
  let count = 0;
  broker.lose = ({ topic, to }) => topic === "mm/1/room/bob/in/ada" && to === "bob" && count++ % 4 === 2;
  const fetched = await settled(bob.files.fetch(messageOf(bob)));
  expect(Buffer.compare(bytes, Buffer.from(await fetched.arrayBuffer()))).toBe(0);
  expect(count).toBeGreaterThan(13);
});

test("what another peer says about a file is nothing, and other bytes than those offered are refused (M9, R8)", async () => {
  const { broker, bob } = await meeting();
  const offer = broker.log.findLast(({ topic }) => topic === "mm/1/room/all/ada");
  const { id: level } = JSON.parse(new TextDecoder().decode(offer?.payload)) as { id: string };
  const say = (from: string, request: object) =>
    broker.publish(`mm/1/room/bob/in/${from}`, new TextEncoder().encode(JSON.stringify(request)), false);
  const fetched = bob.files.fetch(messageOf(bob));
  say("eve", { type: "file-gone", id: level });
  expect(bob.files.progress.value.size).toBe(1);
  const zeros = "A".repeat(21_846);
  for (let part = 0; part < 13; part++)
    say("ada", { type: "file-part", id: level, part, data: zeros.slice(0, part === 12 ? 4523 : undefined) });
  await expect(settled(fetched)).rejects.toMatchObject({ code: "file-damaged" });
});

test("who asks for what is not there is told so, at the pace of all (R8)", async () => {
  const { broker, ada } = await meeting();
  const ask = (id: string) =>
    broker.publish(
      "mm/1/room/ada/in/bob",
      new TextEncoder().encode(JSON.stringify({ type: "file-get", id, from: 0, count: 8 })),
      false,
    );
  const answers = () => broker.log.filter(({ topic }) => topic === "mm/1/room/bob/in/ada").length;
  const before = answers();
  for (let index = 0; index < 100; index++) ask(`no${index}`);
  await seconds(10);
  expect(answers() - before).toBe(5);
  expect(ada.participants.value).toHaveLength(1);
});

test("a file that is too large is refused with a sentence, before it is read", async () => {
  const ada = await join(new FakeBroker(), "Ada");
  const large = { size: MAX_FILE_BYTES + 1 } as Blob;
  await expect(ada.files.send(large, { name: "film.mp4" })).rejects.toMatchObject({
    code: "file-too-large",
    message: "A file has at most 20 MB.",
  });
  expect(ada.messages.value).toEqual([]);
});
