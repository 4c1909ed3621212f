import * as v from "valibot";
import { LevelSchema } from "./schemas.ts";

/** The largest file that can be sent: its receivers hold it in memory, and it passes beside what is said. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** A part, but for the last one: in base64url and encrypted, it fits into one packet with room to spare. */
export const FILE_PART_BYTES = 16 * 1024;

/** The most parts that are asked for at once: what may be on its way when the receiver turns out to be slow. */
export const MAX_PARTS_ASKED = 8;

/** Longer names are cut before their ending. In code points; most file systems take 255 bytes. */
const MAX_FILE_NAME = 80;
const MAX_ENDING = 12;
// What is not seen or turns the direction of text around, and what some system does not take in a name.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}"*/:<>?\\|]/gu;

/** `name` as a file's: one level, visible, not hidden, with its ending; "file" where nothing is left. */
export function cleanFileName(name: string): string {
  // Beyond this nothing is read: the rest would be cut away, too.
  const level = name.slice(0, 1_000).split(/[/\\]/).at(-1) ?? "";
  const clean = level.replace(UNSAFE, "").replace(/\s+/gu, " ");
  const bare = clean.replace(/^[. ]+|[. ]+$/g, "");
  if (bare === "") return "file";
  const characters = [...bare];
  if (characters.length <= MAX_FILE_NAME) return bare;
  const dot = characters.lastIndexOf(".");
  const ending = dot > 0 && characters.length - dot <= MAX_ENDING ? characters.slice(dot) : [];
  return [...characters.slice(0, MAX_FILE_NAME - ending.length), ...ending].join("");
}

/** How many parts a file has. */
export function filePartCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / FILE_PART_BYTES);
}

/** The bytes of part `part` of a file, from 0; 0 when it has no such part. */
export function filePartBytes(sizeBytes: number, part: number): number {
  return Math.max(0, Math.min(FILE_PART_BYTES, sizeBytes - part * FILE_PART_BYTES));
}

const PartNumberSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(filePartCount(MAX_FILE_BYTES) - 1));
const MAX_PART_CHARACTERS = Math.ceil((FILE_PART_BYTES * 4) / 3);

/** A file that a chat message offers (M9). */
export const SharedFileSchema = v.looseObject({
  name: v.pipe(v.string(), v.maxLength(1_000), v.transform(cleanFileName)),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FILE_BYTES)),
  /** SHA-256 of the bytes. */
  hash: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
});
export type SharedFile = v.InferOutput<typeof SharedFileSchema>;

/** What is asked and answered about files (R8). */
export const FILE_REQUESTS = [
  v.looseObject({
    type: v.literal("file-get"),
    id: LevelSchema,
    from: PartNumberSchema,
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PARTS_ASKED)),
  }),
  v.looseObject({
    type: v.literal("file-part"),
    id: LevelSchema,
    part: PartNumberSchema,
    data: v.pipe(v.string(), v.maxLength(MAX_PART_CHARACTERS), v.regex(/^[A-Za-z0-9_-]+$/)),
  }),
  v.looseObject({ type: v.literal("file-gone"), id: LevelSchema }),
] as const;
