import type { ConnectionStatus } from '../../../src/api/generated/connection.ts';
import { parts } from '../../../src/api/names.ts';
import type { ConnectionDesk } from './connection-desk.ts';

type Credentials = NonNullable<ConnectionStatus['credentials']>;

/**
 * Makes the values of a Connection so many milliseconds older, from which a schedule counts, and the last reissue too,
 * from which a contested Secret waits: time goes by without waiting for it.
 */
export async function ageCredentials(desk: ConnectionDesk, name: string, milliseconds: number): Promise<void> {
  await desk.writeStatus(name, ({ credentials, ...status }) => {
    if (!credentials) throw new Error('only what was issued can age');
    return { ...status, credentials: age(credentials, milliseconds) };
  });
}

function age(credentials: Credentials, milliseconds: number): Credentials {
  const older = (time: string): string => new Date(Date.parse(time) - milliseconds).toISOString();
  const { reissues } = credentials;
  const aged = parts.map((part) => {
    const verifiers = credentials[part] ?? [];
    return [part, verifiers.map((verifier) => ({ ...verifier, issued: older(verifier.issued) }))];
  });
  return {
    ...credentials,
    ...Object.fromEntries(aged),
    ...(reissues && { reissues: { ...reissues, last: older(reissues.last) } }),
  };
}
