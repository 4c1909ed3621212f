import { webSocketDials } from "@mqtt-meet/mqtt";
import { lookInsideWith } from "../look-inside.ts";
import type { InsideMessage, LookMessage } from "./look-inside.ts";
import type { ToWorker } from "./worker-messages.ts";
import { WorkerRoom } from "./worker-room.ts";

// The entry of the worker: one room for one page, or somebody who only looks who is in it.
const room = new WorkerRoom({ post: (message) => self.postMessage(message) });
self.addEventListener("message", ({ data }: MessageEvent<ToWorker | LookMessage>) => {
  if (data.type === "look") look(data.link);
  else room.handle(data);
});

function look(link: string): void {
  const onPeople = (people: InsideMessage) => self.postMessage(people);
  // Ends with the worker. What is wrong is told when the room is joined.
  lookInsideWith(webSocketDials, link, { onPeople, signal: new AbortController().signal }).catch(() => undefined);
}
