import { SdkError } from "@mqtt-meet/sdk/browser";

const FAILURES = [
  "server-unreachable",
  "server-unknown",
  "certificate-untrusted",
  "passphrase-weak",
  "not-authorized",
  "invitation-expired",
  "removed",
  "ended",
  "taken-over",
  "room-full",
  "unsupported",
  "worker-failed",
] as const;

/** Why a meeting did not begin, or is over. */
export type FailureCode = (typeof FAILURES)[number] | "other";

/** What to tell of `error`. */
export function failureOf(error: unknown): FailureCode {
  if (!(error instanceof SdkError)) return "other";
  return FAILURES.find((known) => known === error.code) ?? "other";
}
