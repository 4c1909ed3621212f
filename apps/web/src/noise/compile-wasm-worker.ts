// Compiles what the page itself may not: this script alone has leave to, and hands over nothing but the compiled module.
import type { FromCompiler, ToCompiler } from "./noise-messages.ts";

const say = (message: FromCompiler) => (globalThis as unknown as Worker).postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToCompiler>) => {
  WebAssembly.compileStreaming(fetch(data.url)).then(
    (module) => say({ type: "compiled", module }),
    (error) => say({ type: "failed", reason: String(error) }),
  );
});
