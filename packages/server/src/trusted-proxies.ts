import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/** What a trusted proxy says of the client that it speaks for. */
export interface Forwarded {
  /** Undefined when it does not say. */
  readonly address: string | undefined;
  /** As the client's browser knows the site. */
  readonly host: string | undefined;
  readonly protocol: "http" | "https" | undefined;
}

/** More entries than any chain of proxies has: the rest was made up. */
const MAX_HOPS = 16;

/** The proxies whose word about clients is taken: by address, or network such as `10.0.0.0/8`. */
export class TrustedProxies {
  readonly #addresses = new BlockList();

  /** Throws RangeError for an entry that is neither. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Whether the other end of a connection is one of them. */
  includes(address: string | undefined): boolean {
    const bare = bareAddress(address);
    const family = isIP(bare);
    return family > 0 && this.#addresses.check(bare, family === 6 ? "ipv6" : "ipv4");
  }

  /** Undefined when `peer`, the other end of the connection, is none of them: then its headers are only its own words. */
  read(peer: string | undefined, headers: IncomingHttpHeaders): Forwarded | undefined {
    if (!this.includes(peer)) return undefined;
    const protocol = last(headers["x-forwarded-proto"])?.toLowerCase();
    return {
      address: this.#clientOf(headers["x-forwarded-for"]),
      host: last(headers["x-forwarded-host"]),
      protocol: protocol === "http" || protocol === "https" ? protocol : undefined,
    };
  }

  /** Each proxy appends whom it was called by: from the end, the first that is none of ours. */
  #clientOf(header: string | string[] | undefined): string | undefined {
    const hops = listOf(header).slice(-MAX_HOPS).map(bareAddress);
    const client = hops.findLast((hop) => !this.includes(hop));
    return client !== undefined && isIP(client) > 0 ? client : undefined;
  }

  #add(entry: string): void {
    const [address = "", bits] = entry.split("/", 2);
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const prefix = Number(bits);
    const isNetwork = bits !== undefined && /^\d{1,3}$/.test(bits) && prefix <= (family === "ipv6" ? 128 : 32);
    if (isIP(address) === 0 || (bits !== undefined && !isNetwork)) {
      throw new RangeError(`${entry} is no address and no network such as 10.0.0.0/8.`);
    }
    if (isNetwork) this.#addresses.addSubnet(address, prefix, family);
    else this.#addresses.addAddress(address, family);
  }
}

/** Without brackets and port, and an IPv4 address that is written as IPv6 as itself. */
function bareAddress(text = ""): string {
  const trimmed = text.trim();
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed) ?? [];
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed) ?? [];
  const bare = bracketed ?? withPort ?? trimmed;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
}

function listOf(header: string | string[] | undefined): string[] {
  return header === undefined ? [] : [header].flat().join(",").split(",");
}

function last(header: string | string[] | undefined): string | undefined {
  return listOf(header).at(-1)?.trim() || undefined;
}
