import type { ConnectionState } from "@mqtt-meet/mqtt";
import type { Log } from "./log-entry.ts";

/** Writes down when the broker behind a gateway is lost, and when it is back. Takes every state of a connection to it. */
export function linkLog(log: Log): (state: ConnectionState) => void {
  let isThere: boolean | undefined;
  return ({ status }) => {
    const wasThere = isThere;
    if (status === "connected") isThere = true;
    else if (status !== "closed" && isThere) isThere = false;
    if (isThere === wasThere) return;
    if (isThere === false) log({ level: "warn", event: "broker-lost", message: "The broker is away." });
    else if (wasThere === false) log({ level: "info", event: "broker-back", message: "The broker is back." });
  };
}
