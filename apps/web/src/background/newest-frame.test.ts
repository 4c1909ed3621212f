import { expect, test } from "vitest";
import { NewestFrame } from "./newest-frame.ts";

class Frame {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

test("NewestFrame keeps the newest, closes those that it replaces, and nothing after its end", async () => {
  const frames = new NewestFrame<Frame>();
  const [a, b, c, d, e] = [new Frame(), new Frame(), new Frame(), new Frame(), new Frame()];
  frames.push(a);
  frames.push(b);
  expect([await frames.take(), a.closed, b.closed]).toEqual([b, true, false]);
  const waiting = frames.take();
  frames.push(c);
  expect(await waiting).toBe(c);
  frames.push(d);
  frames.end();
  frames.push(e);
  expect([await frames.take(), c.closed, d.closed, e.closed]).toEqual([undefined, false, true, true]);
});

test("NewestFrame ends a wait", async () => {
  const frames = new NewestFrame<Frame>();
  const waiting = frames.take();
  frames.end();
  expect(await waiting).toBeUndefined();
});
