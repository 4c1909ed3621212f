import { MediaError } from "../../media-error.ts";
import type { InputRequest } from "../capture-request.ts";

const KNOWN: readonly (readonly [RegExp, MediaError["code"], string])[] = [
  [/no such file/i, "device-missing", "does not exist."],
  [/no such device/i, "device-missing", "is not there."],
  [/device or resource busy/i, "device-busy", "is used by another program."],
  [/permission denied|operation not permitted/i, "permission-denied", "may not be read by this user."],
  [/is a directory/i, "source-unreadable", "is a folder."],
  [/invalid data|matches no streams|does not contain any stream|unknown format/i, "source-unreadable", "is no video."],
  [/connection refused/i, "source-unreadable", "cannot be read: connection refused."],
];

/** What a person needs to know of what ffmpeg said. */
export function sourceError({ subject }: InputRequest, said: string): MediaError {
  const cause = new Error(said);
  const match = KNOWN.find(([pattern]) => pattern.test(said));
  if (match) return new MediaError(match[1], `${subject} ${match[2]}`, { cause });
  return new MediaError("source-unreadable", `${subject} cannot be read.`, { cause });
}
