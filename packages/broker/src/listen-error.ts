/** Why a listener could not be opened. */
export type ListenErrorCode = "address-in-use" | "address-not-available" | "permission-denied" | "listen-failed";

/** A listener could not be opened. The message is a sentence for people. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: ListenErrorCode;

  constructor(code: ListenErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
