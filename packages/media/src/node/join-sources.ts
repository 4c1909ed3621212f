import type { MediaSource } from "./media-source.ts";

/** A camera and a microphone as one source: the camera says when it ends. Takes both over. */
export function joinSources(camera: MediaSource, microphone: MediaSource): MediaSource {
  const close = async () => {
    await Promise.all([camera.close(), microphone.close()]);
  };
  return {
    kind: camera.kind,
    label: camera.label,
    video: camera.video,
    audio: microphone.audio,
    ended: camera.ended,
    close,
    [Symbol.asyncDispose]: close,
  };
}
