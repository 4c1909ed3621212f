/** Two soft notes on the loudspeaker `deviceId`; "" is the system's. */
export async function playTestTone(deviceId: string): Promise<void> {
  const context = new AudioContext();
  try {
    if (deviceId !== "" && "setSinkId" in context && typeof context.setSinkId === "function") {
      await context.setSinkId(deviceId);
    }
    playNote(context, { frequencyHz: 523.25, atS: 0 });
    const last = playNote(context, { frequencyHz: 659.26, atS: 0.22 });
    await new Promise((resolve) => last.addEventListener("ended", resolve));
  } finally {
    await context.close();
  }
}

function playNote(context: AudioContext, { frequencyHz, atS }: { frequencyHz: number; atS: number }): OscillatorNode {
  const start = context.currentTime + 0.05 + atS;
  const end = start + 0.5;
  const note = new OscillatorNode(context, { frequency: frequencyHz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.2, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  note.connect(volume).connect(context.destination);
  note.start(start);
  note.stop(end);
  return note;
}
