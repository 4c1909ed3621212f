import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encodePacket, type Packet, PacketParser } from "@mqtt-meet/mqtt";
import { WebSocketServer } from "ws";

/** Lets everybody in over WebSocket and looks at how their PUBLISH packets arrive. */
export interface StubBroker extends Disposable {
  readonly url: string;
  /** When each WebSocket message came that held anything of a PUBLISH, and how many PUBLISH packets have come whole. */
  readonly frameTimes: number[];
  readonly published: () => number;
}

/** Starts a broker that answers CONNECT and PINGREQ only. */
export async function startStubBroker(): Promise<StubBroker> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const frameTimes: number[] = [];
  let published = 0;
  sockets.on("connection", (socket) => {
    const parser = new PacketParser({ maxPacketBytes: 1 << 20, receiver: "server" });
    const reply = (packet: Packet) => socket.send(encodePacket(packet, parser.level ?? 5));
    socket.on("message", (data: Buffer) => {
      const packets = [...parser.push(new Uint8Array(data))];
      if (packets.every(({ type }) => type === "publish")) frameTimes.push(performance.now());
      published += packets.filter(({ type }) => type === "publish").length;
      if (packets.some(({ type }) => type === "connect"))
        reply({ type: "connack", sessionPresent: false, reasonCode: 0 });
      if (packets.some(({ type }) => type === "pingreq")) reply({ type: "pingresp" });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/mqtt`,
    frameTimes,
    published: () => published,
    [Symbol.dispose]: () => {
      for (const socket of sockets.clients) socket.terminate();
      http.close();
    },
  };
}
