import { createFrameReader, type FrameSource } from "../webcodecs/frame-reader.ts";
import { createMicrophoneReader, type SoundSource } from "../webcodecs/microphone-reader.ts";
import { openPictureSink, type PictureConnection } from "../webcodecs/picture-sink.ts";
import { openSpeakerSink, type SinkConnection } from "../webcodecs/speaker-sink.ts";

/** For tests: shows what a camera gives and plays what a microphone gives, in a worker, and reports both. */
export type EchoRequest =
  | { readonly type: "pictures"; readonly source: FrameSource; readonly connection: PictureConnection }
  | {
      readonly type: "draw";
      readonly connection: PictureConnection;
      readonly frame: VideoFrame;
      readonly rotation: 0 | 90;
    }
  | { readonly type: "sound"; readonly source: SoundSource; readonly connection: SinkConnection }
  | { readonly type: "stop" };

/** What the worker says. */
export type EchoReport =
  | { readonly type: "picture"; readonly timestampUs: number; readonly widthPx: number; readonly heightPx: number }
  | { readonly type: "end" }
  | { readonly type: "block"; readonly timestampUs: number; readonly samples: Float32Array; readonly played: number };

let lifetime = new AbortController();

function report(message: EchoReport): void {
  postMessage(message);
}

addEventListener("message", ({ data }: MessageEvent<EchoRequest>) => {
  const { signal } = lifetime;
  if (data.type === "pictures") {
    const sink = openPictureSink(data.connection);
    createFrameReader(data.source, {
      signal,
      onEnd: () => report({ type: "end" }),
      onPicture: (picture, info) => {
        const { timestamp: timestampUs, displayWidth: widthPx, displayHeight: heightPx } = picture;
        report({ type: "picture", timestampUs, widthPx, heightPx });
        sink.draw(picture, info);
      },
    });
  } else if (data.type === "draw") {
    openPictureSink(data.connection).draw(data.frame, { rotation: data.rotation });
  } else if (data.type === "sound") {
    const sink = openSpeakerSink(data.connection);
    createMicrophoneReader(data.source, {
      signal,
      onBlock: ({ timestampUs, samples }) => {
        sink.write(samples);
        report({ type: "block", timestampUs, samples, played: sink.playedSamples });
      },
    });
  } else {
    lifetime.abort();
    lifetime = new AbortController();
  }
});
