/** What the compiling worker is told, and what it answers. */
export interface ToCompiler {
  readonly url: string;
}
export type FromCompiler =
  | { readonly type: "compiled"; readonly module: WebAssembly.Module }
  | { readonly type: "failed"; readonly reason: string };

/** What the audio thread is told: the compiled RNNoise, once; and that it is over. */
export type ToDenoiser = { readonly type: "open"; readonly module: WebAssembly.Module } | { readonly type: "close" };

/** What it answers to the first. */
export type FromDenoiser = { readonly type: "ready" } | { readonly type: "failed"; readonly reason: string };
