import { Bell, BellOff } from "lucide";
import { useApp, useText } from "../app-context.ts";
import { IconButton } from "../components/button.tsx";

/** Whether a message is heard when the chat is not open. */
export function ChatSoundButton() {
  const { settings } = useApp();
  const { chat } = useText();
  const { chatSound } = settings.values.value;
  return (
    <IconButton
      icon={chatSound ? Bell : BellOff}
      label={chatSound ? chat.soundOff : chat.soundOn}
      onClick={() => settings.update({ chatSound: !chatSound })}
    />
  );
}
