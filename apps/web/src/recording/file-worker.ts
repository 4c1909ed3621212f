// Writes a recording into the browser's storage for this site. Only a worker may write there in place, so that what was
// recorded is still there when the page has crashed. It also gives the time, because timers of hidden pages stand still.
import type { FromFile, ToFile } from "./file-messages.ts";
import { recordingsFolder } from "./recordings-folder.ts";

/** The part of `FileSystemSyncAccessHandle` that is used; the page's types have it for workers only. */
interface SyncAccess {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

/** A crash of the whole browser loses no more than this. */
const FLUSH_BYTES = 1024 * 1024;

const say = (message: FromFile) => (globalThis as unknown as Worker).postMessage(message);
let access: SyncAccess | undefined;
let [written, flushed] = [0, 0];
let timer: ReturnType<typeof setInterval> | undefined;

addEventListener("message", ({ data }: MessageEvent<ToFile>) => {
  answer(data).then(
    () => say({ type: "done" }),
    (error: Error) => say({ type: "failed", name: error.name, message: error.message }),
  );
});

async function answer(message: ToFile): Promise<void> {
  if (message.type === "open") await open(message);
  else if (message.type === "write") write(message.bytes);
  else close();
}

async function open({ name, ticksPerSecond }: Extract<ToFile, { type: "open" }>): Promise<void> {
  const folder = await recordingsFolder({ create: true });
  const handle = await folder.getFileHandle(name, { create: true });
  access = await (handle as unknown as { createSyncAccessHandle(): Promise<SyncAccess> }).createSyncAccessHandle();
  timer = setInterval(() => say({ type: "tick" }), 1000 / ticksPerSecond);
}

/** A full disk takes less than it is given. */
function write(bytes: Uint8Array): void {
  const taken = access?.write(bytes, { at: written }) ?? 0;
  written += taken;
  if (taken < bytes.length) throw new DOMException("The disk is full.", "QuotaExceededError");
  if (written - flushed < FLUSH_BYTES) return;
  access?.flush();
  flushed = written;
}

function close(): void {
  clearInterval(timer);
  access?.flush();
  access?.close();
  access = undefined;
}
