import type { DoorRules, Standing } from "@mqtt-meet/protocol";

/** What decides whether somebody comes in who has the right to the room. */
export interface Visit {
  /** It is a host. */
  readonly isAdmin: boolean;
  /** Its token or invitation says that it waits for a host. */
  readonly mustWait: boolean;
  /** This participant was inside before, or a host let it in. */
  readonly isKnown: boolean;
  /** Somebody was inside who came with the same token or invitation: most likely the same person, with a page loaded anew. */
  readonly isTicketKnown: boolean;
}

/** Who may come in, and who waits (D1). */
export function standingOf(visit: Visit, rules: Pick<DoorRules, "locked" | "waiting">): Standing {
  if (visit.isAdmin || visit.isKnown) return "in";
  if (rules.locked) return visit.isTicketKnown ? "waiting" : "locked";
  return rules.waiting || visit.mustWait ? "waiting" : "in";
}
