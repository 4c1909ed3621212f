import { expect, test } from "vitest";
import { encodePacket } from "./encode-packet.ts";
import { PacketParser } from "./packet-parser.ts";

test("PacketParser raises the size limit between two packets of one chunk", () => {
  const parser = new PacketParser({ maxPacketBytes: 100, receiver: "server" });
  const connect = encodePacket({ type: "connect", level: 5, clientId: "a", cleanStart: true, keepAliveS: 10 }, 5);
  const publish = encodePacket(
    { type: "publish", topic: "a", payload: new Uint8Array(500), qos: 0, retain: false, dup: false },
    5,
  );
  const types: string[] = [];
  for (const packet of parser.push(new Uint8Array([...connect, ...publish]))) {
    types.push(packet.type);
    parser.maxPacketBytes = 1000;
  }
  expect(types).toEqual(["connect", "publish"]);
  expect(parser.level).toBe(5);
});
