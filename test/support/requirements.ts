import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";
import { ejabberdLibraries, RABBITMQ_SERVER } from "./broker-programs.ts";
import { REAL_CLIP } from "./clips.ts";

/** Debian's own interpreter sees Debian's packages; the first one on the path need not. */
export const python = ["/usr/bin/python3", "python3"].find(
  (path) => spawnSync(path, ["-c", "import cv2, paho.mqtt.client"]).status === 0,
);

/** Chromium as the scripts found it. */
export const chromium =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** Firefox as the scripts found or installed it. */
export const firefox = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path));

const present = {
  ffmpeg: () => onPath("ffmpeg") !== undefined,
  git: () => onPath("git") !== undefined,
  mosquitto: () => onPath("mosquitto") !== undefined && onPath("mosquitto_pub") !== undefined,
  NATS: () => onPath("nats-server") !== undefined,
  RabbitMQ: () => existsSync(RABBITMQ_SERVER),
  ejabberd: () => ejabberdLibraries() !== undefined,
  "Python with cv2 and paho": () => python !== undefined,
  "the sample clips": () => existsSync(REAL_CLIP),
  Chromium: () => chromium !== undefined,
  Firefox: () => firefox !== undefined,
  PulseAudio: () => onPath("pulseaudio") !== undefined && onPath("parec") !== undefined,
  "root and TUN": () => process.getuid?.() === 0 && existsSync("/dev/net/tun") && onPath("ip") !== undefined,
  promtool: () => onPath("promtool") !== undefined,
  Xvfb: () => onPath("Xvfb") !== undefined,
};

/** Something beside Node that a test needs. */
export type Requirement = keyof typeof present;

/** A suite that needs programs. Where one is missing it is skipped under a name that says so, or fails when nothing may be skipped. */
export function describeWith(requirements: readonly Requirement[], name: string, suite: () => void): void {
  const missing = requirements.filter((requirement) => !present[requirement]());
  if (missing.length === 0) {
    describe(name, suite);
  } else if (process.env["MQTT_MEET_REQUIRE_ALL"] === "1") {
    test(name, () => {
      throw new Error(`Nothing may be skipped here, but this machine lacks ${missing.join(", ")}.`);
    });
  } else {
    describe.skip(`${name} (this machine lacks ${missing.join(", ")})`, suite);
  }
}

/** The path of a program, also where only root's path has it. */
export function onPath(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
