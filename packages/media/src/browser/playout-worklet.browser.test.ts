import { expect, test } from "vitest";
import { RingWriter, ringBytes } from "../webcodecs/sample-ring.ts";
import { openSpeakerSink, type SinkReport } from "../webcodecs/speaker-sink.ts";

const WORKLET = new URL("./playout-worklet.ts", import.meta.url);
const RATE = 48_000;

function tone(count: number, options: { readonly hz: number; readonly channels?: 1 | 2 }): Float32Array {
  const { hz, channels = 1 } = options;
  const samples = new Float32Array(count * channels);
  for (let i = 0; i < count * channels; i++) {
    samples[i] = 0.5 * Math.sin((2 * Math.PI * hz * Math.floor(i / channels)) / RATE) * (i % channels === 1 ? 0.5 : 1);
  }
  return samples;
}

/** Renders `count` samples of what the worklet plays after `messages`, in a context of this rate. */
async function render(
  count: number,
  messages: readonly { message: object; transfer?: Transferable[] }[],
  sampleRate = RATE,
) {
  const context = new OfflineAudioContext({ numberOfChannels: 2, length: count, sampleRate });
  await context.audioWorklet.addModule(WORKLET);
  const node = new AudioWorkletNode(context, "mqtt-meet-playout", { numberOfInputs: 0, outputChannelCount: [2] });
  node.connect(context.destination);
  for (const { message, transfer = [] } of messages) node.port.postMessage(message, transfer);
  // Offline rendering does not wait for messages: they have to be there first.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const buffer = await context.startRendering();
  return { left: buffer.getChannelData(0), right: buffer.getChannelData(1) };
}

function sharedVoice(channels: 1 | 2 = 1) {
  const memory = new SharedArrayBuffer(ringBytes(channels));
  return { memory, writer: new RingWriter(memory, { channels }) };
}

/** The largest step between two samples. */
function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return largest;
}

test("what is written to shared memory is played as it is", async () => {
  const { memory, writer } = sharedVoice();
  const sound = tone(4_800, { hz: 300 });
  writer.write(sound);
  const { left, right } = await render(4_096, [{ message: { type: "add", id: 1, channels: 1, memory } }]);
  expect(left).toEqual(sound.slice(0, 4_096));
  expect(right).toEqual(left);
  expect(writer.playedSamples).toBe(4_096);
  expect(writer.bufferedSamples).toBe(704);
  expect(writer.emptySamples).toBe(0);
});

test("stereo stays stereo, voices are mixed, volumes are followed", async () => {
  const first = sharedVoice(2);
  const second = sharedVoice();
  first.writer.write(tone(4_800, { hz: 300, channels: 2 }));
  second.writer.write(new Float32Array(4_800).fill(0.25));
  const { left, right } = await render(2_560, [
    { message: { type: "add", id: 1, channels: 2, memory: first.memory } },
    { message: { type: "add", id: 2, channels: 1, memory: second.memory } },
    { message: { type: "volume", id: 2, volume: 0 } },
  ]);
  const alone = tone(2_560, { hz: 300, channels: 2 });
  // The first quantum fades to the new volume.
  for (let i = 128; i < 2_560; i += 50) {
    expect(left[i]).toBeCloseTo(alone[i * 2] ?? 0, 5);
    expect(right[i]).toBeCloseTo(alone[i * 2 + 1] ?? 0, 5);
  }
  expect(largestStep(left.subarray(0, 256))).toBeLessThan(0.05);
});

test("sound that ends fades out without a click, and silence is counted from then on", async () => {
  const { memory, writer } = sharedVoice();
  writer.write(tone(1_000, { hz: 300 }));
  const { left } = await render(4_096, [{ message: { type: "add", id: 1, channels: 1, memory } }]);
  const ordinaryStep = largestStep(tone(1_000, { hz: 300 }));
  expect(largestStep(left)).toBeLessThan(ordinaryStep * 1.5);
  expect(left.subarray(1_000, 1_400).some((sample) => Math.abs(sample) > 0.1)).toBe(true);
  expect(left.subarray(2_000).every((sample) => sample === 0)).toBe(true);
  expect(writer.playedSamples).toBe(1_000);
  expect(writer.emptySamples).toBe(3_096);
});

test("what is skipped is not heard, and the cut is faded", async () => {
  const { memory, writer } = sharedVoice();
  writer.write(new Float32Array(4_800).fill(0.5));
  writer.write(new Float32Array(4_800).fill(-0.5));
  writer.skip(4_800);
  expect(writer.bufferedSamples).toBe(4_800);
  const { left } = await render(4_736, [{ message: { type: "add", id: 1, channels: 1, memory } }]);
  expect(left[0]).toBeCloseTo(0.5, 5);
  expect(largestStep(left)).toBeLessThan(0.02);
  expect(left.subarray(128).every((sample) => sample === -0.5)).toBe(true);
  expect(writer.playedSamples).toBe(4_800 + 4_736);
});

test.each([44_100, 96_000, 16_000])(
  "a context of %i Hz plays the same tones, and none that it has no room for",
  async (rate) => {
    const [low, high] = [sharedVoice(2), sharedVoice()];
    low.writer.write(tone(48_000, { hz: 1_000, channels: 2 }));
    const voice = (id: number, channels: 1 | 2, { memory }: { readonly memory: SharedArrayBuffer }) => ({
      message: { type: "add", id, channels, memory },
    });
    const { left, right } = await render(rate / 2, [voice(1, 2, low)], rate);
    // The resampler begins a sample before the sound, and the sound with an edge.
    for (let i = 200; i < rate / 2; i += 7) {
      const expected = 0.5 * Math.sin(2 * Math.PI * 1_000 * (i / rate - 1 / RATE));
      expect(left[i]).toBeCloseTo(expected, 3);
      expect(right[i]).toBeCloseTo(expected / 2, 3);
    }
    expect(low.writer.playedSamples).toBeGreaterThan(24_000);
    expect(low.writer.playedSamples).toBeLessThan(24_000 + 400);
    high.writer.write(tone(48_000, { hz: 12_500 }));
    const { left: whistle } = await render(rate / 2, [voice(1, 1, high)], rate);
    const loudest = whistle.subarray(200).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (rate > 25_000) expect(loudest).toBeGreaterThan(0.45);
    else expect(loudest).toBeLessThan(0.005);
  },
);

test("without shared memory the same sound comes through a port, and positions are reported", async () => {
  const { port1, port2 } = new MessageChannel();
  const reports: SinkReport[] = [];
  const sound = tone(9_600, { hz: 300 });
  for (let at = 0; at < sound.length; at += 960) port2.postMessage(sound.slice(at, at + 960));
  port2.postMessage({ skip: 960 });
  port2.onmessage = ({ data }: MessageEvent<SinkReport>) => reports.push(data);
  const { left } = await render(12_800, [
    { message: { type: "latency", latencyUs: 12_000 } },
    { message: { type: "add", id: 1, channels: 1, port: port1 }, transfer: [port1] },
  ]);
  expect(left.slice(128, 8_000)).toEqual(sound.slice(960 + 128, 960 + 8_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reports.at(-1)).toEqual({ played: 9_600, empty: 12_800 - 8_640, latencyUs: 12_000 });
});

test("the sink without shared memory knows what is played between two reports", async () => {
  const { port1, port2 } = new MessageChannel();
  let nowMs = 1_000;
  const sink = openSpeakerSink({ kind: "port", channels: 1, port: port1 }, { nowMs: () => nowMs });
  sink.write(new Float32Array(9_600));
  expect(sink.bufferedSamples).toBe(9_600);
  const report = async (value: SinkReport) => {
    port2.postMessage(value);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await report({ played: 480, empty: 7, latencyUs: 30_000 });
  expect([sink.bufferedSamples, sink.playedSamples, sink.emptySamples]).toEqual([9_120, 480, 7]);
  expect(sink.outputLatencyUs).toBe(30_000);
  nowMs += 10;
  expect(sink.playedSamples).toBe(960);
  sink.skip(4_800);
  expect(sink.playedSamples).toBe(5_760);
  // A worklet that reports no more does not play.
  nowMs += 1_000;
  expect(sink.playedSamples).toBe(5_760);
  sink.close();
});
