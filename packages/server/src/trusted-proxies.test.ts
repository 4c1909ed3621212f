import { expect, test } from "vitest";
import { TrustedProxies } from "./trusted-proxies.ts";

const proxies = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);
const clientOf = (peer: string, forwardedFor: string) =>
  proxies.read(peer, { "x-forwarded-for": forwardedFor })?.address;

test("only proxies that were named are believed", () => {
  const headers = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "meet.example",
  };
  const said = { address: "203.0.113.7", protocol: "https", host: "meet.example" };
  for (const peer of ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "2001:db8::1"]) {
    expect(proxies.read(peer, headers), peer).toEqual(said);
  }
  for (const peer of ["127.0.0.2", "192.0.2.1", "::1", "", undefined]) {
    expect(proxies.read(peer, headers), peer).toBeUndefined();
  }
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["1.1.1.1, 203.0.113.7", "203.0.113.7"], // the first was the client's own words
  ["203.0.113.7, 10.0.0.9", "203.0.113.7"],
  ["203.0.113.7:5050", "203.0.113.7"],
  ["[2001:db9::5]:443", "2001:db9::5"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["10.0.0.9", undefined],
  ["unknown", undefined],
  ["203.0.113.7, unknown", undefined],
  ["", undefined],
])("of X-Forwarded-For %j the client is %s", (header, client) => {
  expect(clientOf("127.0.0.1", header)).toBe(client);
});

test.each(["x", "10.0.0.0/33", "10.0.0.0/x", "2001:db8::/129", "/8", ""])("%j is no proxy", (entry) => {
  expect(() => new TrustedProxies([entry])).toThrow(RangeError);
});
