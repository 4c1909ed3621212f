import { MalformedPacketError, PacketParser } from "@mqtt-meet/mqtt";
import mqttPacket from "mqtt-packet";

const MEBIBYTE = 1 << 20;
const CHUNKS = 40;

/** How many bytes a parser holds for a CONNECT that announces 256 MB, after 40 MiB of it and before any authentication. */
export function heldBeforeAuthentication(): { oursBytes: number; peerBytes: number } {
  return {
    oursBytes: held((chunk) => {
      const parser = new PacketParser({ maxPacketBytes: 16 * 1024, receiver: "server" });
      return () => {
        try {
          for (const _ of parser.push(chunk()));
        } catch (error) {
          if (!(error instanceof MalformedPacketError)) throw error;
        }
        return parser;
      };
    }),
    peerBytes: held((chunk) => {
      const parser = mqttPacket.parser();
      return () => {
        parser.parse(Buffer.from(chunk().buffer));
        return parser;
      };
    }),
  };
}

function held(open: (chunk: () => Uint8Array) => () => unknown): number {
  let first = true;
  const feed = open(() => {
    const chunk = new Uint8Array(MEBIBYTE);
    if (first) chunk.set([0x10, 0xff, 0xff, 0xff, 0x7f]);
    first = false;
    return chunk;
  });
  globalThis.gc?.();
  const before = process.memoryUsage().arrayBuffers;
  let parser: unknown;
  for (let index = 0; index < CHUNKS; index++) parser = feed();
  globalThis.gc?.();
  const after = process.memoryUsage().arrayBuffers;
  return parser ? Math.max(0, after - before) : 0;
}
