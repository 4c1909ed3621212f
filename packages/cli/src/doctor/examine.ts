import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ConnectionError, type ProtocolLevel } from "@mqtt-meet/mqtt";
import type { BrokerLimits, Diagnosis } from "./diagnosis.ts";
import { Echo } from "./echo.ts";
import { type ProbeClient, ProbeRoom } from "./probe-line.ts";
import { slowSubscriberTest } from "./slow-subscriber.ts";

/** How thoroughly a broker is examined. */
export interface ExamineOptions {
  readonly signal: AbortSignal;
  /** Of each of the two tests under load, in seconds. */
  readonly loadSeconds: number;
}

/** What does not come in this time is lost. */
const LOST_MS = 3_000;
const RETAINED_MS = 500;
/** Every connection and subscription of an examination, which are some twenty. */
const MAX_LISTENERS = 100;
const ROUND_TRIPS = 20;
const SMALL_MESSAGES = 100;
const SMALL_INTERVAL_MS = 5;
const SMALL_BYTES = 120;
const PICTURE_BYTES = 20_000;
/** The largest packet of a meeting, then what some brokers' limits leave of a mebibyte. */
const SIZES_BYTES = [33 * 1024, 128 * 1024 - 256, 512 * 1024, 1024 * 1024 - 256];
const FLOOD_BYTES = 32 * 1024;
/** The flood keeps this much on its way: more would only fill queues. */
const FLOOD_AHEAD_BYTES = 1024 * 1024;

/** Finds out what a broker can do and what it does to media. Rejects with a ConnectionError when it lets nobody in. */
export async function examine(url: string, options: ExamineOptions): Promise<Diagnosis> {
  const { loadSeconds } = options;
  const signal = AbortSignal.any([options.signal]);
  setMaxListeners(MAX_LISTENERS, signal);
  const room = await ProbeRoom.create(url);
  const [five, four] = [await tryLevel(room, 5, signal), await tryLevel(room, 4, signal)];
  if (five instanceof ConnectionError && four instanceof ConnectionError) throw four;
  const limits = five instanceof ConnectionError ? undefined : five;
  const known = {
    url: withoutAccount(url),
    mqtt5: limits !== undefined,
    mqtt311: !(four instanceof ConnectionError),
    limits,
  };
  await using from = await room.enter({ signal });
  await using to = await room.enter({ signal });
  const echo = await openEcho(room, { from, to }, signal);
  if (!echo) return { ...known, ...NOTHING };
  return {
    ...known,
    ...(await measure(echo, loadSeconds)),
    carriesMeetings: true,
    version: await versionOf(to, signal),
    qos1: await arrives(room, { from, to }, signal),
    retained: await retainedOf(room, signal),
    slowSubscriber: await slowSubscriberTest(room, { seconds: loadSeconds, signal }),
    largestPacketBytes: await largestPacket(room, signal),
    forgeable: await isForgeable(room, signal),
  };
}

const NOTHING: Omit<Diagnosis, "url" | "mqtt5" | "mqtt311" | "limits"> = {
  ...{ version: undefined, carriesMeetings: false, qos1: false, retained: "none", forgeable: false },
  ...{ roundTripMs: 0, smallMessageMs: 0, pictureMs: undefined, largestPacketBytes: 0, throughputMbps: 0 },
  slowSubscriber: { sentMb: 0, staleMb: 0, disconnected: false, othersShare: 0, othersGapMs: 0, gapBeforeMs: 0 },
};

async function tryLevel(
  room: ProbeRoom,
  level: ProtocolLevel,
  signal: AbortSignal,
): Promise<BrokerLimits | ConnectionError> {
  try {
    await using client = await room.enter({ level, signal });
    const told = client.properties ?? {};
    return {
      maximumPacketBytes: told.maximumPacketBytes,
      receiveMaximum: told.receiveMaximum,
      maximumQos: told.maximumQos,
      topicAliasMaximum: told.topicAliasMaximum,
      serverKeepAliveS: told.serverKeepAliveS,
      retainAvailable: told.retainAvailable ?? true,
      wildcardSubscriptions: told.wildcardSubscriptionAvailable ?? true,
      sharedSubscriptions: told.sharedSubscriptionAvailable ?? true,
      subscriptionIdentifiers: told.subscriptionIdentifierAvailable ?? true,
    };
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
}

/** Undefined when what is sent does not arrive. */
async function openEcho(
  room: ProbeRoom,
  clients: { from: ProbeClient; to: ProbeClient },
  signal: AbortSignal,
): Promise<Echo | undefined> {
  try {
    const echo = await Echo.open(room, clients, signal);
    return (await echo.time(SMALL_BYTES, LOST_MS)) === undefined ? undefined : echo;
  } catch (error) {
    if (error instanceof ConnectionError) return undefined; // the subscription was refused
    throw error;
  }
}

async function measure(
  echo: Echo,
  loadSeconds: number,
): Promise<Pick<Diagnosis, "roundTripMs" | "smallMessageMs" | "pictureMs" | "throughputMbps">> {
  const roundTrips: number[] = [];
  for (let index = 0; index < ROUND_TRIPS; index++) roundTrips.push((await echo.time(SMALL_BYTES, LOST_MS)) ?? LOST_MS);
  const small: Promise<number | undefined>[] = [];
  for (let index = 0; index < SMALL_MESSAGES; index++) {
    small.push(echo.time(SMALL_BYTES, LOST_MS));
    await delay(SMALL_INTERVAL_MS);
  }
  const smallMs = (await Promise.all(small)).map((ms) => ms ?? LOST_MS);
  const pictures = await Promise.all([0, 1, 2].map(() => echo.time(PICTURE_BYTES, LOST_MS)));
  const arrived = pictures.filter((ms) => ms !== undefined);
  return {
    roundTripMs: quantile(roundTrips, 0.5),
    smallMessageMs: quantile(smallMs, 0.5),
    pictureMs: arrived.length < pictures.length ? undefined : quantile(arrived, 0.5),
    throughputMbps: await throughput(echo, loadSeconds),
  };
}

/** As much as comes through while a bounded amount is on its way. */
async function throughput(echo: Echo, seconds: number): Promise<number> {
  const [beganMs, beganBytes] = [performance.now(), echo.bytes];
  let sentBytes = 0;
  while (performance.now() - beganMs < seconds * 1000) {
    while (sentBytes - (echo.bytes - beganBytes) < FLOOD_AHEAD_BYTES) {
      if (echo.send(FLOOD_BYTES) === undefined) return 0;
      sentBytes += FLOOD_BYTES;
    }
    await delay(1);
  }
  return ((echo.bytes - beganBytes) * 8) / (performance.now() - beganMs) / 1000;
}

/** Where `$SYS` says it. */
async function versionOf(client: ProbeClient, signal: AbortSignal): Promise<string | undefined> {
  let version: string | undefined;
  const onMessage = ({ payload }: { payload: Uint8Array }) => {
    version = new TextDecoder().decode(payload.subarray(0, 100));
  };
  try {
    await client.connection.subscribe("$SYS/broker/version", onMessage, { qos: 0, signal });
    await delay(RETAINED_MS, undefined, { signal });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error; // most refuse it
  }
  return version;
}

async function arrives(room: ProbeRoom, { from, to }: { from: ProbeClient; to: ProbeClient }, signal: AbortSignal) {
  let came = false;
  try {
    await to.connection.subscribe(room.topics.allMessages, () => (came = true), { qos: 1, signal });
    await from.connection.publish(room.topics.all(from.peer), new Uint8Array([123, 125]), {
      qos: 1,
      signal: AbortSignal.timeout(LOST_MS),
    });
    await until(() => came, LOST_MS);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error; // refused, or too late
  }
  return came;
}

async function retainedOf(room: ProbeRoom, signal: AbortSignal): Promise<Diagnosis["retained"]> {
  await using keeper = await room.enter({ signal });
  const topic = room.topics.state(keeper.peer);
  const put = (payload: Uint8Array) =>
    keeper.connection.publish(topic, payload, { qos: 1, retain: true, signal: AbortSignal.timeout(LOST_MS) });
  try {
    await put(new Uint8Array([123, 125]));
    if (await comes(room, room.topics.allStates, signal)) return "wildcard";
    return (await comes(room, topic, signal)) ? "exact" : "none";
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return "none";
  } finally {
    await put(new Uint8Array(0)).catch(() => undefined); // nothing of the examination stays, where that can be had
  }
}

async function comes(room: ProbeRoom, filter: string, signal: AbortSignal): Promise<boolean> {
  await using reader = await room.enter({ signal });
  let came = false;
  await reader.connection.subscribe(filter, () => (came = true), { qos: 1, signal });
  await until(() => came, RETAINED_MS);
  return came;
}

/** Each size on connections of its own: some brokers close those on which too large a packet comes. */
async function largestPacket(room: ProbeRoom, signal: AbortSignal): Promise<number> {
  let largest = 0;
  for (const size of SIZES_BYTES) {
    await using from = await room.enter({ signal });
    await using to = await room.enter({ signal });
    const echo = await Echo.open(room, { from, to }, signal);
    if ((await echo.time(size, LOST_MS)) === undefined) return largest;
    largest = size;
  }
  return largest;
}

/** Whether a member hears what another one said in the name of a third. */
async function isForgeable(room: ProbeRoom, signal: AbortSignal): Promise<boolean> {
  await using victim = await room.enter({ signal });
  await using forger = await room.enter({ signal });
  await using reader = await room.enter({ signal });
  let came = false;
  await reader.connection.subscribe(room.topics.allMessages, () => (came = true), { qos: 0, signal });
  forger.connection.send(room.topics.all(victim.peer), new Uint8Array([123, 125]));
  await until(() => came, RETAINED_MS);
  return came;
}

async function until(condition: () => boolean, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!condition() && performance.now() < endMs) await delay(5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function withoutAccount(text: string): string {
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.href;
}
