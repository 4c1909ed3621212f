import { expect, test } from "vitest";
import { deviceError, listDevices, openCamera, openMicrophone } from "./devices.ts";
import { LevelMeter } from "./level-meter.ts";

test("devices are listed by what they are", async () => {
  const devices = await listDevices();
  expect(new Set(devices.map(({ kind }) => kind))).toEqual(new Set(["camera", "microphone", "speaker"]));
});

test("a camera is opened in the size that was asked for", async () => {
  const track = await openCamera({ widthPx: 320, heightPx: 180, frameRate: 15 });
  expect(track.getSettings()).toMatchObject({ width: 320, height: 180 });
  track.stop();
});

test("a device that is not there is missing", async () => {
  const deviceId = "0".repeat(64);
  await expect(openCamera({ deviceId })).rejects.toMatchObject({ code: "device-missing" });
  await expect(openMicrophone({ deviceId })).rejects.toMatchObject({ code: "device-missing" });
});

test.each([
  ["NotAllowedError", "permission-denied"],
  ["SecurityError", "permission-denied"],
  ["NotFoundError", "device-missing"],
  ["OverconstrainedError", "device-missing"],
  ["NotReadableError", "device-busy"],
  ["AbortError", "device-busy"],
])("%s of the browser is %s", (name, code) => {
  const cause = new DOMException("No.", name);
  expect(deviceError(cause, "camera")).toMatchObject({ code, cause });
});

test("LevelMeter hears the microphone", async () => {
  const track = await openMicrophone();
  const meter = new LevelMeter(track);
  await expect.poll(() => meter.level, { timeout: 5_000 }).toBeGreaterThan(0.1);
  meter.close();
  meter.close();
  track.stop();
});
