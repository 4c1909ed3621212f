import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { DeviceState } from "./local-device.ts";
import { PushToTalk } from "./push-to-talk.ts";

function fakeMicrophone(status: "on" | "off") {
  const state = signal<DeviceState>({ status });
  return {
    state,
    turnOn: async () => {
      state.value = { status: "on" };
    },
    turnOff: () => {
      state.value = { status: "off" };
    },
  };
}

test("PushToTalk turns the microphone on while the key is held", () => {
  const microphone = fakeMicrophone("off");
  const talk = new PushToTalk(microphone);
  talk.press();
  talk.press();
  expect(microphone.state.value.status).toBe("on");
  talk.release();
  expect(microphone.state.value.status).toBe("off");
});

test("PushToTalk leaves a microphone on that was on before", () => {
  const microphone = fakeMicrophone("on");
  const talk = new PushToTalk(microphone);
  talk.press();
  talk.release();
  expect(microphone.state.value.status).toBe("on");
});
