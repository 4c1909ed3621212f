import type { DeviceList, NodeBackend } from "@mqtt-meet/media/node";
import { CodedError } from "@mqtt-meet/protocol";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";

const CODECS = ["h264", "vp8", "vp9", "av1", "jpeg", "opus"] as const;

const EXAMPLES = `
Examples:
  $ mqtt-meet devices
  $ mqtt-meet devices --json`;

interface DevicesOptions {
  readonly json?: boolean;
}

/** Adds `mqtt-meet devices`. */
export function registerDevices(program: Command, io: CommandIo): void {
  program
    .command("devices")
    .summary("list cameras, microphones, screens and encoders")
    .description("Lists what can be captured on this machine, and which encoder each codec would use.")
    .option("--json", "print one line of JSON")
    .addHelpText("after", EXAMPLES)
    .action((options: DevicesOptions) => devices(options, io));
}

async function devices(options: DevicesOptions, { stdout, env }: CommandIo): Promise<void> {
  const { listDevices, openNodeBackend } = await import("@mqtt-meet/media/node");
  const list = await listDevices({ env });
  const backend = await openNodeBackend().catch(withoutBackend);
  const encoders = await encodersOf(backend);
  await backend?.close();
  if (options.json) {
    const backendName = backend?.name ?? null;
    stdout.write(`${JSON.stringify({ ...list, backend: backendName, encoders: Object.fromEntries(encoders) })}\n`);
    return;
  }
  stdout.write(`${[...describeDevices(list), ...describeEncoders(backend, encoders)].join("\n")}\n`);
}

/** A machine without codecs still has devices to list. */
function withoutBackend(error: unknown): undefined {
  if (error instanceof CodedError) return undefined;
  throw error;
}

async function encodersOf(backend: NodeBackend | undefined): Promise<(readonly [string, string | null])[]> {
  return Promise.all(CODECS.map(async (codec) => [codec, (await backend?.encoderName(codec)) ?? null] as const));
}

function describeDevices({ cameras, microphones, screens }: DeviceList): string[] {
  return [
    ...section("Cameras", cameras, "none"),
    ...section("Microphones", microphones, "none"),
    ...section("Screens", screens, "none (DISPLAY is not set)"),
  ];
}

function section(title: string, items: DeviceList["cameras"], none: string): string[] {
  if (items.length === 0) return [`${title}: ${none}`];
  return [`${title}:`, ...items.map(({ id, label }) => `  ${id.padEnd(24)} ${label}`)];
}

function describeEncoders(
  backend: NodeBackend | undefined,
  encoders: readonly (readonly [string, string | null])[],
): string[] {
  if (!backend) return ["Encoders: none (install the package node-av or the program ffmpeg)"];
  const names = { "node-av": "the FFmpeg libraries in this process", ffmpeg: "the program ffmpeg" };
  return [
    `Encoders, of ${names[backend.name]}:`,
    ...encoders.map(([codec, name]) => `  ${codec.padEnd(24)} ${name ?? "none"}`),
  ];
}
