import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { HandshakeGate } from "./handshake-gate.ts";

let port = 0;

/** A connection as far as a gate looks at it. */
function fakeSocket(remoteAddress: string): Socket & { destroyed: boolean } {
  port++;
  const socket = Object.assign(new EventEmitter(), {
    ...{ remoteAddress, remotePort: port, destroyed: false },
    destroy: () => {
      socket.destroyed = true;
      socket.emit("close");
    },
  });
  return socket as unknown as Socket & { destroyed: boolean };
}

const limits = { maxConnections: 3, connects: { perS: 1, burst: 5 } };

test("T-ACL-11: an address has so many handshakes at once, and so many a second; others and this machine do not count (A10)", () => {
  let nowMs = 0;
  const gate = new HandshakeGate({ limits, isExempt: (address) => address === "127.0.0.1", now: () => nowMs });
  const from = (address: string) => {
    const socket = fakeSocket(address);
    return { socket, admitted: gate.admit(socket) };
  };
  const begun = ["a", "a", "a", "a"].map(from);
  expect(begun.map(({ admitted }) => admitted)).toEqual([true, true, true, false]);
  expect(begun.map(({ socket }) => socket.destroyed)).toEqual([false, false, false, true]);
  expect(from("b").admitted).toBe(true);
  for (let count = 0; count < 50; count++) expect(from("127.0.0.1").admitted).toBe(true);
  // One comes to its end, another breaks off: each makes room for one, once.
  gate.decided(begun[0]?.socket ?? fakeSocket("a"));
  begun[0]?.socket.emit("close");
  expect(from("a").admitted).toBe(true);
  begun[1]?.socket.destroy();
  expect(from("a").admitted).toBe(false);
  nowMs = 2_000;
  expect([from("a").admitted, from("a").admitted]).toEqual([true, false]);
});

test("HandshakeGate cuts off at its end who has not come to the end of the handshake", () => {
  const gate = new HandshakeGate({ limits, isExempt: () => false });
  const [done, waiting] = [fakeSocket("a"), fakeSocket("a")];
  gate.admit(done);
  gate.admit(waiting);
  gate.decided(done);
  gate.close();
  expect([done.destroyed, waiting.destroyed]).toEqual([false, true]);
});
