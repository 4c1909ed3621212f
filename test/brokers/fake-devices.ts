import { BufferPicture, type NodePicture } from "@mqtt-meet/media/node";

const TICK_MS = 50;
const SIZE = { widthPx: 160, heightPx: 96 };

interface PcmBlock {
  readonly timestampUs: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Float32Array;
}

/** A camera that sees a grey wall getting lighter, and a microphone that hears a hum; both until they are disposed of. */
export function fakeDevices() {
  const camera = {
    ...SIZE,
    frameRate: 1000 / TICK_MS,
    droppedFrames: 0,
    onPicture: undefined as ((picture: NodePicture) => void) | undefined,
  };
  const microphone = { channels: 1 as const, onBlock: undefined as ((block: PcmBlock) => void) | undefined };
  const samples = Float32Array.from({ length: 960 }, (_, index) => Math.sin(index / 8) / 2);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
    const timestamp = Math.floor((performance.timeOrigin + performance.now()) * 1000);
    const bytes = new Uint8Array((SIZE.widthPx * SIZE.heightPx * 3) / 2).fill(64 + (ticks % 128));
    camera.onPicture?.(new BufferPicture(bytes, { ...SIZE, timestamp }));
    // Blocks of 20 ms: as many as the time that has passed.
    const blocks = Math.floor((ticks * TICK_MS) / 20) - Math.floor(((ticks - 1) * TICK_MS) / 20);
    for (let block = 0; block < blocks; block++) {
      microphone.onBlock?.({ timestampUs: timestamp + block * 20_000, sampleRate: 48_000, channels: 1, samples });
    }
  }, TICK_MS);
  return { camera, microphone, [Symbol.dispose]: () => clearInterval(timer) };
}
