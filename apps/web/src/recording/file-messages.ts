/** What the recorder says to its file. Each is answered in turn. */
export type ToFile =
  | { readonly type: "open"; readonly name: string; readonly ticksPerSecond: number }
  | { readonly type: "write"; readonly bytes: Uint8Array }
  | { readonly type: "close" };

/** What the file says. "tick": it is time for the next picture. */
export type FromFile =
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly name: string; readonly message: string }
  | { readonly type: "tick" };
