import { type BrokerStatistics, DROP_REASONS, LANES } from "@mqtt-meet/broker";
import type { Presence } from "./room-watcher.ts";

/** What the process itself uses. */
export interface ProcessUse {
  readonly residentBytes: number;
  readonly cpuS: number;
  readonly uptimeS: number;
}

/** What is told of a server. */
export interface ServerNumbers {
  readonly version: string;
  readonly isReady: boolean;
  readonly statistics: BrokerStatistics;
  readonly presence: Presence;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** By labels as they are written; the empty text is none. */
  readonly values: Readonly<Record<string, number>>;
}

/** The numbers of a server in the text format of Prometheus (version 0.0.4). */
export function metricsText(numbers: ServerNumbers, use: ProcessUse): string {
  return [...gauges(numbers, use), ...counters(numbers.statistics, use)].map(textOf).join("");
}

function gauges(numbers: ServerNumbers, { residentBytes, uptimeS }: ProcessUse): Metric[] {
  const { statistics, presence, isReady, version } = numbers;
  const { connections, sessions, subscriptions, retainedMessages, queuedBytes, queueAgeMs } = statistics;
  return [
    gauge("build_info", "Always 1, with the version of the server.", { [labels({ version })]: 1 }),
    gauge("ready", "1 while meetings are possible, 0 while the broker behind the gateway is away.", Number(isReady)),
    gauge("rooms", "Meetings with somebody in them.", presence.rooms),
    gauge("participants", "Participants of all meetings.", presence.participants),
    gauge(
      "queue_age_seconds",
      "How long the message has waited for a client that waits longest, by lane.",
      Object.fromEntries(LANES.map((lane) => [labels({ lane }), queueAgeMs[lane] / 1000])),
    ),
    gauge("connections", "Clients that are connected.", connections),
    gauge("sessions", "Clients that are connected or may come back.", sessions),
    gauge("subscriptions", "Subscriptions of all clients.", subscriptions),
    gauge("retained_messages", "Retained messages.", retainedMessages),
    gauge("queued_bytes", "Bytes that wait in the queues of all clients.", queuedBytes),
    gauge("process_resident_bytes", "Resident memory of the server.", residentBytes),
    gauge("uptime_seconds", "How long the server has been running.", uptimeS),
  ];
}

function counters(s: BrokerStatistics, { cpuS }: ProcessUse): Metric[] {
  return [
    counter("connections_accepted", "Clients that were let in.", s.connectionsAccepted),
    counter("connections_refused", "Clients that were not let in.", s.connectionsRefused),
    counter(
      "addresses_refused",
      "Those of them whose address had too many, was too fast, or had failed too often.",
      s.addressesRefused,
    ),
    counter("throttled", "How often a client that sent too much was not read from for a while.", s.throttled),
    counter(
      "messages",
      "Messages, by direction as the server sees it.",
      byLabel("direction", { in: s.messagesIn, out: s.messagesOut }),
    ),
    counter(
      "bytes",
      "Bytes, by direction as the server sees it.",
      byLabel("direction", { in: s.bytesIn, out: s.bytesOut }),
    ),
    counter(
      "messages_dropped",
      "Messages that a slow client did not get, by lane and reason (too old, no room, without one that it needs).",
      Object.fromEntries(
        LANES.flatMap((lane) => DROP_REASONS.map((reason) => [labels({ lane, reason }), s.dropped[lane][reason]])),
      ),
    ),
    counter("messages_too_large", "Messages that were larger than the client takes.", s.tooLargeDropped),
    counter("messages_offline_dropped", "Messages that were too many for clients that are away.", s.offlineDropped),
    counter("publishes_refused", "Messages that their sender was not allowed to publish.", s.publishesRefused),
    counter(
      "connections_ended",
      "Connections that the server ended, by reason.",
      byLabel("reason", {
        protocol: s.protocolErrors,
        stalled: s.stalledConnections,
        silent: s.silentConnections,
        flooded: s.floodedConnections,
        overflow: s.overflowedConnections,
        fault: s.internalErrors,
      }),
    ),
    counter("process_cpu_seconds", "Processor time of the server.", cpuS),
  ];
}

type Values = number | Readonly<Record<string, number>>;

function gauge(name: string, help: string, values: Values): Metric {
  return {
    name: `mqtt_meet_${name}`,
    help,
    type: "gauge",
    values: typeof values === "number" ? { "": values } : values,
  };
}

function counter(name: string, help: string, values: Values): Metric {
  return { ...gauge(`${name}_total`, help, values), type: "counter" };
}

function byLabel(label: string, values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [labels({ [label]: key }), value]));
}

/** As they stand behind a name: the format wants three characters escaped. */
function labels(pairs: Readonly<Record<string, string>>): string {
  const escaped = (value: string) => value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  return `{${Object.entries(pairs)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")}}`;
}

function textOf({ name, help, type, values }: Metric): string {
  const samples = Object.entries(values).map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join("")}`;
}
