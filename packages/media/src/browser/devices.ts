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

/** Asks for permission where needed. Rejects with a MediaError: permission-denied, device-missing, device-busy. */
export async function openCamera(options: CameraOptions = {}): Promise<MediaStreamTrack> {
  throw new Error(`not yet ${options}`);
}

/** As {@link openCamera}. */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<MediaStreamTrack> {
  throw new Error(`not yet ${options}`);
}

/** Lets the user choose a screen, window or tab; a choice that is called off is "permission-denied". */
export async function openScreen(options: { readonly audio?: boolean } = {}): Promise<{
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack | undefined;
}> {
  throw new Error(`not yet ${options}`);
}

/** What is there now; `ondevicechange` of `navigator.mediaDevices` says when to look again. */
export async function listDevices(): Promise<readonly Device[]> {
  throw new Error("not yet");
}
