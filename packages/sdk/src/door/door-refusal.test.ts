import { ConnectionError, type ConnectionErrorCode, ReasonCode } from "@mqtt-meet/mqtt";
import { expect, test } from "vitest";
import { sdkErrorOf } from "../sdk-error-of.ts";
import { isDoorClosed, lossAtDoor } from "./door-refusal.ts";

const refusal = (code: ConnectionErrorCode, reasonCode?: number) => new ConnectionError(code, "No.", { reasonCode });

test("a CONNECT that is not authorized stands before a closed door, and wrong credentials never do (D1)", () => {
  expect(isDoorClosed(sdkErrorOf(refusal("not-authorized", ReasonCode.notAuthorized)))).toBe(true);
  expect(isDoorClosed(sdkErrorOf(refusal("not-authorized", 5)))).toBe(true);
  for (const other of [
    refusal("bad-credentials", ReasonCode.badUserNameOrPassword),
    refusal("not-authorized", ReasonCode.administrativeAction),
    refusal("not-authorized"), // what stands before the broker
    refusal("server-busy", ReasonCode.quotaExceeded),
    new Error("No."),
  ]) {
    expect(isDoorClosed(sdkErrorOf(other))).toBe(false);
  }
});

test("the end of a wait says whether a host, the time, or the network ended it", () => {
  const stay = { wasLetWait: true, expiresAtMs: 1_000, nowMs: 999 };
  const codeOf = (error: Error, changes: Partial<typeof stay> = {}) => lossAtDoor(error, { ...stay, ...changes }).code;
  expect(codeOf(refusal("not-authorized", ReasonCode.administrativeAction))).toBe("removed");
  expect(lossAtDoor(refusal("not-authorized", ReasonCode.administrativeAction), stay).message).toBe(
    "A host did not let you in.",
  );
  const dead = refusal("bad-credentials", ReasonCode.badUserNameOrPassword);
  expect(codeOf(dead)).toBe("removed");
  expect(codeOf(dead, { wasLetWait: false })).toBe("not-authorized");
  expect(codeOf(dead, { nowMs: 1_000 })).toBe("invitation-expired");
  expect(codeOf(refusal("not-authorized", ReasonCode.notAuthorized), { nowMs: 1_000 })).toBe("invitation-expired");
  expect(codeOf(refusal("not-authorized", ReasonCode.notAuthorized))).toBe("not-authorized");
  expect(codeOf(refusal("unreachable"))).toBe("server-unreachable");
});
