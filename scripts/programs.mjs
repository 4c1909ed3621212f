// The programs beside Node that tests use: which there are, and how to get the others.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, ScriptError } from "./setup.mjs";

const CHROMIUM_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** What the whole test suite needs beside Chromium: how to see that it is there, and the Debian package that brings it. */
const NEEDED = [
  { name: "ffmpeg", package: "ffmpeg", there: () => onPath("ffmpeg") },
  { name: "Firefox", package: "firefox-esr", there: () => onPath("firefox-esr") || onPath("firefox") },
  { name: "git", package: "git", there: () => onPath("git") },
  { name: "mosquitto", package: "mosquitto", there: () => onPath("mosquitto") },
  { name: "mosquitto_pub", package: "mosquitto-clients", there: () => onPath("mosquitto_pub") },
  { name: "nats-server", package: "nats-server", there: () => onPath("nats-server") },
  {
    name: "RabbitMQ",
    package: "rabbitmq-server",
    there: () => existsSync("/usr/lib/rabbitmq/bin/rabbitmq-server"),
  },
  { name: "ejabberd", package: "ejabberd", there: () => onPath("ejabberdctl") },
  { name: "Python's cv2", package: "python3-opencv", there: () => pythonHas("cv2") },
  { name: "Python's paho.mqtt", package: "python3-paho-mqtt", there: () => pythonHas("paho.mqtt.client") },
  { name: "PulseAudio", package: "pulseaudio", there: () => onPath("pulseaudio") },
  { name: "parec", package: "pulseaudio-utils", there: () => onPath("parec") },
  { name: "Xvfb", package: "xvfb", there: () => onPath("Xvfb") },
  { name: "ip", package: "iproute2", there: () => onPath("ip") },
  { name: "ps and sysctl", package: "procps", there: () => onPath("sysctl") },
  { name: "promtool", package: "prometheus", there: () => onPath("promtool") },
  {
    name: "the sample clips",
    package: "forensics-samples-files",
    there: () => existsSync("/usr/share/forensics-samples/original-files/movie2/movie-hello.mp4"),
  },
];

/** What the kept pictures are drawn with: without these, Chinese and emoji are boxes, and all else is some pixels off. */
const FONTS = [
  { name: "DejaVu Sans", package: "fonts-dejavu-core", there: () => hasFont("DejaVu Sans") },
  { name: "Noto Sans CJK", package: "fonts-noto-cjk", there: () => hasFont("Noto Sans CJK SC") },
  { name: "Noto Color Emoji", package: "fonts-noto-color-emoji", there: () => hasFont("Noto Color Emoji") },
];

/** Finds Chromium, or installs it from the system's packages; throws with one line what to do. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (!mayInstall()) {
    throw new ScriptError(
      "No Chromium found: install Chromium or Chrome (Debian: sudo apt install chromium) or set CHROMIUM to its path.",
    );
  }
  await install(["chromium"]);
  const installed = findChromium();
  if (!installed)
    throw new ScriptError("The package chromium brought no /usr/bin/chromium: set CHROMIUM to a browser's path.");
  return installed;
}

function findChromium() {
  const named = process.env["CHROMIUM"];
  if (named && !existsSync(named)) throw new ScriptError(`CHROMIUM is ${named}, but there is no such file.`);
  return named || CHROMIUM_PATHS.find((path) => existsSync(path));
}

/** Installs what the whole test suite needs and this machine lacks; throws naming it where that cannot be done. */
export async function ensureEverything() {
  await ensureAll(NEEDED, "Nothing may be skipped");
}

/** Installs the fonts that the kept pictures need; throws naming them where that cannot be done. */
export async function ensureFonts() {
  await ensureAll(FONTS, "Without the right fonts the pictures would be others");
}

async function ensureAll(needed, why) {
  const missing = needed.filter((program) => !program.there());
  if (missing.length === 0) return;
  if (!mayInstall()) throw lacking(missing, why);
  await install(missing.map((program) => program.package));
  const still = missing.filter((program) => !program.there());
  if (still.length > 0) throw lacking(still, why);
}

function lacking(programs, why) {
  const names = programs.map((program) => program.name).join(", ");
  const packages = programs.map((program) => program.package).join(" ");
  return new ScriptError(`${why}, but this machine lacks ${names} (Debian: sudo apt install ${packages}).`);
}

function mayInstall() {
  return Boolean(process.getuid) && process.getuid() === 0 && existsSync("/etc/debian_version") && onPath("apt-get");
}

async function install(packages) {
  console.log(`Installing ${packages.join(", ")} …`);
  const env = Object.assign({}, process.env, { DEBIAN_FRONTEND: "noninteractive" });
  const quiet = { env: env, stdio: ["ignore", "ignore", "inherit"] };
  await run("apt-get", ["update", "-qq"], quiet); // a mirror that is down may not matter
  const code = await withoutServices(() =>
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends"].concat(packages), quiet),
  );
  if (code !== 0) throw new ScriptError(`apt-get could not install ${packages.join(", ")}; its message is above.`);
}

/** Debian starts what it installs; the tests start brokers of their own and need no service. Asks policy-rc.d(8). */
async function withoutServices(install) {
  const policy = "/usr/sbin/policy-rc.d";
  if (existsSync(policy)) return install();
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await install();
  } finally {
    rmSync(policy, { force: true });
  }
}

function onPath(name) {
  const folders = (process.env["PATH"] || "").split(delimiter).concat(["/usr/sbin", "/sbin"]);
  return folders.some((folder) => existsSync(join(folder, name)));
}

function hasFont(family) {
  const { stdout } = spawnSync("fc-list", [`:family=${family}`, "family"], { encoding: "utf8" });
  return Boolean(stdout?.trim());
}

/** Debian's own interpreter sees Debian's packages; the first one on the path need not. */
function pythonHas(module) {
  return ["/usr/bin/python3", "python3"].some((python) => spawnSync(python, ["-c", `import ${module}`]).status === 0);
}
