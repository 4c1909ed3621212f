import { expect, test } from "vitest";
import type { PcmBlock } from "../../codec.ts";
import type { SdlLibrary } from "./sdl-library.ts";
import { openSdlSpeaker } from "./sdl-speaker.ts";

/** An SDL whose device plays when told to. */
function fakeSdl(options: { readonly device: number }) {
  let queued = 0;
  const calls: string[] = [];
  const library: Partial<SdlLibrary> = {
    InitSubSystem: () => 0,
    QuitSubSystem: () => calls.push("quit"),
    GetError: () => "no device",
    OpenAudioDevice: (_name, _capture, wanted) => {
      const spec = new DataView(wanted.buffer, wanted.byteOffset);
      calls.push(`open ${spec.getInt32(0, true)} ${spec.getUint8(6)}`);
      return options.device;
    },
    PauseAudioDevice: () => {},
    CloseAudioDevice: () => calls.push("close"),
    GetQueuedAudioSize: () => queued,
    QueueAudio: (_device, _samples, bytes) => {
      queued += bytes;
      return 0;
    },
  };
  return {
    sdl: library as SdlLibrary,
    calls,
    queuedMs: () => queued / 384,
    play: (ms: number) => {
      queued = Math.max(0, queued - ms * 384);
    },
  };
}

const block = (): PcmBlock => ({ timestampUs: 0, sampleRate: 48_000, channels: 1, samples: new Float32Array(960) });

test("the speaker keeps 20 to 40 ms queued while blocks come every 20 ms, whoever speaks", () => {
  const { sdl, calls, queuedMs, play } = fakeSdl({ device: 2 });
  const speaker = openSdlSpeaker(sdl);
  expect(calls).toEqual(["open 48000 2"]);
  for (let i = 0; i < 200; i++) {
    speaker.write("ann", block());
    speaker.write("bob", block());
    expect(queuedMs()).toBeGreaterThanOrEqual(20);
    expect(queuedMs()).toBeLessThanOrEqual(50);
    play(20);
  }
  speaker.close();
  speaker.close();
  speaker.write("ann", block());
  expect(calls).toEqual(["open 48000 2", "close", "quit"]);
});

test("a machine without a speaker is told in one sentence", () => {
  const { sdl, calls } = fakeSdl({ device: 0 });
  expect(() => openSdlSpeaker(sdl)).toThrow("No speaker can be opened: no device.");
  expect(calls).toContain("quit");
});
