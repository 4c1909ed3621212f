import { formatMeetingLink, newMeetingLink } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { readRoute, siteOf } from "./route.ts";

test.each([
  ["https://a.example/", "https://a.example"],
  ["https://a.example/index.html", "https://a.example"],
  ["https://a.example/sub/", "https://a.example/sub"],
  ["https://a.example/sub/r/room", "https://a.example/sub"],
  ["http://localhost:8080/r/room/?x#1.y", "http://localhost:8080"],
])("siteOf %s is %s", (href, site) => {
  expect(siteOf(href)).toBe(site);
});

test("readRoute tells home, rooms and damaged links apart", () => {
  const text = formatMeetingLink(newMeetingLink("https://a.example/sub", "amber-otter-bay"));
  expect(readRoute("https://a.example/sub/")).toEqual({ view: "home" });
  expect(readRoute("https://a.example/sub/#cameras")).toEqual({ view: "cameras", address: "" });
  expect(readRoute(text)).toMatchObject({ view: "room", text, link: { name: "amber-otter-bay" } });
  expect(readRoute(`${text}x.y.z`)).toEqual({ view: "bad-link", problem: "secret-damaged" });
  expect(readRoute("https://a.example/r/open")).toMatchObject({ view: "room", link: { name: "open" } });
});
