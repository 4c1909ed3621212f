import type { Device } from "@mqtt-meet/sdk/browser";
import type { Dictionary } from "../language/en.ts";
import type { LocalDevice } from "../room/local-device.ts";
import type { MenuSection } from "./menu.tsx";

/** The devices of one kind as lines to choose from. */
export function deviceSection(options: {
  readonly device: LocalDevice;
  readonly devices: readonly Device[];
  readonly text: Dictionary;
  readonly onChosen?: () => void;
}): MenuSection {
  const { device, devices, text } = options;
  const used = device.usedId;
  const choices = choicesOf(devices, { kind: device.kind, text });
  const items = choices.map(({ id, label }) => ({
    label,
    checked: id === used,
    onChoose: () => void device.choose(id).then(options.onChosen),
  }));
  const none = { label: text.devices.none, onChoose: () => undefined };
  return { title: text.devices[device.kind], items: items.length > 0 ? items : [none] };
}

/** Loudspeakers as lines to choose from. */
export function speakerSection(options: {
  readonly chosen: string;
  readonly devices: readonly Device[];
  readonly text: Dictionary;
  readonly onChoose: (deviceId: string) => void;
}): MenuSection {
  const { chosen, devices, text, onChoose } = options;
  const choices = choicesOf(devices, { kind: "speaker", text });
  const isListed = choices.some(({ id }) => id === chosen);
  const items = choices.map(({ id, label }, index) => ({
    label,
    checked: isListed ? id === chosen : index === 0,
    onChoose: () => onChoose(id),
  }));
  return { title: text.devices.speaker, items };
}

/** Devices that the browser tells about; before a permission was given they have neither ids nor names. */
export function choicesOf(
  devices: readonly Device[],
  { kind, text }: { kind: Device["kind"]; text: Dictionary },
): readonly { id: string; label: string }[] {
  return devices
    .filter((device) => device.kind === kind && device.id !== "")
    .map((device, index) => ({
      id: device.id,
      label: device.label || text.devices.unnamed(text.devices[kind], index + 1),
    }));
}
