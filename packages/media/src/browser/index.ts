export { BitmapPicture, type BrowserPicture } from "../webcodecs/browser-picture.ts";
export { createFrameReader, type FrameReaderOptions, type FrameSource } from "../webcodecs/frame-reader.ts";
export {
  createMicrophoneReader,
  type MicrophoneReaderOptions,
  type SoundSource,
} from "../webcodecs/microphone-reader.ts";
export { openPictureSink, type PictureConnection, type PictureSink } from "../webcodecs/picture-sink.ts";
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
  type ScreenCapture,
  tuneScreen,
} from "./devices.ts";
export { LevelMeter } from "./level-meter.ts";
export { captureMicrophone, type MicrophoneCapture, type MicrophoneCaptureOptions } from "./microphone-capture.ts";
export { createPictureOutput, type PictureOutput, type PictureOutputOptions } from "./picture-output.ts";
export {
  openSpeaker,
  type SpeakerCapture,
  type SpeakerOptions,
  SpeakerOutput,
  type SpeakerStream,
} from "./speaker-output.ts";
export { captureVideo, type VideoCapture, type VideoCaptureOptions } from "./video-capture.ts";
