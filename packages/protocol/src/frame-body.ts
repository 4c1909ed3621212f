import { ProtocolError } from "./protocol-error.ts";

/** How far a receiver turns the picture clockwise before it shows it. */
export type Rotation = 0 | 90 | 180 | 270;

/**
 * A whole frame, before it is cut into packets (and inside its encryption):
 *
 *     0      u8   L, the size of the extensions
 *     1      L    extensions, each: u8 type, u8 size, value
 *     1 + L       the codec's bytes
 */
export interface FrameBody {
  /** Extension 1: the WebCodecs codec string, on every key frame of video. */
  readonly codec?: string;
  /** Extension 2. */
  readonly rotation?: Rotation;
  /** Extension 3: -dBov as in RFC 6464; 0 is the loudest, 127 is silence. */
  readonly audioLevel?: number;
  /** Extension 4: the newest frame that this one needs has a number smaller by so many, 1 to 255; 1 when left out. */
  readonly needs?: number;
  /** Extension 5: silence follows and is not sent; the next frame is captured at most so much later. 10 to 2,550, in steps of 10. */
  readonly pauseMs?: number;
  /** When parsed, a view. */
  readonly data: Uint8Array;
}

const CODEC = 1;
const ROTATION = 2;
const AUDIO_LEVEL = 3;
const NEEDS = 4;
const PAUSE = 5;
const PAUSE_STEP_MS = 10;
const CODEC_STRING = /^[\x21-\x7e]{1,64}$/;

/** The bytes of `body`. Throws a RangeError when an extension is out of range. */
export function writeFrameBody(body: FrameBody): Uint8Array<ArrayBuffer> {
  const { codec, data } = body;
  checkExtensions(body);
  const bytewise = bytewiseExtensions(body);
  const extensionBytes = (codec === undefined ? 0 : 2 + codec.length) + 3 * bytewise.length;
  const bytes = new Uint8Array(1 + extensionBytes + data.length);
  let at = 0;
  const write = (...values: readonly number[]) => {
    for (const value of values) bytes[at++] = value;
  };
  write(extensionBytes);
  if (codec !== undefined) {
    write(CODEC, codec.length);
    for (let i = 0; i < codec.length; i++) bytes[at++] = codec.charCodeAt(i);
  }
  for (const [type, value] of bytewise) write(type, 1, value);
  bytes.set(data, at);
  return bytes;
}

/** Types and values of those that have one byte. */
function bytewiseExtensions({ rotation, audioLevel, needs, pauseMs }: FrameBody): [type: number, value: number][] {
  const extensions: [number, number][] = [];
  if (rotation !== undefined) extensions.push([ROTATION, rotation / 90]);
  if (audioLevel !== undefined) extensions.push([AUDIO_LEVEL, audioLevel]);
  if (needs !== undefined) extensions.push([NEEDS, needs]);
  if (pauseMs !== undefined) extensions.push([PAUSE, pauseMs / PAUSE_STEP_MS]);
  return extensions;
}

/** Takes a frame apart; `data` is a view. Unknown extensions are skipped. Throws a ProtocolError ("packet-malformed"). */
export function parseFrameBody(bytes: Uint8Array): FrameBody {
  const [extensionBytes] = bytes;
  const end = 1 + (extensionBytes ?? 0);
  if (extensionBytes === undefined || end > bytes.length) throw malformed("is cut short");
  const body: Mutable<FrameBody> = { data: bytes.subarray(end) };
  for (let at = 1; at < end; ) {
    const next = at + 2 + (bytes[at + 1] ?? 0);
    if (at + 2 > end || next > end) throw malformed("has an extension that is cut short");
    readExtension(body, bytes.subarray(at, next));
    at = next;
  }
  return body;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function readExtension(body: Mutable<FrameBody>, extension: Uint8Array): void {
  const [type] = extension;
  const value = extension.subarray(2);
  if (type === CODEC) body.codec = readCodec(value);
  else if (type === ROTATION) body.rotation = (readByte(value, 3) * 90) as Rotation;
  else if (type === AUDIO_LEVEL) body.audioLevel = readByte(value, 127);
  else if (type === NEEDS) body.needs = readCount(value);
  else if (type === PAUSE) body.pauseMs = readCount(value) * PAUSE_STEP_MS;
}

function checkExtensions({ codec, rotation, audioLevel, needs, pauseMs }: FrameBody): void {
  if (codec !== undefined && !CODEC_STRING.test(codec)) throw new RangeError(`"${codec}" is no codec string.`);
  if (rotation !== undefined && ![0, 90, 180, 270].includes(rotation)) {
    throw new RangeError(`A picture cannot be turned by ${rotation} degrees.`);
  }
  if (audioLevel !== undefined && !isIntegerFrom(0, audioLevel, 127)) {
    throw new RangeError(`An audio level is an integer from 0 to 127, not ${audioLevel}.`);
  }
  if (needs !== undefined && !isIntegerFrom(1, needs, 255)) {
    throw new RangeError(`A frame needs one that is 1 to 255 before it, not ${needs}.`);
  }
  if (pauseMs !== undefined && !isIntegerFrom(1, pauseMs / PAUSE_STEP_MS, 255)) {
    throw new RangeError(`A pause is 10 to 2,550 ms in steps of 10, not ${pauseMs}.`);
  }
}

function isIntegerFrom(least: number, value: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** 1 to 255. */
function readCount(value: Uint8Array): number {
  const count = readByte(value, 255);
  if (count === 0) throw malformed("has an extension that is out of range");
  return count;
}

function readCodec(value: Uint8Array): string {
  const codec = String.fromCharCode(...value);
  if (!CODEC_STRING.test(codec)) throw malformed("has no readable codec");
  return codec;
}

function readByte(value: Uint8Array, maximum: number): number {
  const [byte] = value;
  if (value.length !== 1 || byte === undefined || byte > maximum) {
    throw malformed("has an extension that is out of range");
  }
  return byte;
}

function malformed(what: string): ProtocolError {
  return new ProtocolError("packet-malformed", `The frame ${what}.`);
}
