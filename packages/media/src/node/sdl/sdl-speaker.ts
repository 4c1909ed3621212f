import type { PcmBlock } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { PcmMixer } from "../pcm-mixer.ts";
import type { SdlLibrary } from "./sdl-library.ts";

const INIT_AUDIO = 0x10;
const SAMPLE_RATE = 48_000;
const BYTES_PER_MS = (SAMPLE_RATE / 1000) * 2 * 4;
const FORMAT_F32 = 0x8120;
const SPEC_BYTES = 32;
/** What the device takes at once: 10 ms. */
const DEVICE_SAMPLES = 512;
const CHUNK_MS = 10;
/** Kept in the device's queue: the blocks come every 20 ms, a little late now and then. */
const TARGET_QUEUE_MS = 40;

/** Plays the sound of several people. */
export interface Speaker {
  /** Plays a block after what was written before under the same key. */
  write(key: string, block: PcmBlock): void;
  remove(key: string): void;
  close(): void;
}

/** Opens the default device of SDL. Throws `MediaError` "device-missing" where there is none. */
export function openSdlSpeaker(sdl: SdlLibrary): Speaker {
  if (sdl.InitSubSystem(INIT_AUDIO) !== 0) throw noSpeaker(sdl);
  const wanted = new DataView(new ArrayBuffer(SPEC_BYTES));
  wanted.setInt32(0, SAMPLE_RATE, true);
  wanted.setUint16(4, FORMAT_F32, true);
  wanted.setUint8(6, 2);
  wanted.setUint16(8, DEVICE_SAMPLES, true);
  const device = sdl.OpenAudioDevice(null, 0, new Uint8Array(wanted.buffer), new Uint8Array(SPEC_BYTES), 0);
  if (device === 0) {
    const error = noSpeaker(sdl);
    sdl.QuitSubSystem(INIT_AUDIO);
    throw error;
  }
  sdl.PauseAudioDevice(device, 0);
  return sdlSpeaker(sdl, device);
}

function sdlSpeaker(sdl: SdlLibrary, device: number): Speaker {
  const mixer = new PcmMixer();
  let closed = false;
  const queue = (samples: Float32Array) => {
    sdl.QueueAudio(device, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), samples.byteLength);
  };
  return {
    write(key, block) {
      if (closed) return;
      mixer.push(key, block);
      let queuedMs = sdl.GetQueuedAudioSize(device) / BYTES_PER_MS;
      if (queuedMs === 0) {
        // A cushion, once: the next block comes only when this one has been played.
        queue(new Float32Array(((TARGET_QUEUE_MS / 2) * BYTES_PER_MS) / 4));
        queuedMs = TARGET_QUEUE_MS / 2;
      }
      for (; queuedMs < TARGET_QUEUE_MS; queuedMs += CHUNK_MS) {
        const samples = mixer.take(CHUNK_MS);
        if (!samples) return;
        queue(samples);
      }
    },
    remove: (key) => mixer.remove(key),
    close() {
      if (closed) return;
      closed = true;
      sdl.CloseAudioDevice(device);
      sdl.QuitSubSystem(INIT_AUDIO);
    },
  };
}

function noSpeaker(sdl: SdlLibrary): MediaError {
  return new MediaError("device-missing", `No speaker can be opened: ${sdl.GetError()}.`);
}
