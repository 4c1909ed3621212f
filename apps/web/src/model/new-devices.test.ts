import type { Device } from "@mqtt-meet/sdk/browser";
import { expect, test } from "vitest";
import { newDevices } from "./new-devices.ts";

const device = (kind: Device["kind"], id: string): Device => ({ kind, id, label: `${kind} ${id}` });

test("newDevices names what was plugged in, and not what was there or is gone", () => {
  const before = [device("microphone", "a"), device("camera", "a"), device("microphone", "gone")];
  const now = [device("microphone", "a"), device("microphone", "b"), device("camera", "a")];
  expect(newDevices(before, now)).toEqual([device("microphone", "b")]);
});

test("newDevices takes a permission for no new device", () => {
  expect(newDevices([{ kind: "camera", id: "", label: "" }], [device("camera", "a")])).toEqual([]);
  expect(newDevices([], [device("speaker", "a")])).toEqual([]);
});
