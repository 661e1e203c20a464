import { expect, test } from 'vitest';
import { secretAnnotations } from '../../../../src/api/names.ts';
import type { SecretDraft } from '../../../../src/api/secret.ts';
import { decide } from '../../../../src/operator/decide/decide.ts';
import { buildConnection } from '../../credentials/build-connection.ts';
import { buildObserved, buildSecret, buildTools, metadataOf, ourTexts } from './build-observed.ts';

const texts = { ...ourTexts, uri: 'http://pim.internal', 'token-uri': 'http://pim.internal/token' };
const given = buildSecret(texts, { metadata: metadataOf({ annotations: { [secretAnnotations.adopt]: 'erp' } }) });

/** The Secret and the status that the first issue writes, and the Secret that the operator after it writes. */
async function issueAndLookAgain(gatewayUrl: string | undefined, later: string | undefined) {
  const first = await decide(buildObserved({ secret: given, gatewayUrl }), buildTools());
  const [replaced, written] = first.writes;
  if (replaced?.kind !== 'replaceSecret' || written?.kind !== 'writeStatus') throw new Error('Secret, then status');
  const { metadata, ...rest } = replaced.secret;
  const secret = { ...given, ...rest, metadata: { ...given.metadata, ...metadata } };
  const connection = buildConnection({ status: written.status });
  const second = await decide(buildObserved({ connection, secret, gatewayUrl: later }), buildTools());
  const repairs = second.writes.flatMap((write) => (write.kind === 'replaceSecret' ? [write.secret] : []));
  return { first: readAddress(replaced.secret), repairs: repairs.map(readAddress) };
}

function readAddress({ data }: SecretDraft): string {
  return Buffer.from(data?.uri ?? '', 'base64').toString();
}

test('the address in a Secret that was given away stays where the operator knows none', async () => {
  expect(await issueAndLookAgain(undefined, undefined)).toEqual({ first: 'http://pim.internal', repairs: [] });
});

test('and makes room for the address of the gateway where it does', async () => {
  const gateway = 'https://api.example.com';
  expect(await issueAndLookAgain(gateway, gateway)).toEqual({ first: gateway, repairs: [] });
  expect(await issueAndLookAgain(undefined, gateway)).toEqual({ first: 'http://pim.internal', repairs: [gateway] });
});
