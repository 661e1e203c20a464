import type { ServerResponse } from 'node:http';

/**
 * Answers with at least so many bytes, no faster than they are taken, and ends. `onWrite` hears the length of each piece,
 * before it is written.
 */
export function writeAsTaken(response: ServerResponse, size: number, onWrite: (length: number) => void): void {
  const chunk = Buffer.alloc(65_536);
  let written = 0;
  const write = (): void => {
    while (written < size && !response.destroyed) {
      written += chunk.length;
      onWrite(chunk.length);
      if (!response.write(chunk)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}
