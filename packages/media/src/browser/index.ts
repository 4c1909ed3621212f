export { BitmapPicture, type BrowserPicture } from "../webcodecs/browser-picture.ts";
export { CanvasRenderer } from "../webcodecs/canvas-renderer.ts";
export { createFrameReader, type FrameReaderOptions, type FrameSource } from "../webcodecs/frame-reader.ts";
export { createMicrophoneReader, type MicrophoneReaderOptions } from "../webcodecs/microphone-reader.ts";
export { openSpeakerSink, type SinkConnection } from "../webcodecs/speaker-sink.ts";
export { createWebCodecsBackend } from "../webcodecs/web-codecs-backend.ts";
export {
  type CameraOptions,
  type Device,
  listDevices,
  type MicrophoneOptions,
  openCamera,
  openMicrophone,
  openScreen,
} from "./devices.ts";
export { LevelMeter } from "./level-meter.ts";
export { captureMicrophone, type MicrophoneCapture } from "./microphone-capture.ts";
export { openSpeaker, type SpeakerOptions, type SpeakerOutput, type SpeakerStream } from "./speaker-output.ts";
export { captureVideo, type VideoCapture } from "./video-capture.ts";
