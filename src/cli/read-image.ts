import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageError } from '../process/read-flags.ts';

const types: Readonly<Record<string, string>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.gif': 'gif',
  '.webp': 'webp',
  '.svg': 'svg+xml',
};

/** What the field `image` takes, in bytes. */
const largest = 16_384;

/** An https address as it is, or a file as a data URI. Throws `UsageError` for anything that the field does not take. */
export function readImage(given: string): string {
  if (/^(?:https|data):/.test(given)) return given;
  if (/^[a-z]+:\/\//.test(given)) throw new UsageError('--image takes an https address or a file.');
  const type = types[extname(given).toLowerCase()];
  if (type === undefined) {
    throw new UsageError(`--image takes ${Object.keys(types).join(', ')} files or an https address, not ${given}.`);
  }
  const uri = `data:image/${type};base64,${readBytes(given).toString('base64')}`;
  if (uri.length > largest) {
    throw new UsageError(
      `${given} is too large: 16 KiB fit as base64, which is a file of about 12 KiB. Make it smaller, or give an https address.`,
    );
  }
  return uri;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new UsageError(`--image: the file ${file} does not exist or cannot be read.`);
  }
}
