/** Starts `context` now, or at the user's next gesture: browsers play nothing before the first one. */
export function wakeSound(context: AudioContext): void {
  const resume = () => {
    context.resume().catch(() => undefined);
  };
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const events = ["pointerdown", "keydown", "touchend"] as const;
  for (const event of events) addEventListener(event, resume, { signal, capture: true });
  context.addEventListener(
    "statechange",
    () => {
      if (context.state === "running" || context.state === "closed") lifetime.abort();
    },
    { signal },
  );
  resume();
}
