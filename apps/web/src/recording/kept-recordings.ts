import { growingRecordings } from "./recording-file.ts";
import { recordingsFolder } from "./recordings-folder.ts";

/** Beside a recording that was handed to the downloads. */
const SAVED = ".saved";

/** A recording whose page ended before it was saved. */
export interface KeptRecording {
  readonly name: string;
  readonly bytes: number;
}

/** The recordings that nobody has saved, oldest first. What was saved is removed on the way. Never rejects. */
export async function keptRecordings(): Promise<KeptRecording[]> {
  try {
    const folder = await recordingsFolder({ create: false });
    const growing = await growingRecordings();
    const names: string[] = [];
    for await (const name of folder.keys()) if (!growing.has(name)) names.push(name);
    const kept: KeptRecording[] = [];
    for (const name of names.filter((known) => !known.endsWith(SAVED)).sort()) {
      if (names.includes(name + SAVED)) await removeRecording(name);
      else kept.push({ name, bytes: (await (await folder.getFileHandle(name)).getFile()).size });
    }
    return kept;
  } catch {
    return []; // no storage, or nothing was ever recorded
  }
}

/** Rejects when it is no longer there. */
export async function openRecording(name: string): Promise<File> {
  return await (await (await recordingsFolder({ create: false })).getFileHandle(name)).getFile();
}

/** It is in the downloads: it goes with the next visit, when the browser has certainly read it to its end. */
export async function markSaved(name: string): Promise<void> {
  await (await recordingsFolder({ create: true })).getFileHandle(name + SAVED, { create: true });
}

/** What is being recorded, in another tab perhaps, cannot be removed and stays. */
export async function removeRecording(name: string): Promise<void> {
  const folder = await recordingsFolder({ create: true });
  for (const part of [name, name + SAVED]) await folder.removeEntry(part).catch(() => undefined);
}
