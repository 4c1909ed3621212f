import { type AddressInfo, createServer } from "node:net";
import { encodePacket, PacketParser } from "@mqtt-meet/mqtt";

/** A broker that lets everybody in, and does no more. */
export async function openGreetingBroker(): Promise<Disposable & { port: number }> {
  const server = createServer((socket) => {
    const parser = new PacketParser({ maxPacketBytes: 65_536 });
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      for (const { type } of parser.push(new Uint8Array(chunk))) {
        if (type === "connect")
          socket.write(encodePacket({ type: "connack", sessionPresent: false, reasonCode: 0 }, 5));
        if (type === "disconnect") socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => server.close() };
}
