/** Why no meeting can be held in this browser at this address; undefined when one can. */
export function browserProblem(): "insecure" | "unsupported" | undefined {
  if (!globalThis.isSecureContext) return "insecure";
  const needed = [globalThis.Worker, globalThis.WebSocket, globalThis.AudioContext, globalThis.crypto?.subtle];
  return needed.every(Boolean) ? undefined : "unsupported";
}
