import type { ByteStream } from "@mqtt-meet/mqtt";
import type { BrokerCore } from "./broker-core.ts";
import type { ConnectionInfo } from "./grant.ts";

/** What a connection that may come in is counted under. */
export interface Entered {
  /** Undefined for a local one, which is not counted. */
  readonly address: string | undefined;
}

/**
 * Whether one more connection may come: undefined, counted and cut off where there are too many, of all or of its
 * address. `isFull`: of all. An address that entered has to leave {@link BrokerCore.addresses} at the end.
 */
export function enter(
  { counters, addresses, events, now }: Pick<BrokerCore, "counters" | "addresses" | "events" | "now">,
  connection: { readonly stream: ByteStream; readonly info: ConnectionInfo; readonly isFull: boolean },
): Entered | undefined {
  const { stream, info, isFull } = connection;
  const address = info.local ? undefined : (info.remoteAddress ?? stream.remoteAddress);
  const isTooMuch = !isFull && address !== undefined && !addresses.enter(address, now());
  if (!isFull && !isTooMuch) return { address };
  if (isTooMuch) counters.addressesRefused++;
  counters.connectionsRefused++;
  const remoteAddress = info.remoteAddress ?? stream.remoteAddress;
  events.onRefuse?.({ reason: isFull ? "full" : "address-limit", remoteAddress, transport: stream.transport });
  stream.destroy();
  return undefined;
}
