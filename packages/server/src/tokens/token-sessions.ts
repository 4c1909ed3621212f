import type { ConnectedClient } from "@mqtt-meet/broker";
import { ReasonCode } from "@mqtt-meet/mqtt";
import { EXPIRY_LEEWAY_S } from "./token-grant.ts";

type Client = Pick<ConnectedClient, "clientId" | "identity" | "close">;

/** What somebody was let in with. */
export interface ShownTicket {
  /** The same for all that belongs together when somebody is removed: one peer's tokens, or one invitation. */
  readonly ticket: string;
  /** Who came with it, as the broker names it: `<room>/<peer>`. */
  readonly identity: string;
  readonly expiresAtS: number;
}

/** A token was shown so long ago at most when its connection is let in. */
const ADMISSION_S = 30;

/** When more tickets than this are known or removed, the oldest are forgotten: only a signed one ever gets here. */
const MAX_TICKETS = 10_000;

/**
 * Ends connections whose token has expired, and those of who was removed, and knows who must not come back. The time is
 * an argument, in seconds since the Unix epoch.
 */
export class TokenSessions {
  /** What a client id that is being let in has shown, and when. */
  readonly #shown = new Map<string, ShownTicket & { readonly atS: number }>();
  readonly #open = new Map<Client, ShownTicket>();
  /** What each identity came with last, also when it is away for a moment. */
  readonly #tickets = new Map<string, ShownTicket>();
  readonly #removed = new Map<string, true>();

  shown(clientId: string, shown: ShownTicket, nowS: number): void {
    this.#shown.set(clientId, { ...shown, atS: nowS });
    this.#tickets.delete(shown.identity);
    this.#tickets.set(shown.identity, shown);
    dropOldest(this.#tickets);
  }

  isRemoved(ticket: string): boolean {
    return this.#removed.has(ticket);
  }

  connected(client: Client): void {
    const shown = this.#shown.get(client.clientId);
    this.#shown.delete(client.clientId);
    if (!shown) return;
    this.#open.set(client, shown);
    // It was removed between showing its token and being let in.
    if (this.isRemoved(shown.ticket)) client.close(ReasonCode.administrativeAction);
  }

  disconnected(client: Client): void {
    this.#open.delete(client);
  }

  /** Cuts everybody off who came with what `identity` came with, and keeps them out. */
  remove(identity: string): void {
    const found = this.#tickets.get(identity);
    if (!found) return;
    const { ticket } = found;
    this.#removed.set(ticket, true);
    dropOldest(this.#removed);
    for (const [client, shown] of [...this.#open]) {
      if (shown.ticket === ticket) client.close(ReasonCode.administrativeAction);
    }
  }

  /** Ask about once a second. */
  sweep(nowS: number): void {
    for (const [clientId, { atS }] of this.#shown) if (atS + ADMISSION_S < nowS) this.#shown.delete(clientId);
    for (const [client, { expiresAtS }] of [...this.#open]) {
      if (nowS >= expiresAtS + EXPIRY_LEEWAY_S) client.close(ReasonCode.notAuthorized);
    }
    for (const [identity, { expiresAtS }] of this.#tickets) {
      if (nowS >= expiresAtS + EXPIRY_LEEWAY_S) this.#tickets.delete(identity);
    }
  }
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size <= MAX_TICKETS) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
