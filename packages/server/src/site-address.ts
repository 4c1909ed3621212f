import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Where the pages are served, as people and certificates name it. */
export interface SiteAddress {
  /** Only this machine can reach it: plain HTTP then, which browsers trust there. */
  readonly loopback: boolean;
  /** Host names and addresses by which the server can be reached, the one for links first. */
  readonly hosts: readonly string[];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");
LOOPBACK.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** Whether `host`, without brackets, names this machine and cannot name another. */
export function isLoopbackHost(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === "localhost";
  return LOOPBACK.check(host, family === 6 ? "ipv6" : "ipv4");
}

/** How a server that listens on `host` can be reached. */
export function siteAddress(host: string, interfaces = networkInterfaces()): SiteAddress {
  if (isLoopbackHost(host)) {
    const isUsual = host === "127.0.0.1" || host === "localhost";
    return { loopback: true, hosts: [isUsual ? "localhost" : host] };
  }
  if (host !== "0.0.0.0" && host !== "::") return { loopback: false, hosts: [host] };
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const ofFamily = (family: string) =>
    addresses.filter((entry) => entry.family === family).map(({ address }) => address);
  const hosts = host === "::" ? [...ofFamily("IPv4"), ...ofFamily("IPv6")] : ofFamily("IPv4");
  return { loopback: false, hosts: [...new Set([...hosts, "localhost"])] };
}

/** Whether one of this machine's network interfaces has `address`. */
export function isOwnAddress(address: string, interfaces = networkInterfaces()): boolean {
  const [bare] = address.split("%"); // without the name of an interface
  return Object.values(interfaces).some((list) => list?.some((entry) => entry.address === bare));
}

/** `host` as it stands in a URL. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
