import { expect, test } from "vitest";
import { OwnEcho } from "./own-echo.ts";

/** Heartbeats every 5 s, checks four times a second; `echoes` says which heartbeats come back, at once. */
function lostAtS(
  echo: OwnEcho,
  options: { from: number; to: number; echoes: (heartbeat: number) => boolean },
): number[] {
  const times: number[] = [];
  for (let nowMs = options.from * 1000; nowMs < options.to * 1000; nowMs += 250) {
    const said = Math.floor(nowMs / 5_000) + 1;
    if (nowMs % 5_000 === 0 && options.echoes(said)) echo.hear(said);
    if (echo.isLost(said, nowMs)) times.push(nowMs / 1000);
  }
  return times;
}

test("who hears its own heartbeats is not lost, nor who misses one", () => {
  expect(lostAtS(new OwnEcho(), { from: 0, to: 300, echoes: () => true })).toEqual([]);
  expect(lostAtS(new OwnEcho(), { from: 0, to: 300, echoes: (heartbeat) => heartbeat % 2 === 1 })).toEqual([]);
});

test("two heartbeats that do not come back are a lost subscription, and later ones are waited for longer", () => {
  const echo = new OwnEcho();
  lostAtS(echo, { from: 0, to: 20, echoes: () => true });
  expect(lostAtS(echo, { from: 20, to: 200, echoes: () => false })).toEqual([30, 50.25, 90.5, 170.75]);
  expect(lostAtS(echo, { from: 200, to: 300, echoes: () => true })).toEqual([]);
  expect(lostAtS(echo, { from: 300, to: 320, echoes: () => false })).toEqual([310]);
});

test("on a broker that never sent an echo none is missed", () => {
  expect(lostAtS(new OwnEcho(), { from: 0, to: 300, echoes: () => false })).toEqual([]);
});

test("a machine that stood still, or a new connection, begins to wait anew", () => {
  const echo = new OwnEcho();
  lostAtS(echo, { from: 0, to: 10, echoes: () => true });
  expect(lostAtS(echo, { from: 10, to: 19, echoes: () => false })).toEqual([]);
  expect(lostAtS(echo, { from: 3_600, to: 3_605, echoes: () => false })).toEqual([]);
  echo.restart();
  expect(lostAtS(echo, { from: 3_605, to: 3_614, echoes: () => false })).toEqual([]);
});
