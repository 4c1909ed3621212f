import type { ConnectedClient } from "@mqtt-meet/broker";
import { ReasonCode } from "@mqtt-meet/mqtt";
import { EXPIRY_LEEWAY_S } from "./token-grant.ts";

type Client = Pick<ConnectedClient, "clientId" | "close">;

/** A token was shown so long ago at most when its connection is let in. */
const ADMISSION_S = 30;

/** Ends connections whose token has expired. The time is an argument, in seconds since the Unix epoch. */
export class TokenSessions {
  /** When the token of a client id that is being let in expires, and when it was shown. */
  readonly #shown = new Map<string, { readonly expiresAtS: number; readonly atS: number }>();
  readonly #open = new Map<Client, number>();

  shown(clientId: string, { expiresAtS, nowS }: { readonly expiresAtS: number; readonly nowS: number }): void {
    this.#shown.set(clientId, { expiresAtS, atS: nowS });
  }

  connected(client: Client): void {
    const shown = this.#shown.get(client.clientId);
    this.#shown.delete(client.clientId);
    if (shown) this.#open.set(client, shown.expiresAtS);
  }

  disconnected(client: Client): void {
    this.#open.delete(client);
  }

  /** Ask about once a second. */
  sweep(nowS: number): void {
    for (const [clientId, { atS }] of this.#shown) if (atS + ADMISSION_S < nowS) this.#shown.delete(clientId);
    for (const [client, expiresAtS] of this.#open) {
      if (nowS >= expiresAtS + EXPIRY_LEEWAY_S) client.close(ReasonCode.notAuthorized);
    }
  }
}
