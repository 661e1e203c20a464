/**
 * A gateway's store in a process of its own. Arguments: the address, then what to take, as in `session:3`. Writes a line
 * for each step (`open`, `taken`, `used`, or why it cannot be opened) and stays until it is killed.
 */
import { openStore } from '../../../../src/gateway/store/open-store.ts';

const [address = '', ...steps] = process.argv.slice(2);
try {
  const store = await openStore(address);
  console.log('open');
  for (const step of steps) {
    const [session = '', number = ''] = step.split(':');
    const expires = Date.now() + 3_600_000;
    const isTaken = await store.takeRefresh({ session, number: Number(number), expires }, expires);
    console.log(isTaken ? 'taken' : 'used');
  }
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : 'unknown');
}
