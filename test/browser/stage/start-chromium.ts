import { type BrowserServer, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** What Chromium does by itself is turned off, above all calls to its maker; the rest is Playwright's own choice. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-sync',
  '--disable-component-update',
  '--disable-domain-reliability',
];

/** One browser for all test files; each page has a profile of its own. */
export async function startChromium(): Promise<BrowserServer> {
  const { file, libraries, fonts } = await findChromium();
  const env = { ...process.env, FONTCONFIG_FILE: fonts };
  const launch = (more: NodeJS.ProcessEnv): Promise<BrowserServer> =>
    chromium.launchServer({ executablePath: file, args, env: definedIn({ ...env, ...more }) });
  // A machine without NSS gets the libraries of the package.
  return launch({}).catch(() => launch({ LD_LIBRARY_PATH: libraries }));
}

function definedIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
