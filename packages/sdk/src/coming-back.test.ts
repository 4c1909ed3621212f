import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import { type FakeRoom, fakeScheme as scheme } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

const texts = (core: FakeRoom) => core.messages.value.map(({ text }) => text);

/** Every status of the others that was ever shown, "left" when there was nobody more, without repetitions. */
function shownStatuses(core: FakeRoom): string[] {
  const shown: string[] = [];
  core.participants.subscribe((all) => {
    const now = all.map(({ status }) => status).join() || "left";
    if (shown.at(-1) !== now) shown.push(now);
  });
  return shown;
}

/** Ada and Bob, who both talk, while the connection of one of them is cut for so long. */
async function talkOverCut(options: { readonly cut: string; readonly forS: number; readonly will: boolean }) {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  const shown = shownStatuses(ada);
  await ada.sendMessage("a1");
  const link = broker.cut(options.cut, { will: options.will });
  void ada.sendMessage("a2");
  void bob.sendMessage("b1");
  await seconds(options.forS);
  void bob.sendMessage("b2");
  link.connect();
  await seconds(10);
  void ada.sendMessage("a3");
  await seconds(1);
  return { ada, bob, shown };
}

for (const [id, forS] of [
  ["R-CUT1", 1],
  ["R-CUT5", 5],
] as const) {
  test.each(["ada", "bob"])(
    `${id}: a cut of ${forS} s of %s: nobody is shown as left, no word is lost or shown twice`,
    async (cut) => {
      for (const will of [false, true]) {
        const { ada, bob, shown } = await talkOverCut({ cut, forS, will });
        expect(shown).not.toContain("left");
        for (const room of [ada, bob]) {
          expect(texts(room).filter((text) => text.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
          expect(texts(room).filter((text) => text.startsWith("b"))).toEqual(["b1", "b2"]);
        }
      }
    },
  );
}

test("R-CUT30: 30 s without a connection: reconnecting within 8 s, gone within 25 s, and back with every word within 3 s", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  const statuses = () => ada.participants.value.map(({ status }) => status);
  const link = broker.cut("bob", { will: false });
  void ada.sendMessage("a1");
  void bob.sendMessage("b1");
  await seconds(8.3);
  expect(statuses()).toEqual(["reconnecting"]);
  await seconds(16);
  expect(statuses()).toEqual([]);
  await seconds(6);
  void ada.sendMessage("a2");
  link.connect();
  await seconds(3);
  expect(statuses()).toEqual(["live"]);
  for (const room of [ada, bob]) expect(texts(room).sort()).toEqual(["a1", "a2", "b1"]);
});

test("R-BROKER: a broker that forgot everything: all are there again, and what was said meanwhile is made up for", async () => {
  const broker = new FakeBroker();
  const rooms: FakeRoom[] = [];
  for (const name of ["Ada", "Bob", "Cem", "Dora"]) rooms.push(await join(broker, name));
  const shown = rooms.map(shownStatuses);
  const links = [...broker.links.values()];
  for (const link of links) link.lost();
  broker.retained.clear();
  for (const room of rooms) void room.sendMessage(room.peer);
  await seconds(3);
  for (const [i, link] of links.entries()) {
    await seconds(i / 4);
    link.connect();
  }
  await seconds(10);
  for (const room of rooms) {
    expect(texts(room).sort()).toEqual(["ada", "bob", "cem", "dora"]);
    expect(room.participants.value.map(({ status }) => status)).toEqual(["live", "live", "live"]);
  }
  expect(shown.flat()).not.toContain("left");
  expect(broker.retained.size).toBe(4);
});

test("R-GHOST: gone at once after a goodbye, 8 s after a will, and 20 s after silence", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const left = await join(broker, "Left");
  for (const name of ["Crashed", "Dark"]) await join(broker, name);
  const names = () => ada.participants.value.map(({ name }) => name);
  await left.leave();
  expect(names()).toEqual(["Crashed", "Dark"]);
  broker.cut("crashed");
  broker.cut("dark", { will: false });
  await seconds(8.3);
  expect(names()).toEqual(["Dark"]);
  await seconds(16.7);
  expect(names()).toEqual([]);
});

test("R-TAKEOVER: who is back before its old connection is missed is never shown as left, nor twice (S7)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const shown = shownStatuses(ada);
  const link = broker.cut("bob", { will: false });
  const oldWill = link.lastWill;
  link.connect();
  await seconds(1);
  broker.publish(oldWill?.topic ?? "", oldWill?.payload ?? new Uint8Array(0), true);
  await seconds(30);
  expect(shown).toEqual(["live"]);
});

test("R-TAB: a machine that was suspended holds its own sleep against nobody, and sees who left meanwhile", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const cem = await join(broker, "Cem");
  const shown = shownStatuses(ada);
  await seconds(1);
  vi.setSystemTime(Date.now() + 3_600_000); // no timer ran
  await seconds(1);
  expect(shown).toEqual(["live,live"]);
  await seconds(10);
  expect(shown).toEqual(["live,live"]);
  await cem.leave();
  expect(ada.participants.value.map(({ name }) => name)).toEqual(["Bob"]);
});

test("a subscription that died at the broker is noticed by our own heartbeats, before anybody seems gone (S3)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  const [shownToAda, shownToBob] = [shownStatuses(ada), shownStatuses(bob)];
  await seconds(20);
  const link = broker.links.get("bob");
  // The connection lives, and what Bob says goes out; nothing is delivered to him until he subscribes anew.
  broker.lose = ({ to }) => to === "bob" && link?.renewals === 0;
  void ada.sendMessage("can you hear me?");
  await seconds(16);
  expect(link?.renewals).toBe(1);
  expect(texts(bob)).toEqual(["can you hear me?"]);
  await seconds(60);
  expect(link?.renewals).toBe(1);
  expect([shownToAda, shownToBob].flat()).not.toContain("left");
  expect(broker.retained.has(scheme.state(topicLevel("bob")))).toBe(true);
});
