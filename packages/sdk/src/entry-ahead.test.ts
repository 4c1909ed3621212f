import { parseMeetingLink, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { EntryAhead } from "./entry-ahead.ts";
import { ALL_RIGHTS } from "./rights.ts";
import type { RoomEntry } from "./room-access.ts";

const link = parseMeetingLink("https://example.org/r/standup");
const { signal } = new AbortController();

/** Ways in are numbered; what a test holds back is found when it says so. */
function rig() {
  let [nowMs, asked] = [0, 0];
  let fails = false;
  const find = async (): Promise<RoomEntry> => {
    asked++;
    if (fails) throw new Error("The site does not answer.");
    const peer = topicLevel(`peer-${asked}`);
    const access = { room: topicLevel("standup"), peer, username: "standup", password: "x" };
    return {
      ...access,
      encryption: undefined,
      rights: ALL_RIGHTS,
      door: undefined,
      brokerUrls: ["wss://example.org/mqtt"],
    };
  };
  const ahead = new EntryAhead({ find, nowMs: () => nowMs });
  return {
    ahead,
    asked: () => asked,
    later: (ms: number) => {
      nowMs += ms;
    },
    fail: (failing: boolean) => {
      fails = failing;
    },
  };
}

test("what was prepared in the lobby is there at the click, without another question to the site, once", async () => {
  const { ahead, asked } = rig();
  ahead.prepare(link, { signal });
  expect(asked()).toBe(1);
  expect((await ahead.take(link, { signal })).peer).toBe("peer-1");
  expect(asked()).toBe(1);
  expect((await ahead.take(link, { signal })).peer).toBe("peer-2");
});

test("a way that is a minute old, that failed, or that leads elsewhere is not taken", async () => {
  const { ahead, later, fail } = rig();
  ahead.prepare(link, { signal });
  later(60_001);
  expect((await ahead.take(link, { signal })).peer).toBe("peer-2");
  fail(true);
  ahead.prepare(link, { signal });
  await Promise.resolve();
  fail(false);
  expect((await ahead.take(link, { signal })).peer).toBe("peer-4");
  ahead.prepare(link, { signal });
  expect((await ahead.take(parseMeetingLink("https://example.org/r/other"), { signal })).peer).toBe("peer-6");
});

test("where a passphrase opens the room nothing is prepared, and what it opens is found with it", async () => {
  const { ahead, asked } = rig();
  ahead.prepare({ ...link, passphrase: true }, { signal });
  expect(asked()).toBe(0);
  ahead.prepare(link, { signal });
  expect((await ahead.take(link, { signal, passphrase: "four words to say" })).peer).toBe("peer-2");
});
