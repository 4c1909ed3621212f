import type { Socket } from "node:net";
import { AddressLimits, type PerAddressLimits } from "./address-limits.ts";

/**
 * Handshakes of one address: each takes about a millisecond of a processor before anybody has said who it is. An office
 * behind one address that loads a page at once stays within the burst.
 */
export const HANDSHAKES: Omit<PerAddressLimits, "failures"> = {
  maxConnections: 128,
  connects: { perS: 20, burst: 512 },
};

/** How a {@link HandshakeGate} counts. */
export interface HandshakeGateOptions {
  /** Of one address, `maxConnections` at once. Default: {@link HANDSHAKES}. */
  readonly limits?: Omit<PerAddressLimits, "failures"> | undefined;
  /** Who is not counted: this machine, and proxies that speak for many. */
  readonly isExempt: (address: string | undefined) => boolean;
  /** Monotonic, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/** Quiet addresses are forgotten after so many handshakes of anybody. */
const SWEEP_EVERY = 1_000;

/** Nobody fails here: who is wrong is found out later. */
const NO_FAILURES = { perS: 1, burst: 1 };

/** Lets connections begin the handshake of TLS, and knows which have not come to its end: nobody else does. */
export class HandshakeGate {
  readonly #isExempt: HandshakeGateOptions["isExempt"];
  readonly #now: () => number;
  readonly #addresses: AddressLimits;
  /** By where they come from: what ends the waiting of each, and its socket. */
  readonly #undecided = new Map<string, { readonly socket: Socket; readonly leave: () => void }>();
  #count = 0;

  constructor({ limits = HANDSHAKES, isExempt, now = () => performance.now() }: HandshakeGateOptions) {
    this.#isExempt = isExempt;
    this.#now = now;
    this.#addresses = new AddressLimits({ ...limits, failures: NO_FAILURES });
  }

  /** Whether the handshake may begin; otherwise the connection is cut. */
  admit(socket: Socket): boolean {
    const { remoteAddress: address } = socket;
    const isCounted = address !== undefined && !this.#isExempt(address);
    const nowMs = this.#now();
    this.#count++;
    if (this.#count % SWEEP_EVERY === 0) this.#addresses.sweep(nowMs);
    if (isCounted && !this.#addresses.enter(address, nowMs)) {
      socket.destroy();
      return false;
    }
    const name = nameOf(socket);
    const entry = {
      socket,
      leave: () => {
        if (this.#undecided.get(name) !== entry) return;
        this.#undecided.delete(name);
        if (isCounted) this.#addresses.leave(address);
      },
    };
    this.#undecided.set(name, entry);
    socket.once("close", entry.leave);
    return true;
  }

  /** The handshake of the connection from there is over. */
  decided(peer: Peer): void {
    this.#undecided.get(nameOf(peer))?.leave();
  }

  /** Cuts off who has not come to the end of the handshake. */
  close(): void {
    for (const { socket } of [...this.#undecided.values()]) socket.destroy();
  }
}

/** The TLS socket and the one below it have this in common. */
function nameOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
