// npm run bench quality: how watchable a meeting is on bad networks, beside a WebRTC peer connection and, where it is asked for, Janus.
//   --profile P0,P1,P2,P4   --against webrtc,janus   --runs 1   --seconds 25   --viewers 1..3   --on uplink|downlink
//   --hub-congestion cubic|bbr   --meeting 6   --speaking 1   --document   --section NAME
// One sender and up to three viewers in browsers, in network namespaces with an emulated line between them; the same clip, codec and
// limits for all, one contender after the other on a fresh line of the same kind: two processors cannot carry two at once. With
// --meeting instead: what a meeting of so many people costs the processor, beside the same meeting through Janus.
// Needs root on Linux with TUN, ffmpeg and Chromium.

import { getPriority } from "node:os";
import { parseArgs } from "node:util";
import { writeResult } from "../support/write-result.ts";
import { benchMeeting } from "./bench-meeting.ts";
import { benchNetworks } from "./bench-networks.ts";
import { documentHas, writeSection } from "./document-section.ts";
import { missingJanus } from "./janus.ts";
import { missingForLab } from "./lab.ts";
import type { ContenderName } from "./page/contender.ts";
import { profilesNamed } from "./profiles.ts";

const { values } = parseArgs({
  options: {
    profile: { type: "string", default: "P0,P1,P2,P4" },
    // A meeting is held beside Janus.
    against: { type: "string" },
    runs: { type: "string", default: "1" },
    seconds: { type: "string", default: "25" },
    // Until a line that loses packets is known as one.
    settle: { type: "string", default: "15" },
    viewers: { type: "string", default: "1" },
    // "no": viewers join from nothing, not out of a lobby.
    lobby: { type: "string", default: "yes" },
    on: { type: "string", default: "uplink" },
    "hub-congestion": { type: "string", default: "cubic" },
    codec: { type: "string", default: "h264" },
    // In kbit/s: 1000, and 150 for each of a meeting's small pictures.
    bitrate: { type: "string" },
    // So many people, who all send and watch each other.
    meeting: { type: "string" },
    // Of whom so many speak all the time; without it all.
    speaking: { type: "string" },
    // The figures as JSON on the terminal, instead of tables.
    json: { type: "boolean", default: false },
    // Puts the tables into docs/performance.md, and plots of the latency into docs/pictures.
    document: { type: "boolean", default: false },
    // The part of the document that is written.
    section: { type: "string" },
    // To look for faults: "ours" alone, or another one.
    only: { type: "string" },
  },
});

/** Six is what the room of the bench's Janus takes. */
const PEOPLE = { least: 2, most: 6 };
const VIEWERS = { least: 1, most: 3 };

const people = values.meeting === undefined ? undefined : whole(values.meeting, PEOPLE);
const names: readonly ContenderName[] = people === undefined ? ["ours", "webrtc", "janus"] : ["ours", "janus"];
const against = (values.against ?? (people === undefined ? "webrtc" : "janus")).split(",").filter(Boolean);
const contenders = names.filter((name) =>
  values.only ? name === values.only : name === "ours" || against.includes(name),
);
const common = {
  contenders,
  runs: whole(values.runs, { least: 1, most: 100 }),
  seconds: Number(values.seconds),
  settleSeconds: Number(values.settle),
  codec: oneOf(values.codec, ["h264", "vp8"]),
  bitrateBps: Number(values.bitrate ?? (people === undefined ? 1000 : 150)) * 1000,
};
const viewers = whole(values.viewers, VIEWERS);
const section = values.section ?? (people === undefined ? "quality" : "quality-meeting");
const missing = missingForLab() ?? (contenders.includes("janus") ? missingJanus() : undefined);
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
if (getPriority() !== 0) {
  console.error(
    "This bench runs at another priority than usual, and Chromium at its own: servers fall behind, figures are void.",
  );
}
// Before, not after an hour of measuring.
if (values.document && !documentHas(section)) {
  console.error(`docs/performance.md has no part "<!-- ${section}: begin -->".`);
  process.exit(1);
}

const bench =
  people === undefined
    ? await benchNetworks({
        ...common,
        ...{ viewers, profiles: profilesNamed(values.profile.split(",")), document: values.document },
        lobby: oneOf(values.lobby, ["yes", "no"]) === "yes",
        on: oneOf(values.on, ["uplink", "downlink"]),
        hubCongestion: oneOf(values["hub-congestion"], ["cubic", "bbr"]),
      })
    : await benchMeeting({
        ...common,
        people,
        speaking: whole(values.speaking ?? String(people), { least: 0, most: people }),
      });
if (values.json) console.log(JSON.stringify(bench.kept));
else console.log(`\n${bench.tables}\n`);
if (values.document && bench.measured) writeSection(section, `${command()}${bench.about}\n\n${bench.tables}`);
writeResult("quality", { options: values, ...bench.kept });
if (!bench.measured) process.exitCode = 1;

function command(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `\`npm run bench quality -- ${process.argv.slice(2).join(" ")}\`, ${day}: `;
}

function whole(text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`"${text}" is no whole number from ${least} to ${most}.`);
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new Error(`"${value}" is none of ${allowed.join(", ")}.`);
  return found;
}
