import type { NodePicture } from "./node-picture.ts";

/** What a window begins with. */
export interface PictureWindowOptions {
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** `code` is the character's, in small letters; 27 is Escape. */
  readonly onKey: (code: number) => void;
  /** The person wants it closed; it is open until {@link PictureWindow.close}. */
  readonly onClose: () => void;
}

/** A window with a grid of pictures, one for each key. */
export interface PictureWindow {
  /** Shows `picture`, which the caller closes. */
  show(key: string, picture: NodePicture): void;
  /** Drawn on the picture, upper left, from the next picture on; "" for nothing. */
  setText(key: string, text: string): void;
  setTitle(title: string): void;
  /** Takes the picture of `key` away. */
  remove(key: string): void;
  close(): void;
}
