// Runs `npm ci` when node_modules is missing or older than the lock file, so that one command is enough on a fresh
// clone. Plain JavaScript: it is the one file that the machine's own Node (20 or newer) runs before Node 24 is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';
const wanted = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
const have = existsSync(installed) ? JSON.parse(readFileSync(installed, 'utf8')).packages : {};
const due = wanted.some(([path, entry]) => path !== '' && !entry.optional && have[path]?.version !== entry.version);
if (due) {
  process.stdout.write('Installing packages (npm ci)\n');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: 'inherit' });
  if (error) process.stderr.write(`npm could not be started: ${error.message}\n`);
  process.exit(status ?? 1);
}
