import type { BrokerEvents, ConnectedClient } from "@mqtt-meet/broker";
import { LineLimit, type LineRates } from "./line-limit.ts";
import type { Log, LogEntry } from "./log-entry.ts";

/**
 * Twenty lines show what is going on; then one of a kind every three seconds, and one a second in all. Whoever knocks without end
 * fills at most about 30 MB a day with it.
 */
const RATES: LineRates = { each: { burst: 20, perS: 1 / 3 }, all: { burst: 100, perS: 1 } };
const SUMMARY_MS = 60_000;
/** Of a stack; the rest is of the event loop. */
const MAX_STACK_CHARACTERS = 2000;
/** Happens to everybody whose connection comes back before the old one is missed. */
const USUAL_CAUSES: ReadonlySet<string> = new Set(["session-taken-over"]);

/** What a broker tells of its clients, as lines of a log. */
export interface ClientLog extends BrokerEvents {
  /** Writes what was left out, and ends. */
  close(): void;
}

/** Writes down who is refused and cut off and why, within bounds; on "debug" also who comes and goes, without. */
export function clientLog(log: Log, now: () => number = () => performance.now()): ClientLog {
  const limit = new LineLimit(RATES, now());
  const bounded = (kind: string, entry: LogEntry) => {
    if (limit.admit(kind, now())) log(entry);
  };
  const summarize = () => {
    for (const [kind, count] of limit.takeLeftOut()) {
      const [event, why] = kind.split(" ");
      log({ level: "info", event: "lines-left-out", message: "More of the same.", fields: { of: event, why, count } });
    }
  };
  const timer = setInterval(summarize, SUMMARY_MS).unref();
  return {
    onConnect: (client) => log({ level: "debug", event: "connected", message: "A client is in.", fields: who(client) }),
    onDisconnect: (client) =>
      log({ level: "debug", event: "disconnected", message: "A client is gone.", fields: who(client) }),
    onRefuse: ({ reason, remoteAddress: address, transport }) => {
      const fields = { why: reason, address, transport };
      bounded(`refused ${reason}`, { level: "info", event: "refused", message: "A client was not let in.", fields });
    },
    onCut: (client, cause) => {
      const level = USUAL_CAUSES.has(cause) ? "debug" : "info";
      const fields = { why: cause, ...who(client) };
      bounded(`cut ${cause}`, { level, event: "cut", message: "A client was cut off.", fields });
    },
    onError: (error) => {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      const fields = { stack: stack?.slice(0, MAX_STACK_CHARACTERS) };
      bounded("fault", { level: "error", event: "fault", message, fields });
    },
    close: () => {
      clearInterval(timer);
      summarize();
    },
  };
}

function who({ clientId, remoteAddress, transport, level }: ConnectedClient) {
  return { client: clientId, address: remoteAddress, transport, mqtt: level === 5 ? "5" : "3.1.1" };
}
