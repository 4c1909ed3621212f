import { MAX_NAME_CHARACTERS, passphraseWeakness, type RoomRights } from "@mqtt-meet/sdk";
import { useSignal } from "@preact/signals";
import { ChevronUp, Volume2 } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { DeviceButton } from "../components/device-button.tsx";
import { speakerSection } from "../components/device-menu.ts";
import { Icon } from "../components/icon.tsx";
import { LevelMeterBar } from "../components/level-meter-bar.tsx";
import { MenuButton } from "../components/menu.tsx";
import { NameChip } from "../components/name-chip.tsx";
import { OwnVideo } from "../components/own-video.tsx";
import { PersonField } from "../components/person-field.tsx";
import { playTestTone } from "../components/test-tone.ts";
import { Jointed } from "../components/wordmark.tsx";
import type { Dictionary } from "../language/en.ts";
import type { LinkAccess } from "../model/read-link.ts";
import type { Visit } from "../room/visit.ts";
import { AtDoor } from "./at-door.tsx";
import { DeviceProblemNote } from "./device-problem-note.tsx";
import css from "./lobby.module.css";
import { NetworkCheckPanel } from "./network-check-panel.tsx";
import { Page } from "./page.tsx";
import { PassphraseField } from "./passphrase-field.tsx";
import { WhoIsInside } from "./who-is-inside.tsx";

/** The room before the meeting: how do I look, do they hear me, who am I. */
export function Lobby({ visit, access }: { readonly visit: Visit; readonly access: LinkAccess }) {
  const name = useSignal(useApp().settings.values.peek().name);
  const phase = visit.phase.value;
  const standing = phase.name === "joining" ? phase.standing : undefined;
  return (
    <Page>
      <div class={css["lobby"]}>
        <div>
          <Preview visit={visit} name={name.value} />
          <Devices visit={visit} />
          <DeviceProblemNote device={visit.camera} />
          <DeviceProblemNote device={visit.microphone} />
          <NetworkCheckPanel link={visit.link} />
        </div>
        {standing && <AtDoor visit={visit} standing={standing} name={name.value.trim()} />}
        {!standing && <JoinForm visit={visit} access={access} name={name} />}
      </div>
    </Page>
  );
}

function Preview({ visit, name }: { visit: Visit; name: string }) {
  const { lobby } = useText();
  const { status } = visit.camera.state.value;
  const track = visit.camera.track.value;
  const isMuted = visit.microphone.state.value.status !== "on";
  const cameraSentence = status === "opening" ? lobby.cameraOpening : lobby.cameraOff;
  return (
    <div class={css["preview"]}>
      {!track && name.trim() !== "" && <PersonField name={name} waiting={false} />}
      {!track && (
        <p class={css["notice"]} role="status">
          {visit.rights.camera ? cameraSentence : ""}
        </p>
      )}
      {track && <OwnVideo track={track} label={lobby.preview} />}
      {name.trim() !== "" && (
        <div class={css["chip"]}>
          <NameChip name={name} muted={isMuted} />
        </div>
      )}
    </div>
  );
}

function Devices({ visit }: { visit: Visit }) {
  const { settings } = useApp();
  const { lobby } = useText();
  const { microphone, camera, background, deviceList, rights } = visit;
  const isOn = microphone.state.value.status === "on";
  return (
    <div class={css["devices"]}>
      {rights.microphone && (
        <DeviceButton
          device={microphone}
          deviceList={deviceList}
          onToggled={(microphoneOn) => settings.update({ microphoneOn })}
        />
      )}
      {rights.camera && (
        <DeviceButton
          device={camera}
          deviceList={deviceList}
          background={background}
          onToggled={(cameraOn) => settings.update({ cameraOn })}
        />
      )}
      {rights.microphone && <LevelMeterBar track={isOn ? microphone.track.value : undefined} label={lobby.level} />}
      <SpeakerTest visit={visit} />
    </div>
  );
}

/** Which loudspeaker it is, where the browser lets choose, and how it sounds. */
function SpeakerTest({ visit }: { visit: Visit }) {
  const { settings } = useApp();
  const text = useText();
  const isPlaying = useSignal(false);
  const test = async () => {
    if (isPlaying.peek()) return;
    isPlaying.value = true;
    // A loudspeaker that is gone is no longer chosen; the system's plays instead.
    await playTestTone(settings.values.peek().speakerId).catch(() => settings.update({ speakerId: "" }));
    isPlaying.value = false;
  };
  const onChoose = (speakerId: string) => {
    settings.update({ speakerId });
    void test();
  };
  const sections = () => [
    speakerSection({
      chosen: settings.values.peek().speakerId,
      devices: visit.deviceList.devices.value,
      text,
      onChoose,
    }),
  ];
  const canChoose = visit.deviceList.devices.value.some(({ kind, id }) => kind === "speaker" && id !== "");
  return (
    <div class={css["speaker"]}>
      <Button icon={Volume2} onClick={() => void test()} pressed={isPlaying.value}>
        {text.lobby.testSpeaker}
      </Button>
      {canChoose && (
        <MenuButton class={css["choose"]} label={text.devices.chooseSpeaker} sections={sections}>
          <Icon node={ChevronUp} size={14} />
        </MenuButton>
      )}
    </div>
  );
}

function JoinForm({ visit, access, name }: { visit: Visit; access: LinkAccess; name: { value: string } }) {
  const app = useApp();
  const { lobby, rights, failure, common, problems } = useText();
  const field = useRef<HTMLInputElement>(null);
  const nameMissing = useSignal(false);
  const words = useSignal("");
  const wordsAreWeak = useSignal(false);
  const phase = visit.phase.value;
  const isListening = [visit.camera, visit.microphone].every((device) => device.state.value.status === "problem");
  const isJoining = phase.name === "joining";
  const quietly = isListening ? lobby.joinWithout : lobby.join;
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    nameMissing.value = chosen === "";
    if (chosen === "") return field.current?.focus();
    wordsAreWeak.value = access === "passphrase" && passphraseWeakness(words.value) !== undefined;
    if (wordsAreWeak.value) return;
    app.settings.update({ name: chosen });
    void visit.join(chosen, access === "passphrase" ? words.value : undefined);
  };
  const failed = phase.name === "lobby" && phase.failure && failure[phase.failure];
  return (
    <form onSubmit={submit} noValidate>
      <p class={css["room"]}>{lobby.ready}</p>
      <h1 class={css["title"]}>
        <Jointed name={visit.roomName} />
      </h1>
      <WhoIsInside people={visit.inside.people.value} />
      {access === "open" && <p class={css["room"]}>{lobby.openRoom}</p>}
      {rightsSentence(visit.rights, rights) && <p class={css["room"]}>{rightsSentence(visit.rights, rights)}</p>}
      <label class={css["label"]} for="name">
        {lobby.name}
      </label>
      <input
        id="name"
        ref={field}
        class={css["name"]}
        type="text"
        autoComplete="name"
        maxLength={MAX_NAME_CHARACTERS}
        placeholder={lobby.namePlaceholder}
        value={name.value}
        aria-describedby="join-problem"
        aria-invalid={nameMissing.value}
        onInput={(event) => {
          name.value = event.currentTarget.value;
          nameMissing.value = false;
        }}
      />
      {access === "passphrase" && <PassphraseField words={words} weak={wordsAreWeak} />}
      <div class={css["join"]}>
        <Button tone="accent" large submit disabled={isJoining}>
          {isJoining ? lobby.joining : quietly}
        </Button>
        {isJoining && (
          <Button tone="quiet" onClick={() => visit.cancelJoining()}>
            {common.cancel}
          </Button>
        )}
        {isListening && <p class={css["room"]}>{problems.listenOnly}</p>}
        <p id="join-problem" class={css["failure"]} role="alert">
          {nameMissing.value ? lobby.nameMissing : failed}
        </p>
      </div>
    </form>
  );
}

/** What is unusual about what we may do; undefined: nothing. */
function rightsSentence(rights: RoomRights, words: Dictionary["rights"]): string | undefined {
  if (rights.host) return words.asHost;
  if (!rights.microphone && !rights.camera) return words.asViewer;
  if (!rights.camera) return words.withoutCamera;
  return rights.microphone ? undefined : words.withoutMicrophone;
}
