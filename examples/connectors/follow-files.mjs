// A connector that loses no call to a rotation with overlap: it reads its credentials from a mounted Secret, looks every
// second whether they changed, logs in anew when they did, and goes on with the old token until it has the new one. Node
// 20 or newer, no packages.
//
//   CONNECTION=/etc/connection GATEWAY=http://connection-gateway.connection-system node follow-files.mjs
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.env.CONNECTION ?? '/etc/connection';
const gateway = process.env.GATEWAY ?? 'http://connection-gateway.connection-system';
const everyMilliseconds = Number(process.env.EVERY ?? 1000);

const names = ['client-id', 'client-secret', 'username', 'password'];
/** All four from one folder: kubelet exchanges the whole of it at once, by a symbolic link. */
const read = () => Object.fromEntries(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
const isSame = (one, other) => names.every((name) => one[name] === other[name]);

async function logIn(values) {
  const answer = await fetch(`${gateway}/api/oauth/v1/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${values['client-id']}:${values['client-secret']}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ grant_type: 'password', username: values.username, password: values.password }),
  });
  if (!answer.ok) throw new Error(`login: ${answer.status}`);
  const { access_token: token, expires_in: seconds } = await answer.json();
  return { token, values, renewAt: Date.now() + seconds * 500 };
}

let login = await logIn(read());

/** In the background; a login that fails is tried again, and the old token is kept until then. */
async function follow() {
  for (;;) {
    await sleep(1000);
    try {
      const values = read();
      if (!isSame(values, login.values) || Date.now() > login.renewAt) login = await logIn(values);
    } catch (error) {
      console.error(error.message);
    }
  }
}
void follow();

const counts = { done: 0, failed: 0 };
async function call() {
  const headers = { authorization: `Bearer ${login.token}` };
  try {
    const answer = await fetch(`${gateway}/api/rest/v1/categories?limit=1`, { headers });
    await answer.arrayBuffer();
    if (answer.ok) counts.done++;
    else throw new Error(String(answer.status));
  } catch (error) {
    counts.failed++;
    console.log(JSON.stringify({ failed: error.message }));
  }
}

setInterval(() => void call(), everyMilliseconds);
setInterval(() => console.log(JSON.stringify(counts)), 1000);
