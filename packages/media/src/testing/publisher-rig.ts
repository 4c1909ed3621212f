import { parseFrameBody, parsePacket, type VideoLayer } from "@mqtt-meet/protocol";
import type { MediaError } from "../media-error.ts";
import { VideoPublisher } from "../publish/video-publisher.ts";
import type { VideoPublisherOptions } from "../publish/video-publisher-options.ts";
import { FakeBackend, FakePicture } from "./fake-backend.ts";
import { MemoryTransport } from "./memory-transport.ts";

export const SIZE = { widthPx: 1280, heightPx: 720 };
export const START_MS = 1_790_000_000_000;

/** A publisher with a fake encoder, connection and camera, and a clock that stands still. */
export function publisherRig(options: Partial<VideoPublisherOptions<FakePicture>> = {}, onWait?: (ms: number) => void) {
  const backend = new FakeBackend();
  const transport = new MemoryTransport();
  const layers: VideoLayer[] = [];
  const errors: MediaError[] = [];
  const pictures: FakePicture[] = [];
  let nowMs = START_MS;
  const publisher = new VideoPublisher<FakePicture>({
    backend,
    sender: transport,
    topic: (layer) => `v/${layer}`,
    source: "camera",
    codec: "vp8",
    ...SIZE,
    frameRate: 30,
    bitrateBps: 1_000_000,
    nowMs: () => nowMs,
    onLayerChange: (layer) => layers.push(layer),
    onError: (error) => errors.push(error),
    ...options,
  });
  const encoder = () => {
    const last = backend.videoEncoders.at(-1);
    if (!last) throw new Error("No encoder was opened.");
    return last;
  };
  return {
    ...{ backend, transport, layers, errors, pictures, publisher, encoder },
    /** 33 ms later. */
    capture(size = SIZE, rotation: 0 | 90 = 0) {
      nowMs += 33;
      const picture = new FakePicture(nowMs * 1000, size);
      pictures.push(picture);
      publisher.push(picture, { rotation });
    },
    wait(ms: number) {
      nowMs += ms;
      onWait?.(ms);
    },
    frames() {
      return transport.sent.map(({ payload }) => {
        const { header, body } = parsePacket(payload);
        return { ...header, ...(header.lastFragment && header.fragment === 0 ? parseFrameBody(body) : {}) };
      });
    },
  };
}

/** Lets encoders be opened. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
