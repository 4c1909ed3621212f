import type { Device } from "@mqtt-meet/sdk/browser";
import { useEffect } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { canReplaceBackground } from "../background/background-choice.ts";
import { knownBackgrounds } from "../components/background-menu.ts";
import { choicesOf } from "../components/device-menu.ts";
import { NOISE_CHOICES, type NoiseChoice } from "../noise/noise-choice.ts";
import type { LocalDevice } from "../room/local-device.ts";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import type { SettingValues } from "../settings.ts";
import css from "./settings-panel.module.css";

/** Devices, language and looks. Every change counts at once. */
export function SettingsPanel({ meeting, visit }: { readonly meeting: Meeting; readonly visit: Visit }) {
  const { settings } = useApp();
  const { common, settings: text } = useText();
  const { language, theme } = settings.values.value;
  const { rights } = meeting.room;
  useEffect(() => void visit.deviceList.refresh(), [visit]);
  return (
    <div class={css["form"]}>
      {rights.camera && <DeviceField device={meeting.camera} visit={visit} />}
      {rights.camera && canReplaceBackground() && <BackgroundField meeting={meeting} visit={visit} />}
      {rights.microphone && <DeviceField device={meeting.microphone} visit={visit} />}
      {rights.microphone && <NoiseField microphone={meeting.microphone} />}
      <SpeakerField meeting={meeting} visit={visit} />
      <ReceptionField />
      <hr class={css["line"]} />
      <Field<SettingValues["language"]>
        label={common.language}
        value={language}
        choices={[
          { id: "auto", label: common.system },
          { id: "en", label: "English" },
          { id: "zh", label: "中文" },
        ]}
        onChoose={(chosen) => settings.update({ language: chosen })}
      />
      <Field<SettingValues["theme"]>
        label={common.theme}
        value={theme}
        choices={[
          { id: "auto", label: common.system },
          { id: "light", label: common.light },
          { id: "dark", label: common.dark },
        ]}
        onChoose={(chosen) => settings.update({ theme: chosen })}
      />
      <Check name="cropFaces" label={text.cropFaces} />
      <Check name="showFrameRate" label={text.frameRate} />
      <Check name="keysOn" label={text.keysOn} />
      <SendCaptions meeting={meeting} />
    </div>
  );
}

function DeviceField({ device, visit }: { device: LocalDevice; visit: Visit }) {
  const text = useText();
  const choices = choicesOf(visit.deviceList.devices.value, { kind: device.kind, text });
  return (
    <Field
      label={text.devices[device.kind]}
      value={device.usedId}
      choices={choices}
      onChoose={(deviceId) => void device.choose(deviceId)}
    />
  );
}

function BackgroundField({ meeting, visit }: { meeting: Meeting; visit: Visit }) {
  const app = useApp();
  const { background: text } = useText();
  return (
    <Field
      label={text.title}
      value={visit.background.choice}
      choices={knownBackgrounds(app).map((id) => ({ id, label: text[id] }))}
      onChoose={(choice) => void visit.background.choose(choice, meeting.camera)}
    />
  );
}

function NoiseField({ microphone }: { microphone: LocalDevice }) {
  const { settings } = useApp();
  const { noise: text } = useText();
  const choose = (noise: NoiseChoice) => {
    settings.update({ noise });
    void microphone.renew();
  };
  return (
    <Field
      label={text.title}
      value={settings.values.value.noise}
      choices={NOISE_CHOICES.map((id) => ({ id, label: text[id] }))}
      onChoose={choose}
    />
  );
}

function SpeakerField({ meeting, visit }: { meeting: Meeting; visit: Visit }) {
  const { settings } = useApp();
  const text = useText();
  const devices: readonly Device[] = visit.deviceList.devices.value;
  const choices = choicesOf(devices, { kind: "speaker", text });
  if (choices.length === 0) return <p class={css["note"]}>{text.settings.speakerUnsupported}</p>;
  const choose = (speakerId: string) => {
    settings.update({ speakerId });
    meeting.room.setAudioOutput(speakerId).catch(() => settings.update({ speakerId: "" }));
  };
  const { speakerId } = settings.values.value;
  return <Field label={text.devices.speaker} value={speakerId} choices={choices} onChoose={choose} />;
}

/** How much is fetched; for who pays for it, or has little. */
function ReceptionField() {
  const { settings } = useApp();
  const { reception } = useText();
  return (
    <Field<SettingValues["reception"]>
      label={reception.label}
      value={settings.values.value.reception}
      choices={[
        { id: "automatic", label: reception.automatic },
        { id: "saving", label: reception.saving },
        { id: "sound-only", label: reception.soundOnly },
      ]}
      onChoose={(chosen) => settings.update({ reception: chosen })}
    />
  );
}

/** Not remembered: it is allowed for one meeting. */
function SendCaptions({ meeting: { captions, room } }: { meeting: Meeting }) {
  const { captions: text } = useText();
  if (!captions.canSend || !room.rights.microphone) return null;
  return (
    <>
      <label class={css["check"]}>
        <input
          type="checkbox"
          checked={captions.sending.value}
          onChange={(event) => captions.setSending(event.currentTarget.checked)}
        />
        {text.send}
      </label>
      <p class={css["note"]}>{text.hint}</p>
    </>
  );
}

function Check(props: { readonly name: "cropFaces" | "showFrameRate" | "keysOn"; readonly label: string }) {
  const { name, label } = props;
  const { settings } = useApp();
  return (
    <label class={css["check"]}>
      <input
        type="checkbox"
        checked={settings.values.value[name]}
        onChange={(event) => settings.update({ [name]: event.currentTarget.checked })}
      />
      {label}
    </label>
  );
}

interface FieldProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly choices: readonly { readonly id: Id; readonly label: string }[];
  readonly onChoose: (id: Id) => void;
}

function Field<Id extends string>({ label, value, choices, onChoose }: FieldProps<Id>) {
  const { devices } = useText();
  const isListed = choices.some((choice) => choice.id === value);
  const choose = (id: string) => {
    const chosen = choices.find((choice) => choice.id === id);
    if (chosen) onChoose(chosen.id);
  };
  return (
    <label class={css["field"]}>
      <span class={css["label"]}>{label}</span>
      <select value={value} disabled={choices.length === 0} onChange={(event) => choose(event.currentTarget.value)}>
        {!isListed && <option value={value}>{choices.length === 0 ? devices.none : devices.systemDefault}</option>}
        {choices.map(({ id, label: name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
