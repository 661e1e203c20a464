/** Runs in a worker thread: compares a text with a bcrypt hash and answers whether they match. */
import { parentPort } from 'node:worker_threads';
import bcrypt from 'bcryptjs';

parentPort?.on('message', ({ text, hash }: { readonly text: string; readonly hash: string }) => {
  parentPort?.postMessage(isMatch(text, hash));
});

/** A hash of another form matches nothing. */
function isMatch(text: string, hash: string): boolean {
  try {
    return bcrypt.compareSync(text, hash);
  } catch {
    return false;
  }
}
