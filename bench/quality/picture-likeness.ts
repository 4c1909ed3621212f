/** One plane of a picture: its brightness. */
export interface Luma {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Windows of 8 × 8 pixels, every 4 pixels, as in ffmpeg's filter. */
const WINDOW = 8;
const STEP = 4;
/** The constants of Wang et al. 2004 for 8 bits. */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** The structural similarity of two pictures of one size: 1 where they are the same. */
export function ssim(one: Luma, other: Luma): number {
  mustFit(one, other);
  let [sum, windows] = [0, 0];
  for (let y = 0; y + WINDOW <= one.heightPx; y += STEP) {
    for (let x = 0; x + WINDOW <= one.widthPx; x += STEP) {
      sum += windowSsim(one, other, y * one.widthPx + x);
      windows++;
    }
  }
  return sum / windows;
}

function windowSsim(one: Luma, other: Luma, corner: number): number {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < WINDOW; row++) {
    const start = corner + row * one.widthPx;
    for (let i = start; i < start + WINDOW; i++) {
      const [p, q] = [one.data[i] ?? 0, other.data[i] ?? 0];
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const n = WINDOW * WINDOW;
  const [meanA, meanB] = [a / n, b / n];
  const [varianceA, varianceB, covariance] = [aa / n - meanA ** 2, bb / n - meanB ** 2, ab / n - meanA * meanB];
  const alike = (2 * meanA * meanB + C1) * (2 * covariance + C2);
  return alike / ((meanA ** 2 + meanB ** 2 + C1) * (varianceA + varianceB + C2));
}

/** The ratio of signal and noise in dB; Infinity where two pictures are the same. */
export function psnrDb(one: Luma, other: Luma): number {
  mustFit(one, other);
  const squares = one.data.reduce((sum, value, i) => sum + (value - (other.data[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / one.data.length));
}

/** The picture at another size, between the four nearest pixels, as a display stretches it. */
export function scaleLuma(picture: Luma, { widthPx, heightPx }: { widthPx: number; heightPx: number }): Luma {
  if (picture.widthPx === widthPx && picture.heightPx === heightPx) return picture;
  const data = new Uint8Array(widthPx * heightPx);
  const columns = Array.from({ length: widthPx }, (_, x) => place(x, { from: picture.widthPx, to: widthPx }));
  for (let y = 0; y < heightPx; y++) {
    const { below, above, part } = place(y, { from: picture.heightPx, to: heightPx });
    for (let x = 0; x < widthPx; x++) {
      const column = columns[x] ?? { below: 0, above: 0, part: 0 };
      const across = (row: number) => {
        const start = row * picture.widthPx;
        const [left, right] = [picture.data[start + column.below] ?? 0, picture.data[start + column.above] ?? 0];
        return left + (right - left) * column.part;
      };
      const top = across(below);
      data[y * widthPx + x] = Math.round(top + (across(above) - top) * part);
    }
  }
  return { data, widthPx, heightPx };
}

/** The two neighbours of a pixel at another size, and how near it is to the second. */
function place(at: number, { from, to }: { from: number; to: number }): { below: number; above: number; part: number } {
  const exact = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
  const below = Math.floor(exact);
  return { below, above: Math.min(from - 1, below + 1), part: exact - below };
}

function mustFit(one: Luma, other: Luma): void {
  if (one.widthPx !== other.widthPx || one.heightPx !== other.heightPx) {
    throw new RangeError("Pictures of different sizes cannot be compared.");
  }
}
