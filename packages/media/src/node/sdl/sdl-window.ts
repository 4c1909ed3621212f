import { existsSync } from "node:fs";
import { MediaError } from "../../media-error.ts";
import type { Size } from "../fit-size.ts";
import type { NodePicture } from "../node-picture.ts";
import type { PictureWindow, PictureWindowOptions } from "../picture-window.ts";
import { textBitmap } from "../text-bitmap.ts";
import { letterbox, type Rectangle, tileGrid } from "../tile-grid.ts";
import type { Pointer, SdlLibrary } from "./sdl-library.ts";

const INIT_VIDEO = 0x20;
const POSITION_UNDEFINED = 0x1fff0000;
const WINDOW_SHOWN_RESIZABLE = 0x4 | 0x20;
const PIXELS_IYUV = 0x56555949;
const PIXELS_RGBA = 0x16762004;
const ACCESS_STREAMING = 1;
const BLEND = 1;
const YUV_JPEG = 0;
const YUV_AUTOMATIC = 3;
const EVENT_QUIT = 0x100;
const EVENT_WINDOW = 0x200;
const EVENT_KEY_DOWN = 0x300;
const EVENT_BYTES = 64;
const KEY_CODE_OFFSET = 20;

/** Often enough for a hand, seldom enough to cost nothing. Each picture looks for events as well. */
const EVENT_INTERVAL_MS = 50;
/** Several people's pictures are shown together at most this often: a screen shows no more. */
const MIN_PRESENT_INTERVAL_MS = 16;

interface Texture extends Size {
  readonly pointer: Pointer;
}

interface Tile {
  picture: Texture | undefined;
  fullRange: boolean;
  text: string;
  label: Texture | undefined;
  labelKey: string;
}

/** Opens a window of SDL. Throws `MediaError` "device-missing" where there is no display. */
export function openSdlWindow(sdl: SdlLibrary, options: PictureWindowOptions): PictureWindow {
  // Without a graphics card the software renderer takes a sixth of the time of emulated OpenGL.
  if (process.platform === "linux" && !existsSync("/dev/dri")) {
    sdl.SetHint("SDL_RENDER_DRIVER", "software");
    sdl.SetHint("SDL_FRAMEBUFFER_ACCELERATION", "0");
  }
  // Asked in vain, Wayland's library complains on standard error.
  if (process.platform === "linux" && !process.env["WAYLAND_DISPLAY"]) sdl.SetHint("SDL_VIDEODRIVER", "x11");
  sdl.SetHint("SDL_RENDER_SCALE_QUALITY", "1");
  if (sdl.InitSubSystem(INIT_VIDEO) !== 0) throw noDisplay(sdl);
  const { widthPx, heightPx, title } = options;
  const window = sdl.CreateWindow(
    title,
    POSITION_UNDEFINED,
    POSITION_UNDEFINED,
    widthPx,
    heightPx,
    WINDOW_SHOWN_RESIZABLE,
  );
  const renderer = window && sdl.CreateRenderer(window, -1, 0);
  if (!window || !renderer) {
    const error = noDisplay(sdl);
    if (window) sdl.DestroyWindow(window);
    sdl.QuitSubSystem(INIT_VIDEO);
    throw error;
  }
  return new SdlWindow(sdl, { window, renderer, options });
}

function noDisplay(sdl: SdlLibrary): MediaError {
  return new MediaError("device-missing", `No window can be opened: ${sdl.GetError()}.`);
}

class SdlWindow implements PictureWindow {
  readonly #sdl: SdlLibrary;
  readonly #window: Pointer;
  readonly #renderer: Pointer;
  readonly #options: PictureWindowOptions;
  readonly #tiles = new Map<string, Tile>();
  readonly #event = new Uint8Array(EVENT_BYTES);
  readonly #eventTimer: NodeJS.Timeout;
  #presentTimer: NodeJS.Timeout | undefined;
  #presentedAtMs = 0;
  #closed = false;

  constructor(
    sdl: SdlLibrary,
    parts: { readonly window: Pointer; readonly renderer: Pointer; readonly options: PictureWindowOptions },
  ) {
    this.#sdl = sdl;
    this.#window = parts.window;
    this.#renderer = parts.renderer;
    this.#options = parts.options;
    this.#eventTimer = setInterval(() => this.#pollEvents(), EVENT_INTERVAL_MS);
    this.#present();
  }

  show(key: string, picture: NodePicture): void {
    if (this.#closed) return;
    const tile = this.#tile(key);
    const size = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
    if (tile.picture?.widthPx !== size.widthPx || tile.picture.heightPx !== size.heightPx) {
      this.#destroy(tile.picture);
      // The conversion to colours is chosen when a texture is made.
      this.#sdl.SetYUVConversionMode(picture.fullRange ? YUV_JPEG : YUV_AUTOMATIC);
      tile.picture = this.#createTexture(PIXELS_IYUV, size);
    }
    if (!tile.picture) return;
    const { y, u, v, strideY, strideU, strideV } = picture.planes();
    this.#sdl.SetYUVConversionMode(picture.fullRange ? YUV_JPEG : YUV_AUTOMATIC);
    tile.fullRange = picture.fullRange;
    this.#sdl.UpdateYUVTexture(tile.picture.pointer, null, y, strideY, u, strideU, v, strideV);
    this.#presentSoon();
  }

  setText(key: string, text: string): void {
    if (!this.#closed) this.#tile(key).text = text;
  }

  setTitle(title: string): void {
    if (!this.#closed) this.#sdl.SetWindowTitle(this.#window, title);
  }

  remove(key: string): void {
    const tile = this.#tiles.get(key);
    if (!tile || this.#closed) return;
    this.#tiles.delete(key);
    this.#destroy(tile.picture);
    this.#destroy(tile.label);
    this.#presentSoon();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#eventTimer);
    clearTimeout(this.#presentTimer);
    for (const { picture, label } of this.#tiles.values()) {
      this.#destroy(picture);
      this.#destroy(label);
    }
    this.#sdl.DestroyRenderer(this.#renderer);
    this.#sdl.DestroyWindow(this.#window);
    this.#sdl.QuitSubSystem(INIT_VIDEO);
  }

  #tile(key: string): Tile {
    let tile = this.#tiles.get(key);
    if (!tile) {
      tile = { picture: undefined, fullRange: false, text: "", label: undefined, labelKey: "" };
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  #createTexture(format: number, size: Size): Texture | undefined {
    const { widthPx, heightPx } = size;
    const pointer = this.#sdl.CreateTexture(this.#renderer, format, ACCESS_STREAMING, widthPx, heightPx);
    return pointer ? { pointer, widthPx, heightPx } : undefined;
  }

  #destroy(texture: Texture | undefined): void {
    if (texture) this.#sdl.DestroyTexture(texture.pointer);
  }

  /** One picture is shown at once; those of several people together. */
  #presentSoon(): void {
    if (this.#presentTimer) return;
    const waitMs = this.#tiles.size > 1 ? this.#presentedAtMs + MIN_PRESENT_INTERVAL_MS - performance.now() : 0;
    if (waitMs <= 0) this.#present();
    else this.#presentTimer = setTimeout(() => this.#present(), waitMs);
  }

  #present(): void {
    clearTimeout(this.#presentTimer);
    this.#presentTimer = undefined;
    const sdl = this.#sdl;
    sdl.SetRenderDrawColor(this.#renderer, 16, 18, 22, 255);
    sdl.RenderClear(this.#renderer);
    const grid = tileGrid(this.#tiles.size, this.#size());
    for (const [index, tile] of [...this.#tiles.values()].entries()) {
      const area = grid[index];
      if (area) this.#draw(tile, area);
    }
    sdl.RenderPresent(this.#renderer);
    this.#presentedAtMs = performance.now();
    this.#pollEvents();
  }

  #draw(tile: Tile, area: Rectangle): void {
    if (tile.picture) {
      this.#sdl.SetYUVConversionMode(tile.fullRange ? YUV_JPEG : YUV_AUTOMATIC);
      this.#copy(tile.picture, letterbox(tile.picture, area));
    }
    if (tile.text === "") return;
    const scale = Math.max(2, Math.round(area.heightPx / 180));
    const key = `${scale} ${tile.text}`;
    if (tile.labelKey !== key) {
      this.#destroy(tile.label);
      tile.label = this.#label(tile.text, scale);
      tile.labelKey = key;
    }
    if (tile.label) this.#copy(tile.label, { ...tile.label, x: area.x + 2 * scale, y: area.y + 2 * scale });
  }

  #label(text: string, scale: number): Texture | undefined {
    const { rgba, widthPx, heightPx } = textBitmap(text, { scale });
    const texture = this.#createTexture(PIXELS_RGBA, { widthPx, heightPx });
    if (!texture) return undefined;
    this.#sdl.UpdateTexture(texture.pointer, null, rgba, widthPx * 4);
    this.#sdl.SetTextureBlendMode(texture.pointer, BLEND);
    return texture;
  }

  #copy(texture: Texture, { x, y, widthPx, heightPx }: Rectangle): void {
    this.#sdl.RenderCopy(this.#renderer, texture.pointer, null, Int32Array.of(x, y, widthPx, heightPx));
  }

  #size(): Size {
    const width = new Int32Array(1);
    const height = new Int32Array(1);
    this.#sdl.GetRendererOutputSize(this.#renderer, width, height);
    return { widthPx: Math.max(1, width[0] ?? 1), heightPx: Math.max(1, height[0] ?? 1) };
  }

  #pollEvents(): void {
    const view = new DataView(this.#event.buffer);
    while (!this.#closed && this.#sdl.PollEvent(this.#event) !== 0) {
      const type = view.getUint32(0, true);
      if (type === EVENT_QUIT) this.#options.onClose();
      else if (type === EVENT_WINDOW) this.#presentSoon();
      else if (type === EVENT_KEY_DOWN) this.#options.onKey(view.getInt32(KEY_CODE_OFFSET, true));
    }
  }
}
