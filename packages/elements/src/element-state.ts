import type { DoorStanding } from "@mqtt-meet/sdk/browser";

/**
 * How a meeting in an element goes. "lobby": of a room, before it is joined. "waiting": of a view, while nobody has a picture.
 * "failed": with a sentence that says why.
 */
export type ElementState =
  | "idle"
  | "joining"
  | "lobby"
  | "meeting"
  | "waiting"
  | "showing"
  | "reconnecting"
  | "left"
  | "failed";

/** The detail of the event `mqtt-meet-state`. */
export interface ElementStateDetail {
  readonly state: ElementState;
  /** Of "joining" in a token room: a host has to let us in, or the meeting is locked. */
  readonly standing?: DoorStanding | undefined;
  /** In the meeting, with the element's own. */
  readonly people?: number | undefined;
  /** Of "failed", for people, in the page's language. */
  readonly sentence?: string | undefined;
}

/** Tells listeners of `element`, outside of shadow trees, too. */
export function tellState(element: Element, detail: ElementStateDetail): void {
  element.dispatchEvent(new CustomEvent("mqtt-meet-state", { detail, bubbles: true, composed: true }));
}
