import { BufferPicture, type NodePicture } from "@mqtt-meet/media/node";

const TICK_MS = 50;
const SIZE = { widthPx: 160, heightPx: 96 };
const PICTURE_BYTES = (SIZE.widthPx * SIZE.heightPx * 3) / 2;

interface PcmBlock {
  readonly timestampUs: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Float32Array;
}

/** Fake devices, until they are disposed of. */
export interface FakeDevices extends Disposable {
  readonly camera: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly frameRate: number;
    readonly droppedFrames: number;
    onPicture: ((picture: NodePicture) => void) | undefined;
  };
  readonly microphone: { readonly channels: 1; onBlock: ((block: PcmBlock) => void) | undefined };
}

/**
 * A camera of 160 × 96 with 20 pictures a second, and a microphone that hears a hum. The camera sees a grey wall getting lighter,
 * which costs next to nothing, or noise, of which no bitrate is enough.
 */
export function fakeDevices({ sees = "grey" }: { readonly sees?: "grey" | "noise" } = {}): FakeDevices {
  const draw = sees === "grey" ? greyWall : noise();
  const camera = {
    ...SIZE,
    frameRate: 1000 / TICK_MS,
    droppedFrames: 0,
    onPicture: undefined as FakeDevices["camera"]["onPicture"],
  };
  const microphone = { channels: 1 as const, onBlock: undefined as FakeDevices["microphone"]["onBlock"] };
  const samples = Float32Array.from({ length: 960 }, (_, index) => Math.sin(index / 8) / 2);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
    const timestamp = Math.floor((performance.timeOrigin + performance.now()) * 1000);
    camera.onPicture?.(new BufferPicture(draw(ticks), { ...SIZE, timestamp }));
    // Blocks of 20 ms: as many as the time that has passed.
    const blocks = Math.floor((ticks * TICK_MS) / 20) - Math.floor(((ticks - 1) * TICK_MS) / 20);
    for (let block = 0; block < blocks; block++) {
      microphone.onBlock?.({ timestampUs: timestamp + block * 20_000, sampleRate: 48_000, channels: 1, samples });
    }
  }, TICK_MS);
  return { camera, microphone, [Symbol.dispose]: () => clearInterval(timer) };
}

function greyWall(tick: number): Uint8Array {
  return new Uint8Array(PICTURE_BYTES).fill(64 + (tick % 128));
}

/** Pictures that are cut from twice as much noise anywhere, so that none is like another. */
function noise(): () => Uint8Array {
  const source = crypto.getRandomValues(new Uint8Array(2 * PICTURE_BYTES));
  return () => {
    const from = Math.floor(Math.random() * PICTURE_BYTES);
    return source.slice(from, from + PICTURE_BYTES);
  };
}
