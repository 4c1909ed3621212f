import type { Diagnosis } from "./diagnosis.ts";

/** One thing to know or to do. "problem": meetings do not work or not well; "hint": they could be better. */
export interface Advice {
  readonly kind: "problem" | "hint";
  readonly text: string;
}

/** The largest packet of a meeting, with its topic. */
const PACKET_BYTES = 33 * 1024;
/** A 20 kB picture that takes longer than this beyond the round trip is no matter of the network. */
const SLOW_PICTURE_MS = 100;
/** Nagle's algorithm and a delayed acknowledgement hold small messages for up to 40 ms, 20 in the middle. */
const GROUPED_MS = 12;
/** A participant's pictures at 720p. */
const NEEDED_MBPS = 1.5;
/** Somebody else's stall must not be seen: it makes no gap longer by this. */
const GAP_MS = 500;
/** The share of a stalled video that is kept when nothing is dropped, less what arrived before. */
const KEPT_SHARE = 0.85;

const GATEWAY = "let clients through the gateway: mqtt-meet serve --broker URL";

/** What to change about a broker, most important first. */
export function advise(diagnosis: Diagnosis): Advice[] {
  if (!diagnosis.carriesMeetings) {
    return [problem("Messages below mm/1/ do not arrive: give the account the right to publish and subscribe there.")];
  }
  return [...packetAdvice(diagnosis), ...delayAdvice(diagnosis), ...slowAdvice(diagnosis), ...otherAdvice(diagnosis)];
}

function packetAdvice({ largestPacketBytes, qos1 }: Diagnosis): Advice[] {
  const advice: Advice[] = [];
  if (largestPacketBytes < PACKET_BYTES) {
    const settings = "mosquitto max_packet_size, NATS max_payload, EMQX mqtt.max_packet_size";
    advice.push(problem(`Packets of 32 KiB do not come through: allow at least 1 MiB (${settings}).`));
  }
  if (!qos1) advice.push(problem("Messages of QoS 1 do not arrive: chat and requests need them."));
  return advice;
}

function delayAdvice({ url, roundTripMs, pictureMs, smallMessageMs, throughputMbps }: Diagnosis): Advice[] {
  const advice: Advice[] = [];
  if (pictureMs !== undefined && pictureMs - roundTripMs > SLOW_PICTURE_MS) {
    const path = url.startsWith("ws") ? "its WebSocket is slow; use its TCP port and " : "";
    advice.push(problem(`A picture of 20 kB takes ${Math.round(pictureMs)} ms: ${path}${GATEWAY}.`));
  } else if (smallMessageMs - roundTripMs > GROUPED_MS) {
    const setting = "turn TCP_NODELAY on (mosquitto: set_tcp_nodelay true)";
    advice.push(hint(`Small messages wait for each other, ${Math.round(smallMessageMs)} ms: ${setting}.`));
  }
  if (throughputMbps < NEEDED_MBPS) {
    advice.push(hint(`Only ${throughputMbps.toFixed(1)} Mbit/s come through: pictures will be small.`));
  }
  return advice;
}

function slowAdvice({ slowSubscriber }: Diagnosis): Advice[] {
  const { othersGapMs, gapBeforeMs, othersShare, staleMb, sentMb, disconnected } = slowSubscriber;
  if (othersGapMs - gapBeforeMs > GAP_MS || othersShare < 0.9) {
    return [problem(`One subscriber that stops reading holds up the others (${othersGapMs} ms): ${GATEWAY}.`)];
  }
  if (disconnected || staleMb < sentMb * KEPT_SHARE) return [];
  const settings =
    "mosquitto: max_queued_messages 100; ejabberd: max_fsm_queue: 100; RabbitMQ from 3.12 on: mqtt.mailbox_soft_limit = 100";
  const what = `A slow subscriber gets everything late (${staleMb.toFixed(1)} of ${sentMb.toFixed(1)} MB were kept for it)`;
  return [hint(`${what}: bound its queue (${settings}), or ${GATEWAY}.`)];
}

function otherAdvice({ forgeable, mqtt5, retained, limits }: Diagnosis): Advice[] {
  const advice: Advice[] = [];
  if (forgeable)
    advice.push(hint(`Members can speak as one another: give the broker rights for topics, or ${GATEWAY}.`));
  if (!mqtt5) advice.push(hint("MQTT 3.1.1 only: it works; topics are sent in full and wills fire at once."));
  if (retained !== "wildcard") {
    advice.push(hint("Retained messages do not come to wildcards: it works; who joins is told by the others."));
  }
  const keepAliveS = limits?.serverKeepAliveS;
  if (keepAliveS !== undefined && keepAliveS > 60) {
    advice.push(hint(`It lets clients be silent for ${keepAliveS} s: at most 60 lets lost ones be noticed sooner.`));
  }
  return advice;
}

function problem(text: string): Advice {
  return { kind: "problem", text };
}

function hint(text: string): Advice {
  return { kind: "hint", text };
}
