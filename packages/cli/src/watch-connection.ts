import type { Room } from "@mqtt-meet/sdk/node";
import type { Reporter } from "./reporter.ts";
import type { Ending } from "./run-until.ts";

/**
 * Tells people when nothing in the room is encrypted, when its connection is lost and back, and ends the command when it
 * is lost for good.
 */
export function watchConnection(room: Room, reporter: Reporter, ending: Ending): void {
  if (!room.encryption.value.encrypted) {
    reporter.event("This meeting is not encrypted: whoever runs the broker can watch and listen.");
  }
  let lost = false;
  const unsubscribe = room.connection.subscribe((connection) => {
    if (connection.status === "waiting" && !lost) {
      lost = true;
      reporter.event("The connection to the meeting was lost; trying again.");
    } else if (connection.status === "connected" && lost) {
      lost = false;
      reporter.event("Connected to the meeting again.");
    } else if (connection.status === "closed") {
      if (connection.error) ending.fail(connection.error);
      else ending.stop();
    }
  });
  ending.signal.addEventListener("abort", unsubscribe, { once: true });
}
