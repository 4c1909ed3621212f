import { PassThrough } from "node:stream";
import { inflateSync } from "node:zlib";
import { BufferPicture } from "@mqtt-meet/media/node";
import { expect, test } from "vitest";
import type { CommandIo } from "../command-io.ts";
import { halfBlocks } from "./half-blocks.ts";
import { kittyPicture } from "./kitty-graphics.ts";
import { PictureBoard } from "./picture-board.ts";
import { RgbCanvas } from "./rgb-canvas.ts";
import { TerminalSink } from "./terminal-sink.ts";
import { y4mSink } from "./y4m-sink.ts";

const grey = (value: number, widthPx = 64, heightPx = 36) => {
  const data = new Uint8Array(widthPx * heightPx * 1.5).fill(128).fill(value, 0, widthPx * heightPx);
  return new BufferPicture(data, { timestamp: 0, widthPx, heightPx, fullRange: true });
};

function canvasOf(rows: readonly (readonly (readonly [number, number, number])[])[]): RgbCanvas {
  const canvas = new RgbCanvas({ widthPx: rows[0]?.length ?? 0, heightPx: rows.length });
  canvas.rgb.set(rows.flat(2));
  return canvas;
}

test("halfBlocks: two pixels a cell, neighbours of one colour share their codes", () => {
  const red = [255, 0, 0] as const;
  const blue = [0, 0, 255] as const;
  const canvas = canvasOf([
    [red, red, blue],
    [blue, blue, blue],
  ]);
  expect(halfBlocks(canvas, "truecolor")).toBe(
    "\x1b[H\x1b[38;2;255;0;0;48;2;0;0;255m▀▀\x1b[38;2;0;0;255;48;2;0;0;255m▀\x1b[0m",
  );
  expect(halfBlocks(canvas, "256")).toContain("\x1b[38;5;196;48;5;21m▀▀");
});

test("kittyPicture: all pixels arrive, in pieces the protocol allows", () => {
  const canvas = new RgbCanvas({ widthPx: 100, heightPx: 60 });
  let noise = 1;
  for (const i of canvas.rgb.keys()) {
    noise = (noise * 1_103_515_245 + 12_345) % 2 ** 31;
    canvas.rgb[i] = noise >> 16;
  }
  const text = kittyPicture(canvas, { columns: 20, rows: 6 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the protocol is made of.
  const pieces = [...text.matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.every(([, , data]) => (data?.length ?? 0) <= 4_096)).toBe(true);
  expect(pieces[0]?.[1]).toBe("a=T,f=24,o=z,s=100,v=60,c=20,r=6,z=-1,C=1,i=1,p=1,q=2,m=1");
  expect(pieces.at(-1)?.[1]).toBe("m=0");
  const data = Buffer.from(pieces.map(([, , part]) => part).join(""), "base64");
  expect(inflateSync(data)).toEqual(Buffer.from(canvas.rgb));
});

function terminal(env: NodeJS.ProcessEnv = { COLORTERM: "truecolor" }) {
  const stdout = Object.assign(new PassThrough({ highWaterMark: 1 << 24 }), { isTTY: true, columns: 32, rows: 10 });
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  const events: string[] = [];
  let nowMs = 0;
  const sink = new TerminalSink({ stdin, stdout, env } as unknown as CommandIo, {
    events: { onToggle: () => events.push("toggle"), onQuit: () => events.push("quit") },
    nowMs: () => nowMs,
  });
  return {
    sink,
    stdout,
    stdin,
    events,
    raw,
    pass: (ms: number) => {
      nowMs += ms;
    },
    written: () => String(stdout.read() ?? ""),
  };
}

test("TerminalSink: draws as many rows as there are, the frame rate upper left, the status below", () => {
  const { sink, written, pass } = terminal();
  sink.setText("a", "FPS: 30.00");
  sink.setStatus("all is well");
  written();
  pass(100);
  sink.show("a", grey(200));
  const frame = written();
  expect(frame.startsWith("\x1b[2J\x1b[?2026h\x1b[H")).toBe(true);
  expect(frame.match(/\r\n/g)).toHaveLength(8);
  expect(frame).toContain("48;2;200;200;200m");
  expect(frame).toContain("\x1b[1;2H\x1b[0;1;32;40m FPS: 30.00 ");
  expect(frame).toContain("\x1b[10;1H\x1b[0m\x1b[Kall is well");
  sink.close();
});

test("TerminalSink: at most 25 pictures a second, none while the terminal is behind, a new size clears it", () => {
  const { sink, stdout, written, pass } = terminal();
  sink.show("a", grey(1));
  written();
  pass(10);
  sink.show("a", grey(2));
  expect(written()).toBe("");
  pass(40);
  Object.assign(stdout, { columns: 40 });
  sink.show("a", grey(3));
  expect(written()).toContain("\x1b[2J");
  Object.defineProperty(stdout, "writableNeedDrain", { value: true });
  pass(100);
  sink.show("a", grey(4));
  expect(written()).toBe("");
});

test("TerminalSink: several people side by side, and kitty's pictures where the terminal has them", () => {
  const { sink, written, pass } = terminal({ TERM: "xterm-kitty" });
  sink.show("a", grey(250));
  pass(100);
  sink.show("b", grey(10));
  expect(written()).toContain("\x1b_Ga=T,f=24,o=z,s=256,v=144,c=32,r=9");
  sink.close();
  expect(written()).toContain("\x1b_Ga=d,d=A");
});

test("TerminalSink: keys, and the terminal is put back as it was", () => {
  const { sink, stdin, events, raw, written } = terminal();
  for (const key of ["f", "F", "x", "q", "\x1b", "\x03"]) stdin.emit("data", Buffer.from(key));
  expect(events).toEqual(["toggle", "toggle", "quit", "quit", "quit"]);
  sink.close();
  sink.close();
  expect(raw).toEqual([true, false]);
  expect(written()).toMatch(/\[\?1049h.*\[\?25h.*\[\?1049l$/s);
});

test("PictureBoard: writes the rate of the last second, F hides and shows it, every picture is closed", () => {
  const texts: string[] = [];
  let nowMs = 0;
  const sink = {
    single: false,
    audible: false,
    show() {},
    setText: (key: string, text: string) => texts.push(`${key}=${text}`),
    remove: (key: string) => texts.push(`${key} gone`),
    close() {},
  };
  const board = new PictureBoard(sink, { nowMs: () => nowMs });
  const picture = grey(0);
  for (let i = 0; i < 25; i++) board.show("k", i === 0 ? picture : grey(0), { label: "Ann", frameRate: 25 });
  expect(() => picture.planes()).toThrow(TypeError);
  nowMs = 1_000;
  board.tick();
  board.toggle();
  nowMs = 2_000;
  board.tick();
  board.toggle();
  board.remove("k");
  board.remove("k");
  expect(texts).toEqual(["k=FPS: 25.00 Ann", "k=", "k=", "k gone"]);
});

test("y4mSink: the first key only, and nothing more while the reader is behind", () => {
  const stdout = new PassThrough();
  const sink = y4mSink(stdout as unknown as NodeJS.WriteStream);
  const info = { frameRate: 25 };
  sink.show("a", grey(1), info);
  sink.show("b", grey(2), info);
  const length = stdout.readableLength;
  expect(stdout.read().toString("latin1", 0, 40)).toMatch(/^YUV4MPEG2 W64 H36 F25000:1000 /);
  stdout.cork();
  for (let i = 0; i < 10; i++) sink.show("a", grey(3), info);
  expect(stdout.writableLength).toBeLessThan(length * 4);
  sink.remove("a");
  stdout.uncork();
});
