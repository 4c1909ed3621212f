import type { LookInsideOptions, PersonInside } from "../look-inside.ts";

/** What the window posts to a worker that shall only look. */
export interface LookMessage {
  readonly type: "look";
  readonly link: string;
}

/** What that worker answers, again and again. */
export type InsideMessage = readonly PersonInside[];

/** Tells who is in the room of `link` without joining it, until the signal is aborted. A link that leads nowhere tells nothing. */
export function lookInside(link: string, { onPeople, signal }: LookInsideOptions): void {
  if (signal.aborted) return;
  const worker = new Worker(new URL("./room-worker.js", import.meta.url), { type: "module", name: "mqtt-meet lobby" });
  worker.onmessage = ({ data }: MessageEvent<InsideMessage>) => onPeople(data);
  // What is wrong is told when the room is joined.
  worker.onerror = (event) => event.preventDefault();
  signal.addEventListener("abort", () => worker.terminate(), { once: true });
  const message: LookMessage = { type: "look", link };
  worker.postMessage(message);
}
