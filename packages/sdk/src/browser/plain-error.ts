import { MediaError } from "@mqtt-meet/media";
import { SdkError } from "@mqtt-meet/sdk";

/** An error on its way between window and worker: errors lose their class and their code when they are posted. */
export type PlainError =
  | { readonly kind: "sdk"; readonly code: SdkError["code"]; readonly message: string }
  | { readonly kind: "media"; readonly code: MediaError["code"]; readonly message: string }
  | { readonly kind: "type" | "other"; readonly message: string };

/** What can be posted of `error`. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof SdkError) return { kind: "sdk", code: error.code, message: error.message };
  if (error instanceof MediaError) return { kind: "media", code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof TypeError ? "type" : "other", message };
}

/** The error that was posted. */
export function fromPlainError(plain: PlainError): Error {
  switch (plain.kind) {
    case "sdk":
      return new SdkError(plain.code, plain.message);
    case "media":
      return new MediaError(plain.code, plain.message);
    case "type":
      return new TypeError(plain.message);
    case "other":
      return new Error(plain.message);
  }
}
