import { expect, test } from "vitest";
import { stateFolder } from "./state-folder.ts";

test("stateFolder is where each system keeps such things", () => {
  expect(stateFolder({ HOME: "/home/ada" }, "linux")).toBe("/home/ada/.local/state/mqtt-meet");
  expect(stateFolder({ HOME: "/home/ada", XDG_STATE_HOME: "/state" }, "linux")).toBe("/state/mqtt-meet");
  expect(stateFolder({ HOME: "/home/ada", XDG_STATE_HOME: "" }, "linux")).toBe("/home/ada/.local/state/mqtt-meet");
  expect(stateFolder({ HOME: "/Users/ada" }, "darwin")).toBe("/Users/ada/Library/Application Support/mqtt-meet");
  expect(stateFolder({ LOCALAPPDATA: "/local" }, "win32")).toBe("/local/mqtt-meet");
});
