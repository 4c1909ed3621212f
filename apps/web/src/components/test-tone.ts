/** One note of a tone. */
export interface Note {
  readonly frequencyHz: number;
  readonly atS: number;
  /** 0 to 1. */
  readonly volume: number;
}

const TEST: readonly Note[] = [
  { frequencyHz: 523.25, atS: 0, volume: 0.2 },
  { frequencyHz: 659.26, atS: 0.22, volume: 0.2 },
];

/** Two soft notes on the loudspeaker `deviceId`; "" is the system's. Resolves when they are over. */
export function playTestTone(deviceId: string): Promise<void> {
  return playNotes(deviceId, TEST);
}

/** Plays `notes` on the loudspeaker `deviceId`; "" is the system's. Resolves when they are over. */
export async function playNotes(deviceId: string, notes: readonly Note[]): Promise<void> {
  const context = new AudioContext();
  try {
    if (deviceId !== "" && "setSinkId" in context && typeof context.setSinkId === "function") {
      await context.setSinkId(deviceId);
    }
    const last = notes.map((note) => playNote(context, note)).at(-1);
    await new Promise((resolve) => last?.addEventListener("ended", resolve));
  } finally {
    await context.close();
  }
}

function playNote(context: AudioContext, { frequencyHz, atS, volume: loudest }: Note): OscillatorNode {
  const start = context.currentTime + 0.05 + atS;
  const end = start + 0.5;
  const note = new OscillatorNode(context, { frequency: frequencyHz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loudest, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  note.connect(volume).connect(context.destination);
  note.start(start);
  note.stop(end);
  return note;
}
