import { expect, test } from "vitest";
import { Reading } from "./reading.ts";

test("a client is read from again when the last reason not to is gone", () => {
  const calls: string[] = [];
  const reading = new Reading({ pause: () => calls.push("pause"), resume: () => calls.push("resume") });
  reading.release("broker");
  reading.hold("rate");
  reading.hold("broker");
  reading.hold("broker");
  reading.release("rate");
  expect(calls).toEqual(["pause"]);
  reading.release("broker");
  expect(calls).toEqual(["pause", "resume"]);
});
