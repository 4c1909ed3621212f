import type { Participant } from "@mqtt-meet/sdk";
import { Mic, MicOff, Video, VideoOff } from "lucide";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Icon } from "../components/icon.tsx";
import { LazyQrCode } from "../components/lazy-qr-code.tsx";
import type { Dictionary } from "../language/en.ts";
import { personLook } from "../model/person-look.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./people-panel.module.css";

/** Who is here, and how others get in. */
export function PeoplePanel({ meeting }: { readonly meeting: Meeting }) {
  const { settings } = useApp();
  const { people, meeting: text } = useText();
  const { room, camera, microphone } = meeting;
  return (
    <>
      <ul class={css["list"]}>
        <Person
          name={settings.values.value.name}
          note={people.you}
          hasMicrophone
          microphoneOn={microphone.state.value.status === "on"}
          cameraOn={camera.state.value.status === "on"}
        />
        {room.participants.value.map((participant) => (
          <Person
            key={participant.peer}
            name={participant.name}
            note={noteOf(participant, { people, text })}
            microphoneOn={sends(participant, "audio")}
            hasMicrophone={has(participant, "audio") || participant.kind === "person"}
            cameraOn={sends(participant, "video")}
          />
        ))}
      </ul>
      <section class={css["invite"]} aria-label={text.invite}>
        <p>{room.link.includes("#") ? text.inviteSentence : text.inviteOpen}</p>
        <div class={css["row"]}>
          <CopyButton text={room.link} label={text.copyLink} />
          <div class={css["code"]}>
            <LazyQrCode text={room.link} label={text.qrCode} />
          </div>
        </div>
      </section>
    </>
  );
}

function Person(props: {
  readonly name: string;
  readonly note: string | undefined;
  readonly hasMicrophone: boolean;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
}) {
  const { name, note, hasMicrophone, microphoneOn, cameraOn } = props;
  const { initials, hue } = personLook(name);
  return (
    <li class={css["person"]}>
      <span class={classes(css["face"], "hued")} style={{ "--hue": `${hue}` }} aria-hidden="true">
        {initials}
      </span>
      <span class={css["name"]}>
        {name} {note && <span class={css["note"]}>({note})</span>}
      </span>
      <Marks microphoneOn={hasMicrophone ? microphoneOn : undefined} cameraOn={cameraOn} />
    </li>
  );
}

function Marks({ microphoneOn, cameraOn }: { microphoneOn: boolean | undefined; cameraOn: boolean }) {
  const { devices } = useText();
  const marks = [
    { on: microphoneOn, node: microphoneOn ? Mic : MicOff, label: devices.microphone },
    { on: cameraOn, node: cameraOn ? Video : VideoOff, label: devices.camera },
  ];
  return (
    <span class={css["mark"]}>
      {marks
        .filter(({ on }) => on !== undefined)
        .map(({ on, node, label }) => (
          <span key={label} class={on ? undefined : css["off"]} role="img" aria-label={`${label}: ${on ? "✓" : "✗"}`}>
            <Icon node={node} size={17} />
          </span>
        ))}
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
