import { useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";

/** A QR code whose program is fetched when one is shown for the first time. */
export function LazyQrCode(props: { readonly text: string; readonly label: string }) {
  const component = useSignal<FunctionComponent<typeof props> | undefined>(undefined);
  useEffect(() => {
    import("./qr-code.tsx")
      .then(({ QrCode }) => {
        component.value = QrCode;
      })
      .catch(() => undefined); // The link is there to be copied.
  }, [component]);
  const QrCode = component.value;
  return QrCode ? <QrCode {...props} /> : null;
}
