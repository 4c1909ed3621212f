export { MediaError } from "@mqtt-meet/media";
export {
  type CameraOptions,
  type Device,
  LevelMeter,
  listDevices,
  type MicrophoneOptions,
  openCamera,
  openMicrophone,
  openScreen,
  type SpeakerCapture,
  tuneScreen,
} from "@mqtt-meet/media/browser";
export * from "@mqtt-meet/sdk";
export type { BrowserLocalTrack, BrowserRoom, BrowserTrackOptions, PublishOptions } from "./browser-room.ts";
export { checkNetwork } from "./check-network.ts";
export { joinRoom } from "./join-room.ts";
export { lookInside } from "./look-inside.ts";
export { type PreparedRoom, prepareRoom } from "./prepare-room.ts";
export {
  type CameraTopic,
  type WatchCameraOptions,
  type WatchedCamera,
  watchCameraTopic,
} from "./watch-camera-topic.ts";
