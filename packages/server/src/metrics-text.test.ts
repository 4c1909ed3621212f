import { Broker } from "@mqtt-meet/broker";
import { expect, test } from "vitest";
import { metricsText } from "./metrics-text.ts";
import { parseMetrics } from "./testing/parse-metrics.ts";

const USE = { residentBytes: 1e8, cpuS: 1.5, uptimeS: 60 };
const PRESENCE = { rooms: 2, participants: 5 };

function textOf(change: Partial<Broker["statistics"]> = {}, version = "1.2.3"): string {
  using broker = new Broker();
  const statistics = { ...broker.statistics, ...change };
  return metricsText({ statistics, presence: PRESENCE, isReady: true, version }, USE);
}

test("metricsText tells everything that the broker counts, in a text that a strict parser takes", () => {
  using broker = new Broker();
  const { dropped, queueAgeMs, ...numbers } = broker.statistics;
  const samples = parseMetrics(
    textOf({
      ...{ messagesIn: 7, stalledConnections: 2 },
      dropped: { ...dropped, audio: { age: 3, room: 4, incomplete: 0 } },
      queueAgeMs: { ...queueAgeMs, "video-large": 250 },
    }),
  );
  expect(samples.get('mqtt_meet_messages_total{direction="in"}')).toBe(7);
  expect(samples.get('mqtt_meet_messages_dropped_total{lane="audio",reason="age"}')).toBe(3);
  expect(samples.get('mqtt_meet_messages_dropped_total{lane="audio",reason="room"}')).toBe(4);
  expect(samples.get('mqtt_meet_queue_age_seconds{lane="video-large"}')).toBe(0.25);
  expect(samples.get('mqtt_meet_connections_ended_total{reason="stalled"}')).toBe(2);
  expect(samples.get("mqtt_meet_process_cpu_seconds_total")).toBe(1.5);
  expect(samples.get("mqtt_meet_rooms")).toBe(2);
  // Every number; drops by four lanes and three reasons, ages by lane; four of the server, three of the process.
  expect(samples.size).toBe(Object.keys(numbers).length + 4 * 3 + 4 + 4 + 3);
});

test("metricsText escapes what would end a label", () => {
  const samples = parseMetrics(textOf({}, '1"2\\3\n4'));
  expect(samples.get('mqtt_meet_build_info{version="1\\"2\\\\3\\n4"}')).toBe(1);
});

test("the counters of metricsText are named as counters, and only they", () => {
  const types = [...textOf().matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(20);
  for (const [, name = "", type] of types) expect(name.endsWith("_total"), name).toBe(type === "counter");
});

test.each([
  ["a sample without TYPE", "# HELP a A.\na 1\n"],
  ["a sample of another metric", "# HELP a A.\n# TYPE a gauge\nb 1\n"],
  ["labels twice", '# HELP a A.\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
  ["a metric in two places", "# HELP a A.\n# TYPE a gauge\na 1\n# HELP b B.\n# TYPE b gauge\nb 1\n# HELP a A.\n"],
  ["no number", "# HELP a A.\n# TYPE a gauge\na one\n"],
  ["an end of a label", '# HELP a A.\n# TYPE a gauge\na{x="1"2"} 1\n'],
  ["an unknown escape", '# HELP a A.\n# TYPE a gauge\na{x="\\t"} 1\n'],
  ["a last line without end", "# HELP a A.\n# TYPE a gauge\na 1"],
  ["an unknown type", "# HELP a A.\n# TYPE a number\na 1\n"],
])("the parser of these tests refuses %s", (_, text) => {
  expect(() => parseMetrics(text)).toThrow();
});
