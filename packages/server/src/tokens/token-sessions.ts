import type { ConnectedClient } from "@mqtt-meet/broker";
import { ReasonCode } from "@mqtt-meet/mqtt";
import { setBounded } from "./set-bounded.ts";
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
export class TokenSessions<Ticket extends ShownTicket = ShownTicket> {
  /** What a client id that is being let in has shown, and when. */
  readonly #shown = new Map<string, { readonly shown: Ticket; readonly atS: number }>();
  readonly #open = new Map<Client, Ticket>();
  /** What each identity came with last, also when it is away for a moment. */
  readonly #tickets = new Map<string, Ticket>();
  readonly #removed = new Map<string, true>();

  shown(clientId: string, shown: Ticket, nowS: number): void {
    this.#shown.set(clientId, { shown, atS: nowS });
    setBounded(this.#tickets, [shown.identity, shown], MAX_TICKETS);
  }

  isRemoved(ticket: string): boolean {
    return this.#removed.has(ticket);
  }

  /** Returns what the client was let in with; undefined where it came without, or has to go at once. */
  connected(client: Client): Ticket | undefined {
    const shown = this.#shown.get(client.clientId)?.shown;
    this.#shown.delete(client.clientId);
    if (!shown) return undefined;
    this.#open.set(client, shown);
    if (!this.isRemoved(shown.ticket)) return shown;
    // It was removed between showing its token and being let in.
    client.close(ReasonCode.administrativeAction);
    return undefined;
  }

  /** Returns what the client was let in with. */
  disconnected(client: Client): Ticket | undefined {
    const shown = this.#open.get(client);
    this.#open.delete(client);
    return shown;
  }

  /** Cuts everybody off who came with what `identity` came with, and keeps them out. */
  remove(identity: string): void {
    const found = this.#tickets.get(identity);
    if (!found) return;
    const { ticket } = found;
    setBounded(this.#removed, [ticket, true], MAX_TICKETS);
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
