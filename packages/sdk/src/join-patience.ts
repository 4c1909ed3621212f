import { ConnectionError } from "@mqtt-meet/mqtt";

/** Joining is not tried more often: somebody waits for it. */
const JOIN_ATTEMPTS = 3;
/** A cluster that elects a leader says that it is busy, and lets us in some seconds later: 4 to 9 s are waited for it. */
const JOIN_ATTEMPTS_WHILE_BUSY = 5;

/** Says of each failure to connect whether it is one too many. */
export function joinPatience(): (error: Error) => boolean {
  let [failures, refusals] = [0, 0];
  return (error) => {
    if (error instanceof ConnectionError && error.code === "server-busy") refusals++;
    else failures++;
    return failures >= JOIN_ATTEMPTS || refusals >= JOIN_ATTEMPTS_WHILE_BUSY;
  };
}
