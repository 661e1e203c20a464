import { type Moved, nothingMoved } from './moved.ts';
import { readWrite } from './read-write.ts';

/** A quote inside of a JSON string has a backslash before it, so this matches a key and nothing that a person wrote. */
const statusCode = /[{,]\s*"status_code"\s*:\s*(\d{3})\b/;

/**
 * What one line of a collection did, from the line that answers it (`{"line":1,"identifier":"…","status_code":204}`).
 * A line that was cut still tells its status, as long as that stands in what is left.
 */
export function readLine(line: string): Moved {
  const status = Number(statusCode.exec(line)?.[1] ?? 0);
  if (status === 0) return nothingMoved;
  return readWrite(status, status === 422 ? parse(line) : undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
