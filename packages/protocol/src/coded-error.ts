/**
 * An error of the outside world: `code` is for programs, the message is one sentence for people, `cause` is what it
 * came from.
 */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
