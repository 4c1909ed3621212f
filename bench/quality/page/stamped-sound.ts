/** The rate of all sound here. */
const SAMPLE_RATE = 48_000;

/** A microphone that says what is in a sound file, over and over. */
export async function openStampedSound(file: File): Promise<MediaStreamTrack> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE });
  const buffer = await context.decodeAudioData(await file.arrayBuffer());
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  const player = new AudioBufferSourceNode(context, { buffer, loop: true });
  player.connect(destination);
  player.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error("An audio destination without a track.");
  return track;
}
