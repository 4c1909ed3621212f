import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { MediaError } from "../media-error.ts";
import type { MediaSource, SourceOptions } from "./media-source.ts";
import type { SourceSpec } from "./source-spec.ts";

/** What FFmpeg, as a library or as a program, shall open. */
export interface InputRequest {
  readonly url: string;
  /** Left out: found out by looking at the data. */
  readonly format?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** For sentences: "The camera /dev/video0". */
  readonly subject: string;
}

/** A source in FFmpeg's words. */
export interface CaptureRequest {
  readonly kind: MediaSource["kind"];
  readonly label: string;
  /** Frames are due when they come. */
  readonly live: boolean;
  /** Tried one after the other: a device may not know the first wish. */
  readonly inputs: readonly [InputRequest, ...InputRequest[]];
  /** A device of its own for the sound; it may be missing. */
  readonly microphone?: InputRequest;
}

/** The system the capture runs on; handed in for tests. */
export interface CaptureSystem {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** Long enough for a camera on the other side of the world, short enough to wait for. */
const TIMEOUT_US = 8_000_000;

/** Says what to open for `spec`. Throws a `MediaError` where the system has nothing of the kind. */
export function captureRequest(spec: SourceSpec, options: SourceOptions, system: CaptureSystem): CaptureRequest {
  switch (spec.kind) {
    case "camera":
      return cameraRequest(spec.device, options, system);
    case "screen":
      return screenRequest(options, system);
    case "test":
      return testRequest(options);
    case "file":
      return fileRequest(spec.path);
    case "url":
      return urlRequest(spec.url);
  }
}

function cameraRequest(device: string | undefined, options: SourceOptions, system: CaptureSystem): CaptureRequest {
  const { format, url, label } = cameraDevice(device, system);
  const subject = `The camera ${label}`;
  const wish = { video_size: sizeText(options), framerate: String(options.frameRate) };
  // USB 2 carries 720p only as JPEG, so this is asked for first.
  const jpeg = format === "v4l2" ? [{ url, format, options: { ...wish, input_format: "mjpeg" }, subject }] : [];
  const [first = { url, format, options: wish, subject }, ...others] = [
    ...jpeg,
    { url, format, options: wish, subject },
    { url, format, subject },
  ];
  const microphone = options.audio ? { microphone: microphoneInput(system) } : {};
  return { kind: "camera", label, live: true, inputs: [first, ...others], ...microphone };
}

function cameraDevice(
  device: string | undefined,
  system: CaptureSystem,
): { readonly format: string; readonly url: string; readonly label: string } {
  const number = device === undefined || /^\d+$/.test(device);
  if (system.platform === "darwin") return { format: "avfoundation", url: device ?? "0", label: device ?? "0" };
  if (system.platform === "win32") return { format: "dshow", url: `video=${device ?? "0"}`, label: device ?? "0" };
  const path = number ? cameraPath(device) : device;
  if (path === undefined) throw new MediaError("device-missing", "There is no camera on this machine.");
  return { format: "v4l2", url: path, label: path };
}

function cameraPath(number: string | undefined): string | undefined {
  if (number !== undefined) return `/dev/video${number}`;
  const [first] = videoDevices();
  return first;
}

/** The paths of Linux's video devices, in the order of their numbers. */
export function videoDevices(): readonly string[] {
  const names = readdirSync("/dev").filter((name) => /^video\d+$/.test(name));
  return names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).map((name) => `/dev/${name}`);
}

function screenRequest(options: SourceOptions, { platform, env }: CaptureSystem): CaptureRequest {
  const rate = { framerate: String(options.frameRate) };
  const common = { kind: "screen", live: true } as const;
  const subject = "The screen";
  if (platform === "darwin") {
    const input = { url: "Capture screen 0", format: "avfoundation", options: rate, subject };
    return { ...common, label: "Capture screen 0", inputs: [input] };
  }
  if (platform === "win32") {
    return { ...common, label: "desktop", inputs: [{ url: "desktop", format: "gdigrab", options: rate, subject }] };
  }
  const display = env["DISPLAY"];
  if (display) {
    const input = { url: display, format: "x11grab", options: rate, subject: `The screen ${display}` };
    return { ...common, label: display, inputs: [input] };
  }
  if (env["WAYLAND_DISPLAY"]) {
    const input = { url: "-", format: "kmsgrab", options: rate, subject };
    return { ...common, label: "kms", inputs: [input] };
  }
  throw new MediaError("device-missing", "There is no screen to capture: DISPLAY is not set.");
}

/** A moving picture with a clock, and a beep of 440 Hz at each full second of the clock. */
function testRequest(options: SourceOptions): CaptureRequest {
  const picture = `testsrc2=size=${sizeText(options)}:rate=${options.frameRate},format=yuv420p[out0]`;
  const beep = "aevalsrc='0.3*sin(2*PI*440*t)*lt(mod(t,1),0.1)':s=48000:c=mono[out1]";
  const url = options.audio ? `${picture};${beep}` : picture;
  return {
    kind: "file",
    label: "test picture",
    live: false,
    inputs: [{ url, format: "lavfi", subject: "The test picture" }],
  };
}

function fileRequest(path: string): CaptureRequest {
  const label = basename(path);
  // A playlist must not make this process fetch something from elsewhere.
  const options = { protocol_whitelist: "file,crypto,data" };
  return { kind: "file", label, live: false, inputs: [{ url: `file:${path}`, options, subject: `The file ${label}` }] };
}

function urlRequest(text: string): CaptureRequest {
  const { protocol, hostname } = new URL(text);
  const timeout = String(TIMEOUT_US);
  const options: Record<string, string> = protocol.startsWith("rtsp")
    ? { rtsp_transport: "tcp", timeout }
    : { rw_timeout: timeout };
  // Not the whole URL: it may hold a password.
  const subject = `The stream at ${hostname}`;
  return {
    kind: "device",
    label: hostname,
    live: true,
    inputs: [{ url: text, options: { ...options, fflags: "nobuffer" }, subject }],
  };
}

function microphoneInput({ platform }: CaptureSystem): InputRequest {
  const subject = "The microphone";
  if (platform === "darwin") return { url: ":0", format: "avfoundation", subject };
  if (platform === "win32") return { url: "audio=0", format: "dshow", subject };
  return { url: "default", format: "alsa", subject };
}

function sizeText({ widthPx, heightPx }: SourceOptions): string {
  return `${widthPx}x${heightPx}`;
}
