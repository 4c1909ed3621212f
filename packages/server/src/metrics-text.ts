import { type BrokerStatistics, LANES } from "@mqtt-meet/broker";

/** What the process itself uses. */
export interface ProcessUse {
  readonly residentBytes: number;
  readonly cpuS: number;
  readonly uptimeS: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** By labels as they are written; the empty text is none. */
  readonly values: Readonly<Record<string, number>>;
}

/** The numbers of a server in the text format of Prometheus (version 0.0.4). */
export function metricsText(statistics: BrokerStatistics, use: ProcessUse): string {
  return [...gauges(statistics, use), ...counters(statistics, use)].map(textOf).join("");
}

function gauges(statistics: BrokerStatistics, { residentBytes, uptimeS }: ProcessUse): Metric[] {
  const { connections, sessions, subscriptions, retainedMessages, queuedBytes } = statistics;
  return [
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
      { in: s.messagesIn, out: s.messagesOut },
      "direction",
    ),
    counter("bytes", "Bytes, by direction as the server sees it.", { in: s.bytesIn, out: s.bytesOut }, "direction"),
    counter(
      "messages_dropped",
      "Messages that were too old or too many for a slow client, by lane.",
      Object.fromEntries(LANES.map((lane) => [lane, s.dropped[lane]])),
      "lane",
    ),
    counter("messages_too_large", "Messages that were larger than the client takes.", s.tooLargeDropped),
    counter("messages_offline_dropped", "Messages that were too many for clients that are away.", s.offlineDropped),
    counter("publishes_refused", "Messages that their sender was not allowed to publish.", s.publishesRefused),
    counter(
      "connections_ended",
      "Connections that the server ended, by reason.",
      {
        protocol: s.protocolErrors,
        stalled: s.stalledConnections,
        silent: s.silentConnections,
        flooded: s.floodedConnections,
        overflow: s.overflowedConnections,
        fault: s.internalErrors,
      },
      "reason",
    ),
    counter("process_cpu_seconds", "Processor time of the server.", cpuS),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: `mqtt_meet_${name}`, help, type: "gauge", values: { "": value } };
}

function counter(name: string, help: string, value: number | Record<string, number>, label = ""): Metric {
  const values = typeof value === "number" ? { "": value } : value;
  const labelled = Object.entries(values).map(([key, each]) => [key === "" ? "" : `{${label}="${key}"}`, each]);
  return { name: `mqtt_meet_${name}_total`, help, type: "counter", values: Object.fromEntries(labelled) };
}

function textOf({ name, help, type, values }: Metric): string {
  const samples = Object.entries(values).map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join("")}`;
}
