import { type ClientHttp2Session, connect, type SecureClientSessionOptions } from 'node:http2';
import { onTestFinished } from 'vitest';

/** A connection over HTTP/2, until the test is over. That it breaks is for its streams to tell. */
export function openHttp2Session(origin: string, options: SecureClientSessionOptions = {}): ClientHttp2Session {
  const session = connect(origin, options);
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}
