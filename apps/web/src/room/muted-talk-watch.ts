import { LevelMeter } from "@mqtt-meet/sdk/browser";
import { effect } from "@preact/signals";
import { MutedTalk } from "../model/muted-talk.ts";
import type { LocalDevice } from "./local-device.ts";

const LISTEN_MS = 200;

/** Listens to a microphone that is open but off, and says when somebody talks into it. Nothing runs while it is on. */
export function watchMutedTalk(
  microphone: Pick<LocalDevice, "state" | "track">,
  { onTalk, nowMs }: { readonly onTalk: () => void; readonly nowMs: () => number },
): () => void {
  const talk = new MutedTalk();
  let stop: (() => void) | undefined;
  const dispose = effect(() => {
    const track = microphone.state.value.status === "off" ? microphone.track.value : undefined;
    stop?.();
    stop = track ? listen(track, (level) => talk.hear(level, nowMs()) && onTalk()) : undefined;
  });
  return () => {
    dispose();
    stop?.();
  };
}

function listen(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const meter = new LevelMeter(track);
  const timer = setInterval(() => onLevel(meter.level), LISTEN_MS);
  return () => {
    clearInterval(timer);
    meter.close();
  };
}
