import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { isLoopbackHost, isOwnAddress, siteAddress, urlHost } from "./site-address.ts";

const entry = (address: string, family: "IPv4" | "IPv6", internal = false): NetworkInterfaceInfo =>
  ({ address, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as NetworkInterfaceInfo;
const interfaces = {
  lo: [entry("127.0.0.1", "IPv4", true), entry("::1", "IPv6", true)],
  eth0: [entry("fe80::1", "IPv6"), entry("2001:db8::5", "IPv6"), entry("192.168.1.5", "IPv4")],
  wlan0: [entry("10.0.0.7", "IPv4"), entry("192.168.1.5", "IPv4")],
};

test("isLoopbackHost knows names and addresses of this machine only", () => {
  expect(["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].map(isLoopbackHost)).toEqual(
    Array(6).fill(true),
  );
  expect(
    ["localhost.example", "127.0.0.1.example", "0.0.0.0", "::", "10.0.0.1", "::2", ""].map(isLoopbackHost),
  ).toEqual(Array(7).fill(false));
});

test("siteAddress names loopback as people do", () => {
  expect(siteAddress("127.0.0.1", interfaces)).toEqual({ loopback: true, hosts: ["localhost"] });
  expect(siteAddress("127.0.0.2", interfaces)).toEqual({ loopback: true, hosts: ["127.0.0.2"] });
  expect(siteAddress("::1", interfaces)).toEqual({ loopback: true, hosts: ["::1"] });
});

test("siteAddress lists the addresses that others can use, the first for links", () => {
  expect(siteAddress("0.0.0.0", interfaces).hosts).toEqual(["192.168.1.5", "10.0.0.7", "localhost"]);
  expect(siteAddress("::", interfaces).hosts).toEqual(["192.168.1.5", "10.0.0.7", "2001:db8::5", "localhost"]);
  expect(siteAddress("192.168.1.5", interfaces)).toEqual({ loopback: false, hosts: ["192.168.1.5"] });
  expect(siteAddress("0.0.0.0", { lo: interfaces.lo })).toEqual({ loopback: false, hosts: ["localhost"] });
});

test("urlHost puts IPv6 addresses in brackets", () => {
  expect([urlHost("::1"), urlHost("10.0.0.1"), urlHost("localhost")]).toEqual(["[::1]", "10.0.0.1", "localhost"]);
});

test("isOwnAddress knows the addresses of the interfaces", () => {
  expect(["10.0.0.7", "2001:db8::5", "fe80::1%eth0"].map((address) => isOwnAddress(address, interfaces))).toEqual([
    true,
    true,
    true,
  ]);
  expect(["203.0.113.7", "::", ""].map((address) => isOwnAddress(address, interfaces))).toEqual([false, false, false]);
});
