import { effect } from "@preact/signals";
import type { Visit, VisitPhase } from "./visit.ts";

/** What the page around a frame is told, by postMessage: no secret, no name, nothing that was said. */
export interface FrameState {
  readonly type: "mqtt-meet";
  readonly state: Exclude<VisitPhase["name"], "turned-away">;
  /** While joining: a host has to let us in, or to unlock the meeting. */
  readonly standing?: "waiting" | "locked";
  /** In the meeting, with us. */
  readonly people?: number;
  /** Why it did not begin, or is over. */
  readonly failure?: string;
}

/**
 * Tells the page around this one how the visit goes until the returned function is called. Which pages may be around this one is
 * in the server's policy, so whoever listens was allowed.
 */
export function tellParent(visit: Pick<Visit, "phase">, post: (state: FrameState) => void = postToParent): () => void {
  return effect(() => post(frameState(visit.phase.value)));
}

function frameState(phase: VisitPhase): FrameState {
  if (phase.name === "turned-away") return { type: "mqtt-meet", state: "left", failure: "removed" };
  const standing = "standing" in phase && phase.standing !== undefined ? { standing: phase.standing } : {};
  const failure = "failure" in phase && phase.failure !== undefined ? { failure: phase.failure } : {};
  const people = phase.name === "meeting" ? { people: phase.meeting.room.participants.value.length + 1 } : {};
  return { type: "mqtt-meet", state: phase.name, ...standing, ...people, ...failure };
}

function postToParent(state: FrameState): void {
  parent.postMessage(state, "*");
}
