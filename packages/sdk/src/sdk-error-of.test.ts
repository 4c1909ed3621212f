import { ConnectionError } from "@mqtt-meet/mqtt";
import { expect, test } from "vitest";
import { SdkError } from "./sdk-error.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

test("sdkErrorOf says what a failure of the connection means for the room", () => {
  const codeOf = (...options: ConstructorParameters<typeof ConnectionError>) =>
    sdkErrorOf(new ConnectionError(...options)).code;
  expect(codeOf("not-authorized", "No.", { reasonCode: 0x87 })).toBe("not-authorized");
  expect(codeOf("bad-credentials", "No.", { reasonCode: 0x86 })).toBe("not-authorized");
  expect(codeOf("refused", "No.", { reasonCode: 0x85 })).toBe("not-authorized");
  expect(codeOf("not-authorized", "No.", { reasonCode: 0x98 })).toBe("removed");
  expect(codeOf("refused", "404")).toBe("server-unreachable");
  expect(codeOf("taken-over", "Another.")).toBe("taken-over");
  expect(codeOf("tls", "Untrusted.")).toBe("certificate-untrusted");
  expect(codeOf("timeout", "Late.")).toBe("server-unreachable");
});

test("sdkErrorOf keeps what is an SdkError already, and the cause of anything else", () => {
  const error = new SdkError("unsupported", "No.");
  expect(sdkErrorOf(error)).toBe(error);
  const cause = new Error("boom");
  expect(sdkErrorOf(cause)).toMatchObject({ code: "room-closed", cause });
});
