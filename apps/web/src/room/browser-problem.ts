/** Why no meeting can be held in this browser at this address; undefined when one can. */
export function browserProblem(): "insecure" | "unsupported" | undefined {
  if (!globalThis.isSecureContext) return "insecure";
  const needed = [globalThis.Worker, globalThis.WebSocket, globalThis.AudioContext, globalThis.crypto?.subtle];
  return needed.every(Boolean) ? undefined : "unsupported";
}

/** What of WebCodecs this browser lacks: the rest of a meeting works without, with pictures as JPEG. */
export function lackingCodecs(browser: object = globalThis): "all" | "sound" | undefined {
  const has = (name: string) => Reflect.has(browser, name);
  if (!has("VideoDecoder") || !has("VideoEncoder")) return "all";
  return has("AudioDecoder") && has("AudioEncoder") ? undefined : "sound";
}
