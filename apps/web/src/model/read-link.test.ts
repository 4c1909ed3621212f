import { formatMeetingLink, newMeetingLink, newPassphraseLink, parseMeetingLink } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { accessOf, type LinkProblem, readLink, startLink } from "./read-link.ts";

const site = "https://meet.example/sub";
const link = formatMeetingLink(newMeetingLink(site, "amber-otter-bay"));

test.each([
  ["the link", link],
  ["with space around", `  ${link}\n`],
  ["within a sentence", `Join us: <${link}> at ten`],
  ["without the site", link.slice(site.length)],
  ["without the scheme", link.slice("https://".length)],
])("readLink takes %s", (_, text) => {
  const read = readLink(text, site);
  expect(read).toMatchObject({ ok: true, text: link, link: { site, name: "amber-otter-bay" } });
});

test("readLink takes the link of an open room on another site", () => {
  expect(readLink("http://10.0.0.5:8080/r/yard", site)).toMatchObject({
    ok: true,
    text: "http://10.0.0.5:8080/r/yard",
  });
});

test("accessOf tells rooms with a passphrase from open ones", () => {
  expect(accessOf(parseMeetingLink(link))).toBe("secret");
  expect(accessOf(newPassphraseLink(site, "room"))).toBe("passphrase");
  expect(accessOf(parseMeetingLink(`${site}/r/room`))).toBe("open");
});

test.each<[string, LinkProblem]>([
  ["", "empty"],
  ["   ", "empty"],
  ["hello", "no-link"],
  ["amber-otter-bay", "no-link"],
  ["https://example.org/", "not-a-meeting"],
  ["https://example.org/r/", "not-a-meeting"],
  [link.slice(0, -4), "secret-damaged"],
  [`${site}/r/room#p.some-words`, "passphrase-in-link"],
  [`${site}/r/room#t.abc`, "invitation"],
  ["mqtt://localhost:1883/yard/camera", "topic"],
  [`${site}/r/room?broker=nonsense`, "broker"],
  [`${site}/r/room?broker=wss://me:secret@b.example/mqtt#1.x`, "broker"],
  [`${site}/?broker=wss://b.example/mqtt`, "not-a-meeting"],
  ["https://user:pass@example.org/r/room", "secret-damaged"],
])("readLink says what is wrong with %j", (text, problem) => {
  expect(readLink(text, site)).toEqual({ ok: false, problem });
});

test("startLink keeps the broker that the page's address names, and says when that is none", () => {
  const start = (query: string) => startLink(site, { name: "amber-otter-bay", query });
  expect(start("")).toMatchObject({ ok: true, link: { site, name: "amber-otter-bay" } });
  expect(start("?broker=wss://b.example/mqtt")).toMatchObject({
    ok: true,
    link: { brokers: ["wss://b.example/mqtt"] },
  });
  const hosted = startLink(site, { name: "amber-otter-bay", query: "", host: "AAECAwQFBgcICQoLDA0ODw" });
  expect(hosted).toMatchObject({ ok: true, link: { host: "AAECAwQFBgcICQoLDA0ODw" } });
  const agreed = startLink(site, { name: "amber-otter-bay", query: "", passphrase: true });
  expect(agreed).toMatchObject({ ok: true, text: `${site}/r/amber-otter-bay#p` });
  for (const query of ["?broker=nonsense", "?broker=", "?broker=https://b.example", "?broker=wss://a:b@c.example"]) {
    expect(start(query), query).toEqual({ ok: false, problem: "broker" });
  }
});
