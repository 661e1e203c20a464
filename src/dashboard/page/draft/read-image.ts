/** What `spec.image` may hold as a data URI. */
const largest = 16 * 1024;
const accepted = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'];
/** Sides in pixels that are tried until the picture is small enough; it is shown at 56 at most. */
const sides = [192, 128, 96, 64];

/** A picture that fits, or a sentence that says why there is none. */
export type ImageRead = { readonly image: string; readonly note?: string } | { readonly refusal: string };

/** Makes a data URI of at most 16 KiB of a file; a larger picture is scaled down. Nothing leaves the browser. */
export async function readImage(file: File): Promise<ImageRead> {
  if (!accepted.includes(file.type)) {
    return { refusal: `${file.name} is no PNG, JPEG, GIF, WebP or SVG: choose another file.` };
  }
  const whole = await readDataUri(file);
  if (whole.length <= largest) return { image: whole };
  if (file.type === 'image/svg+xml') {
    return { refusal: `${file.name} is larger than 16 KiB as text: simplify it, or save it as a PNG.` };
  }
  return scale(file);
}

async function scale(file: File): Promise<ImageRead> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return { refusal: `${file.name} cannot be read as a picture: choose another file.` };
  for (const side of sides) {
    const ratio = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * ratio));
    canvas.height = Math.max(1, Math.round(bitmap.height * ratio));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const image = canvas.toDataURL('image/webp', 0.9);
    if (image.length <= largest) return { image, note: `Scaled to ${canvas.width} by ${canvas.height} pixels.` };
  }
  return { refusal: `${file.name} stays larger than 16 KiB: choose a simpler picture.` };
}

function readDataUri(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}
