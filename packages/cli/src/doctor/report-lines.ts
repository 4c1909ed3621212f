import type { Advice } from "./advise.ts";
import type { BrokerLimits, Diagnosis } from "./diagnosis.ts";

/** A diagnosis as people read it. */
export function reportLines(diagnosis: Diagnosis, advice: readonly Advice[]): string[] {
  const lines = [...abilities(diagnosis), ...(diagnosis.carriesMeetings ? measurements(diagnosis) : [])];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    ...lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    "",
    ...(advice.length === 0
      ? ["Nothing to change."]
      : advice.map(({ kind, text }) => `${kind === "problem" ? "!" : "-"} ${text}`)),
  ];
}

type Line = readonly [string, string];

function abilities(diagnosis: Diagnosis): Line[] {
  const { url, version, mqtt5, mqtt311, limits, qos1, retained, carriesMeetings } = diagnosis;
  const levels = [mqtt311 && "3.1.1", mqtt5 && "5"].filter(Boolean).join(" and ");
  const lines: Line[] = [
    ["broker", version ? `${url} (${version})` : url],
    ["MQTT", levels],
    ...(limits ? limitLines(limits) : []),
    ["meetings", carriesMeetings ? "come through" : "do not come through"],
  ];
  if (!carriesMeetings) return lines;
  return [...lines, ["QoS 1", qos1 ? "arrives" : "does not arrive"], ["retained", RETAINED[retained]]];
}

function limitLines(limits: BrokerLimits): Line[] {
  const { maximumPacketBytes, serverKeepAliveS, maximumQos = 2 } = limits;
  const lacks = [
    !limits.wildcardSubscriptions && "wildcards",
    !limits.sharedSubscriptions && "shared subscriptions",
    !limits.subscriptionIdentifiers && "subscription identifiers",
    !limits.retainAvailable && "retained messages",
  ].filter(Boolean);
  return [
    ["packets", maximumPacketBytes === undefined ? "no limit told" : `${kib(maximumPacketBytes)} at most`],
    ["keep alive", serverKeepAliveS === undefined ? "the client's" : `${serverKeepAliveS} s`],
    ["highest QoS", String(maximumQos)],
    ["lacks", lacks.join(", ") || "nothing that it tells"],
  ];
}

const RETAINED = { wildcard: "come to wildcards", exact: "come to exact topics only", none: "do not come" } as const;

function measurements(diagnosis: Diagnosis): Line[] {
  const { roundTripMs, smallMessageMs, pictureMs, largestPacketBytes, throughputMbps, slowSubscriber } = diagnosis;
  const { staleMb, sentMb, disconnected, othersGapMs } = slowSubscriber;
  const fate = disconnected ? "is disconnected" : `gets ${staleMb.toFixed(1)} of ${sentMb.toFixed(1)} MB late`;
  return [
    [
      "publisher to subscriber",
      `${roundTripMs.toFixed(1)} ms; half of small ones within ${smallMessageMs.toFixed(1)} ms`,
    ],
    ["picture of 20 kB", pictureMs === undefined ? "does not arrive" : `${pictureMs.toFixed(1)} ms`],
    ["largest packet tried", largestPacketBytes === 0 ? "none came through" : kib(largestPacketBytes)],
    ["throughput", `${throughputMbps.toFixed(0)} Mbit/s`],
    ["slow subscriber", `${fate}; others wait ${othersGapMs} ms at most`],
  ];
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
