// Pictures of cards: a drawing made one that a phone can save, and a photograph read for its QR code.
// Everything goes by data: addresses, since the page's policy and WeChat know no others.

import decodeQR from "qr/decode.js";

export const svgAddress = (svg: string): string =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("no picture"));
    image.src = address;
  });
}

function painted(image: HTMLImageElement, width: number, height: number) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return { canvas, context };
}

/** The drawing as a PNG, in a data: address. */
export async function pngOf(svg: string): Promise<string> {
  const image = await loaded(svgAddress(svg));
  return painted(image, image.width, image.height).canvas.toDataURL("image/png");
}

/** Longest sides at which a photograph is looked at, in pixels: what one hides another may show. */
const SIDES: readonly number[] = [1200, 800, 1800, 2600, 500];
/** Milliseconds for each of them. */
const LOOK = 1500;

/** The text of the QR code in a picture; undefined if none is found, throws if it is no picture. */
export async function readPicture(file: Blob): Promise<string | undefined> {
  const image = await loaded(await addressOf(file));
  const longest = Math.max(image.width, image.height);
  const sides = SIDES.filter((side, i) => i === 0 || side <= longest * 1.5);
  for (const side of sides) {
    await new Promise((resolve) => setTimeout(resolve)); // lets the page say that it is looking
    const scale = side / longest;
    const { context, canvas } = painted(image, image.width * scale, image.height * scale);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return decodeQR({ data, width, height }, { effort: 3, timeLimit: LOOK });
    } catch {
      // not at this size
    }
  }
  return undefined;
}

function addressOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error("no file"));
    reader.readAsDataURL(file);
  });
}
