import { codeFragment, dashboardPaths, type Session } from '../../../api/dashboard-api.ts';
import { ApiFailure, callApi } from '../state/call-api.ts';

let refusal: string | undefined;

/** Signs in with the code in the address, when there is one, and takes it out of the address first. */
export async function enterByCode(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get(codeFragment);
  if (code === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    await callApi<Session>('POST', dashboardPaths.session, { code });
  } catch (error) {
    refusal = error instanceof ApiFailure ? error.message : String(error);
  }
}

/** Why the code of the address was refused; `undefined` when there was none or it was good. */
export function readCodeRefusal(): string | undefined {
  return refusal;
}
