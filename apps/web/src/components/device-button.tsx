import { ChevronUp, Mic, MicOff, Video, VideoOff } from "lucide";
import { useApp, useText } from "../app-context.ts";
import type { CameraBackground } from "../room/camera-background.ts";
import type { DeviceList } from "../room/device-list.ts";
import type { LocalDevice } from "../room/local-device.ts";
import { backgroundSection } from "./background-menu.ts";
import { classes } from "./classes.ts";
import css from "./device-button.module.css";
import { deviceSection, speakerSection } from "./device-menu.ts";
import { HeldMark } from "./held-mark.tsx";
import { Icon } from "./icon.tsx";
import { MenuButton, type MenuSection } from "./menu.tsx";

const ICONS = { camera: { on: Video, off: VideoOff }, microphone: { on: Mic, off: MicOff } } as const;

/** Turns the camera or the microphone on and off; the small half chooses which. */
export interface DeviceButtonProps {
  readonly device: LocalDevice;
  readonly deviceList: DeviceList;
  /** Of a camera. */
  readonly background?: CameraBackground;
  /** The key that does the same, for the tooltip. */
  readonly keyHint?: string;
  readonly onToggled?: (on: boolean) => void;
  /** A host keeps it off: why, and how to say so. */
  readonly held?: { readonly reason: string; readonly say: () => void } | undefined;
  /** Given where a meeting plays on it already. */
  readonly onSpeaker?: (deviceId: string) => void;
}

export function DeviceButton(props: DeviceButtonProps) {
  const { device, deviceList, background, keyHint, held, onToggled, onSpeaker } = props;
  const app = useApp();
  const { settings } = app;
  const text = useText();
  const { devices } = text;
  const isCamera = device.kind === "camera";
  const { status } = device.state.value;
  const isOn = status === "on" || status === "opening";
  const wish = isCamera
    ? pick(isOn, devices.cameraOff, devices.cameraOn)
    : pick(isOn, devices.microphoneOff, devices.microphoneOn);
  const label = held ? `${devices[device.kind]}: ${held.reason}` : wish;
  const toggle = async () => {
    if (held) return held.say();
    onToggled?.(!isOn);
    await device.toggle();
    await deviceList.refresh();
  };
  const sections = (): readonly MenuSection[] => {
    void deviceList.refresh();
    const list = deviceList.devices.value;
    const own = deviceSection({ device, devices: list, text, onChosen: () => void deviceList.refresh() });
    if (isCamera) {
      const behind = background && backgroundSection({ app, background, camera: device, text });
      return behind ? [own, behind] : [own];
    }
    const chosen = settings.values.value.speakerId;
    const chooseSpeaker = (speakerId: string) => {
      settings.update({ speakerId });
      onSpeaker?.(speakerId);
    };
    const speakers = speakerSection({ chosen, devices: list, text, onChoose: chooseSpeaker });
    return speakers.items.length > 0 ? [own, speakers] : [own];
  };
  return (
    <div class={classes(css["group"], !isOn && css["off"])}>
      <button
        type="button"
        class={classes(css["toggle"], status === "opening" && css["opening"])}
        aria-label={label}
        aria-pressed={isOn}
        aria-disabled={held ? true : undefined}
        aria-keyshortcuts={keyHint}
        data-tip={tipOf(held?.reason ?? label, held ? undefined : keyHint)}
        onClick={() => void toggle()}
      >
        <Icon node={ICONS[device.kind][isOn ? "on" : "off"]} />
        {held && <HeldMark />}
      </button>
      <MenuButton
        class={css["choose"]}
        label={isCamera ? devices.chooseCamera : devices.chooseMicrophone}
        sections={sections}
      >
        <Icon node={ChevronUp} size={14} />
      </MenuButton>
    </div>
  );
}

function tipOf(label: string, keyHint: string | undefined): string {
  return keyHint ? `${label} (${keyHint})` : label;
}

function pick<T>(condition: boolean, yes: T, no: T): T {
  return condition ? yes : no;
}
