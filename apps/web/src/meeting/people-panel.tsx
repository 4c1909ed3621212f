import { MUTED_KINDS, type MutedKind, type Participant } from "@mqtt-meet/sdk/browser";
import { useSignal } from "@preact/signals";
import { Hand, Lock, Mic, MicOff, MonitorOff, UserPlus, Video, VideoOff } from "lucide";
import type { ComponentChildren } from "preact";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { PersonFace } from "../components/person-face.tsx";
import type { Dictionary } from "../language/en.ts";
import { matchesName } from "../model/matches-name.ts";
import type { Meeting } from "../room/meeting.ts";
import { DoorRules } from "./door-rules.tsx";
import { HostActions, MuteAllButton } from "./host-actions.tsx";
import css from "./people-panel.module.css";
import { PrivacyNote } from "./privacy-note.tsx";
import { WaitingList } from "./waiting-list.tsx";

/** With fewer people, the eye is quicker. */
const SEARCH_FROM = 8;

/** Who is here, and how others get in. */
export function PeoplePanel({ meeting }: { readonly meeting: Meeting }) {
  const { people, meeting: text } = useText();
  const { room } = meeting;
  const sought = useSignal("");
  const participants = room.participants.value;
  const found = participants.filter(({ name }) => matchesName(name, sought.value));
  return (
    <>
      {participants.length >= SEARCH_FROM && (
        <input
          type="search"
          class={css["search"]}
          placeholder={people.search}
          aria-label={people.search}
          value={sought.value}
          onInput={(event) => {
            sought.value = event.currentTarget.value;
          }}
        />
      )}
      <WaitingList meeting={meeting} />
      <Hands meeting={meeting} />
      <ul class={css["list"]} aria-label={people.title}>
        {sought.value === "" && <Self meeting={meeting} />}
        {found.map((participant) => (
          <Other key={participant.peer} participant={participant} meeting={meeting} />
        ))}
        {found.length === 0 && sought.value !== "" && <li class={css["nobody"]}>{people.nobodyFound}</li>}
      </ul>
      <MuteAllButton meeting={meeting} />
      <DoorRules meeting={meeting} />
      <PrivacyNote encryption={room.encryption.value} host={room.host.value} />
      {room.rights.invite && (
        <div class={css["invite"]}>
          <Button icon={UserPlus} onClick={() => meeting.openPanel("invite")}>
            {text.invite}
          </Button>
        </div>
      )}
    </>
  );
}

/** Whose turn it is next. */
function Hands({ meeting }: { meeting: Meeting }) {
  const { people, common } = useText();
  const hands = meeting.hands.value;
  if (hands.length === 0) return null;
  return (
    <section class={css["hands"]} aria-label={people.hands}>
      <h3>{people.hands}</h3>
      <ol>
        {hands.map(({ peer, name }, index) => (
          <li key={peer} class={css["person"]}>
            <span class={css["place"]}>{index + 1}</span>
            <span class={css["name"]}>{peer === meeting.room.peer ? common.you : name}</span>
            <Icon node={Hand} size={17} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Self({ meeting: { microphone, camera, host, door } }: { meeting: Meeting }) {
  const { settings } = useApp();
  const { people, host: words } = useText();
  return (
    <Person
      name={settings.values.value.name}
      notes={[people.you, (host.isOurs || door.isOurs.value) && words.mark]}
      held={MUTED_KINDS.filter((kind) => door.isHeld(kind))}
      hasMicrophone
      microphoneOn={microphone.state.value.status === "on"}
      cameraOn={camera.state.value.status === "on"}
    />
  );
}

function Other({ participant, meeting }: { participant: Participant; meeting: Meeting }) {
  const { people, host: words, meeting: text } = useText();
  const { peer, name } = participant;
  const notes = [meeting.host.isHost(peer) && words.mark, noteOf(participant, { people, text })];
  const hasSound = has(participant, "audio");
  return (
    <Person
      name={name}
      notes={notes}
      held={meeting.door.heldOf(peer)}
      microphoneOn={sends(participant, "audio")}
      hasMicrophone={hasSound || participant.kind === "person"}
      cameraOn={sends(participant, "video")}
    >
      {hasSound && (
        <input
          type="range"
          class={css["volume"]}
          min={0}
          max={100}
          step={5}
          value={Math.round(meeting.volumes.of(peer) * 100)}
          aria-label={people.volumeOf(name)}
          title={people.volumeOf(name)}
          onInput={(event) => meeting.volumes.set(peer, event.currentTarget.valueAsNumber / 100)}
        />
      )}
      <HostActions participant={participant} meeting={meeting} />
    </Person>
  );
}

function Person(props: {
  readonly name: string;
  readonly notes: readonly (string | false | undefined)[];
  /** What a host lets nobody have of them. */
  readonly held: readonly MutedKind[];
  readonly hasMicrophone: boolean;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly children?: ComponentChildren;
}) {
  const { name, held, hasMicrophone, microphoneOn, cameraOn, children } = props;
  const { people } = useText();
  const notes = props.notes.filter((note) => typeof note === "string");
  return (
    <li class={css["person"]}>
      <PersonFace name={name} />
      <span class={css["name"]}>
        {name} {notes.length > 0 && <span class={css["note"]}>{people.note(notes.reduce(people.both))}</span>}
      </span>
      {children}
      <Marks microphoneOn={hasMicrophone ? microphoneOn : undefined} cameraOn={cameraOn} held={held} />
    </li>
  );
}

/** What somebody sends and does not, and what a host keeps off. */
function Marks(props: {
  readonly microphoneOn: boolean | undefined;
  readonly cameraOn: boolean;
  readonly held: readonly MutedKind[];
}) {
  const { microphoneOn, cameraOn, held } = props;
  const { devices, rules } = useText();
  const marks = [
    { kind: "microphone", on: microphoneOn, node: microphoneOn ? Mic : MicOff, name: devices.microphone },
    { kind: "camera", on: cameraOn, node: cameraOn ? Video : VideoOff, name: devices.camera },
    { kind: "screen", on: held.includes("screen") ? false : undefined, node: MonitorOff, name: "" },
  ] as const;
  return (
    <span class={css["mark"]}>
      {marks
        .filter(({ on }) => on !== undefined)
        .map(({ kind, on, node, name }) => {
          const isHeld = held.includes(kind);
          const label = isHeld ? rules.heldMark[kind] : `${name}: ${on ? "✓" : "✗"}`;
          return (
            <span
              key={kind}
              class={classes(css["sign"], !on && css["off"])}
              role="img"
              aria-label={label}
              title={label}
            >
              <Icon node={node} size={17} />
              {isHeld && <Icon node={Lock} size={11} />}
            </span>
          );
        })}
    </span>
  );
}

function has({ tracks }: Participant, kind: "audio" | "video"): boolean {
  return tracks.some((track) => track.kind === kind);
}

function sends({ tracks }: Participant, kind: "audio" | "video"): boolean {
  return tracks.some((track) => track.kind === kind && !track.muted);
}

function noteOf(
  { kind, status }: Participant,
  { people, text }: { people: Dictionary["people"]; text: Dictionary["meeting"] },
): string | undefined {
  if (status === "reconnecting") return text.reconnecting;
  return kind === "person" ? undefined : people[kind];
}
