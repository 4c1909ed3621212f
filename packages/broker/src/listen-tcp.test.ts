import { once } from "node:events";
import { connect } from "node:net";
import { encodePacket } from "@mqtt-meet/mqtt";
import { expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { ListenError } from "./listen-error.ts";
import { isLoopback, listenTcp } from "./listen-tcp.ts";
import { connectPacket } from "./testing/raw-client.ts";

test("listenTcp takes connections until it is closed, and the broker closes those that are open", async () => {
  using broker = new Broker();
  await using listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(encodePacket(connectPacket(4), 4));
  const [connack] = (await once(socket, "data")) as [Buffer];
  expect([...connack]).toEqual([0x20, 2, 0, 0]);
  const closing = listener.close();
  broker.close();
  await once(socket, "close");
  await closing;
  const late = connect(listener.port, "127.0.0.1");
  const [error] = (await once(late, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
});

test("listenTcp says in a sentence which port is in use, and which address is not there", async () => {
  using broker = new Broker();
  await using listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
  const { port } = listener;
  const failure = await listenTcp(broker, { host: "127.0.0.1", port }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ListenError);
  expect(failure).toMatchObject({
    code: "address-in-use",
    message: `MQTT cannot listen on 127.0.0.1:${port}: another program uses this port.`,
  });
  await expect(listenTcp(broker, { host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
    code: "address-not-available",
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.127.0", false],
  ["1127.0.0.1", false],
])("isLoopback(%s) is %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
