import { constants as os } from "node:os";
import type { FormatContext, Stream } from "node-av/lib";
import { MediaError } from "../../media-error.ts";
import type { InputRequest } from "../capture-request.ts";
import type { AvLibrary } from "./av-library.ts";

/** An open file, stream or device. */
export interface AvInput {
  readonly context: FormatContext;
  readonly video: Stream | undefined;
  readonly audio: Stream | undefined;
  /** The first timestamp, in microseconds. */
  readonly startUs: number;
  /** Undefined where there is no end. */
  readonly durationUs: number | undefined;
}

/** Rejects with a `MediaError` whose sentence tells a person what is the matter. */
export async function openAvInput(av: AvLibrary, request: InputRequest): Promise<AvInput> {
  const { lib, constants } = av;
  const format = request.format === undefined ? null : lib.InputFormat.findInputFormat(request.format);
  if (request.format !== undefined && !format) {
    throw new MediaError("device-missing", `${request.subject} cannot be captured on this system.`);
  }
  const context = new lib.FormatContext();
  const options = request.options ? lib.Dictionary.fromObject(request.options) : null;
  const opened = await context.openInput(request.url, format, options);
  if (opened < 0) throw inputError(av, request, opened);
  try {
    const found = await context.findStreamInfo(null);
    if (found < 0) throw inputError(av, request, found);
    const best = (type: Stream["codecpar"]["codecType"]) => {
      const index = context.findBestStream(type);
      return index >= 0 ? context.streams[index] : undefined;
    };
    const video = best(constants.AVMEDIA_TYPE_VIDEO);
    return {
      context,
      // The cover of a song is no video.
      video: video && isPicture(av, video) ? video : undefined,
      audio: best(constants.AVMEDIA_TYPE_AUDIO),
      startUs: context.startTime === constants.AV_NOPTS_VALUE ? 0 : Number(context.startTime),
      durationUs: context.duration > 0n ? Number(context.duration) : undefined,
    };
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

function isPicture({ constants }: AvLibrary, stream: Stream): boolean {
  if ((Number(stream.disposition) & Number(constants.AV_DISPOSITION_ATTACHED_PIC)) !== 0) return false;
  return stream.codecpar.width > 0 && stream.codecpar.height > 0;
}

const { errno } = os;

type ErrorCode = MediaError["code"];

function inputError({ lib }: AvLibrary, { subject }: InputRequest, code: number): MediaError {
  const cause = lib.FFmpegError.fromCode(code);
  const [kind, reason] = reasonOf(lib, code);
  return new MediaError(kind, `${subject} ${reason}`, { cause });
}

function reasonOf(lib: AvLibrary["lib"], code: number): readonly [ErrorCode, string] {
  const known: readonly (readonly [number, ErrorCode, string])[] = [
    [-errno.ENOENT, "device-missing", "does not exist."],
    [-errno.ENODEV, "device-missing", "is not there."],
    [-errno.EBUSY, "device-busy", "is used by another program."],
    [-errno.EACCES, "permission-denied", "may not be read by this user."],
    [-errno.EPERM, "permission-denied", "may not be read by this user."],
    [-errno.EISDIR, "source-unreadable", "is a folder."],
  ];
  const match = known.find(([number]) => number === code);
  if (match) return [match[1], match[2]];
  const text = lib.FFmpegError.strerror(code).toLowerCase();
  if (text.includes("invalid data")) return ["source-unreadable", "is no video."];
  return ["source-unreadable", `cannot be read: ${text}.`];
}
