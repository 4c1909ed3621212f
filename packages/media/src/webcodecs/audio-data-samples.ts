/** The samples of `data`, interleaved; of more than two channels, the first two. The caller closes `data`. */
export function audioDataSamples(data: AudioData): { readonly samples: Float32Array; readonly channels: 1 | 2 } {
  const { numberOfFrames: count } = data;
  if (data.numberOfChannels === 1) {
    const samples = new Float32Array(count);
    data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    return { samples, channels: 1 };
  }
  const samples = new Float32Array(count * 2);
  const plane = new Float32Array(count);
  for (let channel = 0; channel < 2; channel++) {
    data.copyTo(plane, { planeIndex: channel, format: "f32-planar" });
    for (let i = 0; i < count; i++) samples[i * 2 + channel] = plane[i] ?? 0;
  }
  return { samples, channels: 2 };
}
