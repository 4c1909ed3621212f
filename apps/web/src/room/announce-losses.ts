import { effect, type ReadonlySignal } from "@preact/signals";
import type { Dictionary } from "../language/en.ts";
import type { Notices } from "../notices.ts";
import type { LocalDevice } from "./local-device.ts";

/** Whom to tell. */
interface Listeners {
  readonly notices: Notices;
  readonly text: ReadonlySignal<Dictionary>;
}

/** Tells of a device that is pulled out in the middle of a meeting, until the returned function is called. */
export function announceLosses(devices: readonly LocalDevice[], { notices, text }: Listeners): () => void {
  const disposals = devices.map((device) =>
    effect(() => {
      const state = device.state.value;
      if (state.status !== "problem") return;
      notices.say(text.peek().problems[device.kind][state.problem]);
      // A voice goes on with the system's microphone; another camera might show what nobody meant to show.
      const isVoiceLost = device.kind === "microphone" && state.problem === "device-lost";
      if (isVoiceLost) queueMicrotask(() => void fallBack(device, { notices, text }));
    }),
  );
  return () => {
    for (const dispose of disposals) dispose();
  };
}

async function fallBack(microphone: LocalDevice, { notices, text }: Listeners): Promise<void> {
  await microphone.choose("");
  if (microphone.state.peek().status === "on") notices.say(text.peek().meeting.fellBack);
}
