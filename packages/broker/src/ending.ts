import { type ByteStream, encodePacket, type Packet, type ProtocolLevel } from "@mqtt-meet/mqtt";
import type { BrokerEvents, ConnectedClient } from "./broker-core.ts";
import type { ClientLink } from "./client-link.ts";

/** How a connection ends. */
export interface Ending {
  /** "gone": the stream is closed already. "cut": what waits does not matter. */
  readonly how: "gone" | "cut" | "close";
  readonly lastPacket?: Packet | undefined;
  /** Why the broker ends it; undefined: it does not, or ends all. */
  readonly cause?: string | undefined;
  /** Nobody needs to be told of it: the will does not count. */
  readonly isClean?: boolean | undefined;
}

/** Tells the owner of a broker why it ends a connection, or lets none come about. */
export function tellEnding(
  client: ConnectedClient,
  {
    cause,
    wasOpen,
    events,
  }: { readonly cause: string | undefined; readonly wasOpen: boolean; readonly events: BrokerEvents },
): void {
  const { remoteAddress, transport } = client;
  if (cause === undefined) return;
  if (wasOpen) events.onCut?.(client, cause);
  else events.onRefuse?.({ reason: cause, remoteAddress, transport });
}

/** Ends a stream, after what is left to say. `link` is there when the client was let in. */
export function endStream(
  stream: ByteStream,
  { how, lastPacket }: Ending,
  client: { readonly level: ProtocolLevel; readonly link: Pick<ClientLink, "finish" | "mayTake"> | undefined },
): void {
  if (how === "cut") stream.destroy();
  if (how !== "close") return;
  const { level, link } = client;
  link?.finish();
  // 3.1.1 has no such packet from a server.
  if (lastPacket && (level === 5 || lastPacket.type !== "disconnect")) {
    const bytes = encodePacket(lastPacket, level);
    if (!link || link.mayTake(bytes)) stream.send(bytes);
  }
  stream.close();
}
