import type { Dictionary } from "../language/en.ts";

/** What to do with a room's own `link`, and what it opens. */
export function inviteSentence(link: string, meeting: Dictionary["meeting"]): string {
  const [, fragment = ""] = link.split("#");
  if (fragment === "") return meeting.inviteOpen;
  return fragment === "p" ? meeting.invitePassphrase : meeting.inviteSentence;
}
