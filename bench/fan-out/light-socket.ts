import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Transport } from "./traffic.ts";

/** Subscribers that only count read into one buffer. */
const READ_BYTES = 256 * 1024;
const shared = Buffer.alloc(READ_BYTES);

const UPGRADE = [
  "GET /mqtt HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
  "Sec-WebSocket-Protocol: mqtt",
  "",
  "",
].join("\r\n");

/** A connection that costs as little as it can, so that the broker is what is measured. */
export interface LightSocket {
  readonly socket: Socket;
  /** Bytes that came, with the frame headers of a WebSocket. */
  receivedBytes(): number;
}

/** Connects, over WebSocket with the upgrade done. `onBytes` is shown every chunk, which is valid during the call only. */
export async function openLightSocket(
  port: number,
  transport: Transport,
  onBytes?: (chunk: Uint8Array) => void,
): Promise<LightSocket> {
  let received = 0;
  const callback = (size: number, buffer: Uint8Array) => {
    received += size;
    onBytes?.(buffer.subarray(0, size));
    return true;
  };
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, onread: { buffer: shared, callback } });
  await once(socket, "connect");
  if (transport === "websocket") {
    socket.write(UPGRADE);
    while (received === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 2));
    received = 0;
  }
  return { socket, receivedBytes: () => received };
}

/** A packet as a client sends it. A mask of zeros changes nothing, so masking costs nothing either. */
export function clientFrame(packet: Uint8Array, transport: Transport): Buffer {
  if (transport === "tcp") return Buffer.from(packet);
  const size = packet.length;
  const header = Buffer.alloc(size < 126 ? 6 : 8);
  header[0] = 0x82;
  header[1] = 0x80 | Math.min(size, 126);
  if (size >= 126) header.writeUInt16BE(size, 2);
  return Buffer.concat([header, packet]);
}

/** What a packet takes on its way to a client that gets it as one frame. */
export function serverFrameBytes(packetBytes: number, transport: Transport): number {
  if (transport === "tcp") return packetBytes;
  return packetBytes + (packetBytes < 126 ? 2 : 4);
}
