import { MediaError } from "../media-error.ts";

/** A camera, microphone or speaker of this machine. */
export interface Device {
  readonly id: string;
  /** Empty before permission was given. */
  readonly label: string;
  readonly kind: "camera" | "microphone" | "speaker";
}

/** What is wanted of a camera. */
export interface CameraOptions {
  readonly deviceId?: string;
  /** 1280 × 720 at 30 when left out. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly frameRate?: number;
}

/** What is wanted of a microphone. */
export interface MicrophoneOptions {
  readonly deviceId?: string;
  /** True when left out, like the other two. */
  readonly echoCancellation?: boolean;
  readonly noiseSuppression?: boolean;
  readonly autoGainControl?: boolean;
}

/** What a screen gives. */
export interface ScreenCapture {
  readonly video: MediaStreamTrack;
  /** Where sound was asked for and the user shares it. */
  readonly audio: MediaStreamTrack | undefined;
}

/** A screen is read: more pixels than 1080p make no text clearer on the other side. */
const SCREEN = { widthPx: 1920, heightPx: 1080 };
/** Text wants to be sharp rather than to move, a film the other way round. */
const SCREEN_FRAME_RATES = { detail: 15, motion: 30 } as const;

/** Asks for permission where needed. Rejects with a MediaError: permission-denied, device-missing, device-busy. */
export async function openCamera(options: CameraOptions = {}): Promise<MediaStreamTrack> {
  const { deviceId, widthPx = 1280, heightPx = 720, frameRate = 30 } = options;
  const video: MediaTrackConstraints = {
    width: { ideal: widthPx },
    height: { ideal: heightPx },
    frameRate: { ideal: frameRate, max: Math.max(30, frameRate) },
    ...exact(deviceId),
  };
  return openOne({ video }, "camera");
}

/** As {@link openCamera}. */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<MediaStreamTrack> {
  const { deviceId, echoCancellation = true, noiseSuppression = true, autoGainControl = true } = options;
  const audio = { echoCancellation, noiseSuppression, autoGainControl, channelCount: 1, ...exact(deviceId) };
  return openOne({ audio }, "microphone");
}

/** Lets the user choose a screen, window or tab; a choice that is called off is "permission-denied". */
export async function openScreen(options: { readonly audio?: boolean } = {}): Promise<ScreenCapture> {
  const { widthPx, heightPx } = SCREEN;
  const frameRate = SCREEN_FRAME_RATES.detail;
  const stream = await translated("screen", (devices) =>
    devices.getDisplayMedia({
      video: { width: { max: widthPx }, height: { max: heightPx }, frameRate: { max: frameRate } },
      audio: options.audio ?? false,
    }),
  );
  const [video] = stream.getVideoTracks();
  if (!video) throw new MediaError("device-missing", "Nothing was shared.");
  video.contentHint = "detail";
  return { video, audio: stream.getAudioTracks()[0] };
}

/** What a screen shows from now on. Never rejects: a browser that captures at one rate only goes on with that. */
export async function tuneScreen(video: MediaStreamTrack, content: "detail" | "motion"): Promise<void> {
  video.contentHint = content;
  const frameRate = { max: SCREEN_FRAME_RATES[content] };
  await video.applyConstraints({ ...video.getConstraints(), frameRate }).catch(() => undefined);
}

/** What is there now; `ondevicechange` of `navigator.mediaDevices` says when to look again. */
export async function listDevices(): Promise<readonly Device[]> {
  const infos = await translated("camera", (devices) => devices.enumerateDevices());
  return infos.map(({ deviceId, label, kind }) => ({ id: deviceId, label, kind: KINDS[kind] }));
}

type Source = "camera" | "microphone" | "screen";

const KINDS = { videoinput: "camera", audioinput: "microphone", audiooutput: "speaker" } as const;

function exact(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined || deviceId === "" ? {} : { deviceId: { exact: deviceId } };
}

async function openOne(constraints: MediaStreamConstraints, source: Source): Promise<MediaStreamTrack> {
  const stream = await translated(source, (devices) => devices.getUserMedia(constraints));
  const [track] = stream.getTracks();
  if (!track) throw new MediaError("device-missing", `There is no ${source}.`);
  return track;
}

/** Calls `use` and turns what the browser throws into a MediaError. */
async function translated<T>(source: Source, use: (devices: MediaDevices) => Promise<T>): Promise<T> {
  // Insecure pages have no devices at all.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices || (source === "screen" && !("getDisplayMedia" in devices))) {
    throw new MediaError(
      "device-missing",
      `This browser gives no ${source} to this page; it needs HTTPS or localhost.`,
    );
  }
  try {
    return await use(devices);
  } catch (error) {
    throw deviceError(error, source);
  }
}

/** The MediaError for what `getUserMedia` and its like reject with. */
export function deviceError(error: unknown, source: Source): MediaError {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return new MediaError("permission-denied", `The ${source} may not be used by this page.`, { cause: error });
    case "NotFoundError":
    case "OverconstrainedError":
      return new MediaError("device-missing", `The ${source} was not found.`, { cause: error });
    default:
      // NotReadableError, AbortError: another program has it, or the system keeps it.
      return new MediaError("device-busy", `The ${source} cannot be opened; another program may be using it.`, {
        cause: error,
      });
  }
}
