import { type Moved, nothingMoved } from './moved.ts';
import { readWrite } from './read-write.ts';

const key = '"status_code":';
/** A quote inside of a JSON string has a backslash before it, so this matches a key and nothing that a person wrote. */
const anySpelling = /[{,]\s*"status_code"\s*:\s*(\d{3})\b/;

/**
 * What one line of a collection did, from the line that answers it (`{"line":1,"identifier":"…","status_code":204}`).
 * A line that was cut still tells its status, as long as that stands in what is left.
 *
 * @param line a character a byte, as `latin1` reads it: most lines need no decoding.
 */
export function readLine(line: string): Moved {
  const status = readStatus(line);
  if (status === 0) return nothingMoved;
  return readWrite(status, status === 422 ? parse(line) : undefined);
}

/** Lines without spaces, which is how the PIM writes them, are looked at in a tenth of the time. */
function readStatus(line: string): number {
  const at = line.indexOf(key);
  const before = line.charCodeAt(at - 1);
  if (at > 0 && (before === 0x2c || before === 0x7b)) {
    const status = readThreeDigits(line, at + key.length);
    if (status >= 100) return status;
  }
  return Number(anySpelling.exec(line)?.[1] ?? 0);
}

/** 0 where no three digits stand. */
function readThreeDigits(line: string, from: number): number {
  let number = 0;
  for (let at = from; at < from + 3; at++) {
    const digit = line.charCodeAt(at) - 0x30;
    // Also for what lies behind the end, which is NaN.
    if (!(digit >= 0 && digit <= 9)) return 0;
    number = number * 10 + digit;
  }
  return number;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}
